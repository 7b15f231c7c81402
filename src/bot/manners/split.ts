/** How to split a text that is too long for one message. */
export interface SplitOptions {
  /** How long a part may be, in bytes of UTF-8; default 8,192, at least 64. */
  readonly maxBytes?: number;
}

/**
 * How long a message may be, in bytes of UTF-8, before it is split. mod_rest takes 192 KiB and servers take 64 KiB at the least,
 * of a text that can grow fivefold in XML; clients show less than this at once anyway.
 */
export const LONGEST_MESSAGE = 8_192;

const SHORTEST_BOUND = 64;
const FENCE = "```";
/** The longest first line of a code block that is said again where it goes on. */
const LONGEST_OPENING = 24;
/** How far beyond a cut to look for what belongs to the character before it. */
const LOOKAHEAD = 64;

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const ENCODER = new TextEncoder();

/** Where a text is best cut, the best first: a match ends where the next part begins. */
const PLACES: readonly RegExp[] = [/\n[^\S\n]*\n\s*/g, /\n/g, /[.!?…]["'”’»)]*\s+|[。！？]/g, /\s+/g];

/**
 * Splits a text into parts that fit into a message each: between paragraphs, else lines, else sentences, else words, and not
 * inside what is seen as one character. White space at a cut is dropped. A code block (XEP-0393 §6.1.2) that is cut is closed at
 * the end of one part and opened again in the next.
 *
 * @returns the parts, each made when it is asked for; a text that is short enough is its only part.
 * @throws RangeError when `maxBytes` is too small to hold anything.
 * @example
 * ```ts
 * import { splitText } from "restanza";
 *
 * const pages = [...splitText("A long story. ".repeat(1_000), { maxBytes: 2_000 })];
 * ```
 */
export function splitText(text: string, { maxBytes = LONGEST_MESSAGE }: SplitOptions = {}): Iterable<string> {
  if (!(Number.isSafeInteger(maxBytes) && maxBytes >= SHORTEST_BOUND)) {
    throw new RangeError(
      `maxBytes is ${maxBytes}; give a whole number from ${SHORTEST_BOUND} up, as less has no room for a word and a fence`,
    );
  }
  return parts(text, maxBytes);
}

function* parts(text: string, maxBytes: number): Generator<string> {
  let rest = text;
  /** The line that opens the code block in which the rest begins. */
  let opening = "";
  while (!fits(opening, rest, maxBytes)) {
    const end = cutOf(rest, maxBytes - Buffer.byteLength(opening) - FENCE.length - 1);
    const said = opening + rest.slice(0, end);
    const isEmpty = rest.slice(0, end).trim() === "";
    opening = openingAfter(said);
    const inCode = opening !== "";
    rest = inCode ? rest.slice(end).replace(/^\n/, "") : rest.slice(end).trimStart();
    if (!isEmpty) yield inCode ? `${said.trimEnd()}\n${FENCE}` : said.trimEnd();
    if (inCode && CLOSED_AT_ONCE.test(rest)) {
      rest = rest.replace(CLOSED_AT_ONCE, "").trimStart();
      opening = "";
    }
  }
  if (rest.trim() !== "") yield opening + rest;
}

const CLOSED_AT_ONCE = /^`{3}[^\S\n]*(?:\n|$)/;

function fits(opening: string, rest: string, maxBytes: number): boolean {
  return rest.length <= maxBytes && Buffer.byteLength(opening) + Buffer.byteLength(rest) <= maxBytes;
}

/** Where to end a part that may have so many bytes, in UTF-16 units from the start. */
function cutOf(text: string, bytes: number): number {
  const { read } = ENCODER.encodeInto(text.slice(0, bytes), new Uint8Array(bytes));
  const window = text.slice(0, read);
  const characters = GRAPHEMES.segment(text.slice(0, read + LOOKAHEAD));
  const isBoundary = (at: number): boolean => {
    const containing = characters.containing(at);
    return containing === undefined || containing.index === at;
  };
  for (const [rank, place] of PLACES.entries()) {
    // A part that ends with its paragraph is worth some room, but not a message for each line.
    const least = rank < PLACES.length - 1 ? read / 2 : 1;
    const ends = [...window.matchAll(place)].map((match) => match.index + match[0].length);
    const best = ends.findLast((end) => end >= least && isBoundary(end));
    if (best !== undefined) return best;
  }
  // What is seen as one character can be made longer than any message; then there is no better place.
  return (isBoundary(read) ? read : characters.containing(read)?.index) || read;
}

/** The line that opens a code block again which a text leaves open; `""` where it leaves none open. */
function openingAfter(text: string): string {
  let opening = "";
  for (const line of text.split("\n")) {
    if (opening === "" && line.startsWith(FENCE))
      opening = Buffer.byteLength(line) <= LONGEST_OPENING ? line.trimEnd() : FENCE;
    else if (opening !== "" && line.trimEnd() === FENCE) opening = "";
  }
  return opening === "" ? "" : `${opening}\n`;
}
