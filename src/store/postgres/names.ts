import { createHash } from "node:crypto";

/** What an index of PostgreSQL takes is bounded: two names have to fit into 2,704 bytes. */
const LONGEST = 900;

/**
 * @internal What stands for a text in an index: the text, or where it is too long its beginning and its hash. None of these is as short as a
 * text may be, so that no text can be chosen to look like another's.
 */
export function shortName(text: string): string {
  if (text.length * 3 <= LONGEST || Buffer.byteLength(text) <= LONGEST) return text;
  return beginning(text) + createHash("sha256").update(text).digest("hex");
}

/** @internal The whole text, where something else stands for it. */
export function longName(text: string): string | null {
  return shortName(text) === text ? null : text;
}

/** @internal What the names of all texts have in common that begin with this one. */
export function beginning(text: string): string {
  let bytes = 0;
  let length = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > LONGEST) return text.slice(0, length);
    length += character.length;
  }
  return text;
}

/** @internal The first text behind all those that begin with this one; `undefined` where there is none. */
export function behind(prefix: string): string | undefined {
  const points = [...prefix];
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    const point = last.codePointAt(0) as number;
    if (point === 0x10ffff) continue;
    return points.join("") + String.fromCodePoint(point === 0xd7ff ? 0xe000 : point + 1);
  }
  return undefined;
}

/** @internal The last text that PostgreSQL can have and that is not behind this one. */
export function storable(text: string): string {
  const [before = ""] = text.split("\0", 1);
  return before.toWellFormed();
}
