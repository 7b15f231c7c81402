import { type Element, el, type Message } from "../stanza/index.ts";

/** XEP-0428: Fallback Indication; also its feature. */
export const NS_FALLBACK = "urn:xmpp:fallback:0";

/** A part of a body, in Unicode code points (XEP-0426). */
export interface FallbackRange {
  readonly start: number;
  /** The first code point that is not part of it. */
  readonly end: number;
}

/** Which part of a text is a fallback: all of it, or the ranges in their order. */
export type FallbackPart = "all" | readonly FallbackRange[];

/** What of a message is there only for clients that do not know an extension. */
export interface Fallback {
  /** The namespace of the extension. */
  readonly ns: string;
  readonly body?: FallbackPart | undefined;
  readonly subject?: FallbackPart | undefined;
}

/** What of a message is there only for clients that do not know some extension, for each extension. Ranges that make no sense are left out. */
export function readFallbacks(message: Message): Fallback[] {
  return message.element.childrenNamed("fallback", NS_FALLBACK).flatMap((fallback): Fallback[] => {
    const ns = fallback.attr("for");
    if (ns === undefined) return [];
    const [body, subject] = [partOf(fallback, "body"), partOf(fallback, "subject")];
    // It is for everything where it names nothing (§2.2).
    return (body ?? subject) ? [{ ns, body, subject }] : [{ ns, body: "all", subject: "all" }];
  });
}

/**
 * Which part of the body is there only for clients that do not know an extension.
 *
 * @param ns the namespace of the extension.
 * @param text of which text; default: the body.
 * @returns `"all"`, the ranges in their order, or `undefined` where there are none. Ranges that make no sense are left out.
 */
export function readFallback(
  message: Message,
  ns: string,
  text: "body" | "subject" = "body",
): FallbackPart | undefined {
  return readFallbacks(message).find((fallback) => fallback.ns === ns)?.[text];
}

/** The body without the parts that are there only for clients that do not know one of these extensions. */
export function withoutFallback(message: Message, ...namespaces: string[]): string | undefined {
  const { body } = message;
  if (body === undefined) return undefined;
  const ranges: FallbackRange[] = [];
  for (const ns of namespaces) {
    const part = readFallback(message, ns);
    if (part === "all") return undefined;
    ranges.push(...(part ?? []));
  }
  if (ranges.length === 0) return body;
  const points = Array.from(body);
  let kept = "";
  let from = 0;
  for (const { start, end } of ranges.sort(inOrder)) {
    if (start > from) kept += points.slice(from, start).join("");
    from = Math.max(from, end);
  }
  return kept + points.slice(from).join("");
}

/** Says which parts of the body are there only for clients that do not know an extension; without a range, everything. */
export function buildFallback(ns: string, ...ranges: FallbackRange[]): Element {
  return buildFallbacks({
    ns,
    ...(ranges.length === 0 ? { body: "all", subject: "all" } : { body: ranges }),
  });
}

/** The same, with parts of the subject. */
export function buildFallbacks({ ns, body, subject }: Fallback): Element {
  const everything = body === "all" && subject === "all";
  return el(
    "fallback",
    { xmlns: NS_FALLBACK, for: ns },
    !everything && [parts("body", body), parts("subject", subject)],
  );
}

function parts(name: string, part: FallbackPart | undefined): Element[] {
  if (part === "all") return [el(name)];
  return (part ?? []).map(({ start, end }) => el(name, { start, end }));
}

function partOf(fallback: Element, name: string): FallbackPart | undefined {
  const elements = fallback.childrenNamed(name);
  if (elements.length === 0) return undefined;
  const ranges: FallbackRange[] = [];
  for (const element of elements) {
    const start = element.attr("start");
    const end = element.attr("end");
    if (start === undefined && end === undefined) return "all";
    const range = { start: offset(start), end: offset(end) };
    if (range.start < range.end) ranges.push(range);
  }
  return ranges.sort(inOrder);
}

function inOrder(one: FallbackRange, other: FallbackRange): number {
  return one.start - other.start;
}

/** What is no offset makes the range none at all. */
function offset(text: string | undefined): number {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
}
