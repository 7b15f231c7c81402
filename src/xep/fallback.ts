import { type Element, el, type Message } from "../stanza/index.ts";

/** XEP-0428: Fallback Indication; also its feature. */
export const NS_FALLBACK = "urn:xmpp:fallback:0";

/** A part of a body, in Unicode code points (XEP-0426). */
export interface FallbackRange {
  readonly start: number;
  /** The first code point that is not part of it. */
  readonly end: number;
}

/**
 * Which part of the body is there only for clients that do not know an extension.
 *
 * @param ns the namespace of the extension.
 * @returns `"all"`, the ranges in their order, or `undefined` where there are none. Ranges that make no sense are left out.
 */
export function readFallback(message: Message, ns: string): "all" | readonly FallbackRange[] | undefined {
  const found = message.element
    .childrenNamed("fallback", NS_FALLBACK)
    .find((each) => each.attr("for") === ns);
  if (found === undefined) return undefined;
  const bodies = found.childrenNamed("body");
  if (bodies.length === 0) return found.child("subject") === undefined ? "all" : undefined;
  const ranges: FallbackRange[] = [];
  for (const body of bodies) {
    const start = body.attr("start");
    const end = body.attr("end");
    if (start === undefined && end === undefined) return "all";
    const range = { start: offset(start), end: offset(end) };
    if (range.start < range.end) ranges.push(range);
  }
  return ranges.sort((one, other) => one.start - other.start);
}

/** The body without the parts that are there only for clients that do not know an extension. */
export function withoutFallback(message: Message, ns: string): string | undefined {
  const { body } = message;
  const ranges = readFallback(message, ns);
  if (body === undefined || ranges === undefined) return body;
  if (ranges === "all") return undefined;
  const points = Array.from(body);
  let kept = "";
  let from = 0;
  for (const { start, end } of ranges) {
    if (start > from) kept += points.slice(from, start).join("");
    from = Math.max(from, end);
  }
  return kept + points.slice(from).join("");
}

/** Says which part of the body is there only for clients that do not know an extension; without a range, all of it. */
export function buildFallback(ns: string, range?: FallbackRange): Element {
  return el(
    "fallback",
    { xmlns: NS_FALLBACK, for: ns },
    range && el("body", { start: range.start, end: range.end }),
  );
}

/** What is no offset makes the range none at all. */
function offset(text: string | undefined): number {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
}
