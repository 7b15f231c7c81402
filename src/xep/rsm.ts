import { type Element, el } from "../stanza/index.ts";
import { readNumber } from "./values.ts";

/** XEP-0059: Result Set Management; also its feature. */
export const NS_RSM = "http://jabber.org/protocol/rsm";

/** Which part of a long list is wanted. */
export interface PageRequest {
  /** How many at most; 0 asks only how many there are. */
  readonly max?: number | undefined;
  /** Those after this one. */
  readonly after?: string | undefined;
  /** Those before this one, the last of them; `""` is the last page of all. */
  readonly before?: string | undefined;
  /** From this one on, counted from 0; few services know it. */
  readonly index?: number | undefined;
}

/** Which part of a long list an answer has. */
export interface PageInfo {
  /** The ids of its first and last item, to go on from. */
  readonly first: string | undefined;
  readonly last: string | undefined;
  /** The place of the first in the whole, counted from 0, where the service tells. */
  readonly index: number | undefined;
  /** How many there are in all, where the service tells. */
  readonly count: number | undefined;
}

/** Asks for a page (XEP-0059 §2); `undefined` where nothing is asked, so that the service decides. */
export function buildPageRequest({ max, after, before, index }: PageRequest): Element | undefined {
  if ([max, after, before, index].every((part) => part === undefined)) return undefined;
  return el(
    "set",
    { xmlns: NS_RSM },
    max !== undefined && el("max", {}, String(max)),
    after !== undefined && el("after", {}, after),
    before !== undefined && el("before", {}, before),
    index !== undefined && el("index", {}, String(index)),
  );
}

/** Reads which page is asked for inside a query; `undefined` where it asks for none. */
export function readPageRequest(query: Element): PageRequest | undefined {
  const set = query.child("set", NS_RSM);
  return (
    set && {
      max: readNumber(set.childText("max")),
      after: set.childText("after"),
      before: set.childText("before"),
      index: readNumber(set.childText("index")),
    }
  );
}

/** Reads which page an answer has; `undefined` where it does not say. */
export function readPageInfo(answer: Element): PageInfo | undefined {
  const set = answer.child("set", NS_RSM);
  const first = set?.child("first");
  return (
    set && {
      first: first?.text,
      last: set.childText("last"),
      index: readNumber(first?.attr("index")),
      count: readNumber(set.childText("count")),
    }
  );
}

/** Tells which page an answer has. */
export function buildPageInfo({ first, last, index, count }: PageInfo): Element {
  return el(
    "set",
    { xmlns: NS_RSM },
    first !== undefined && el("first", { index }, first),
    last !== undefined && el("last", {}, last),
    count !== undefined && el("count", {}, String(count)),
  );
}
