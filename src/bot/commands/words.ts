/** One word of a command line: what stands between white space, or between quotes. */
export interface Word {
  /** What it says, without the quotes. */
  readonly text: string;
  /** Where it begins in the line. */
  readonly start: number;
  /** Where it ends: the first character behind it. */
  readonly end: number;
  /** Whether it stands in quotes, and so means nothing but itself. */
  readonly quoted: boolean;
  /** For `--name` and `--name=value`. */
  readonly flag?: { readonly name: string; readonly value: string | undefined } | undefined;
}

/** What may close a quotation, by what opened it. Phones set typographic quotes by themselves, each language its own. */
const QUOTES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ["„", "“”"],
  ["“", "”“"],
  ["”", "”"],
  ["«", "»"],
  ["»", "«"],
  ["‘", "’"],
  ["‚", "‘’"],
  ["‹", "›"],
  ["›", "‹"],
]);

/** `--name`, with what follows an `=`; phones make one dash of two. */
const FLAG = /^(?:--|—)([\p{L}_][\p{L}\p{N}_-]*)(?:=(.*))?$/su;
const FLAG_BEFORE_QUOTE = /^(?:--|—)[\p{L}_][\p{L}\p{N}_-]*=$/u;

/**
 * Splits a line into words. Quotes hold a word with white space together, where they close again before white space or the
 * end; so an apostrophe is just that. Within them a backslash makes a quote or a backslash literal. It never fails.
 *
 * @param most how many words at most; the rest of the line is left out.
 */
export function splitWords(line: string, most = Number.POSITIVE_INFINITY): Word[] {
  const words: Word[] = [];
  // Which quotes do not close any more, so that looking for it is not done again for each of them.
  const open = new Set<string>();
  let at = 0;
  while (words.length < most) {
    while (at < line.length && isSpace(line, at)) at += 1;
    if (at >= line.length) break;
    const word = quotation(line, at, open) ?? bare(line, at, open);
    words.push(word);
    at = word.end;
  }
  return words;
}

/** Writes a word so that {@link splitWords} reads it as one again, in quotes where it needs them. */
export function quoteWord(text: string): string {
  if (/^[^\s\\"]+$/.test(text) && !QUOTES.has(text.charAt(0)) && !/^(?:--|—)/.test(text)) return text;
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}

function bare(line: string, start: number, open: Set<string>): Word {
  let end = start;
  const mayBeFlag = line.startsWith("--", start) || line.startsWith("—", start);
  while (end < line.length && !isSpace(line, end)) {
    end += 1;
    if (!mayBeFlag || line[end - 1] !== "=" || !FLAG_BEFORE_QUOTE.test(line.slice(start, end))) continue;
    const value = quotation(line, end, open);
    if (value === undefined) continue;
    const name = line.slice(start, end - 1).replace(/^(?:--|—)/, "");
    const text = line.slice(start, value.end);
    return { text, start, end: value.end, quoted: false, flag: { name, value: value.text } };
  }
  const text = line.slice(start, end);
  const found = mayBeFlag ? FLAG.exec(text) : null;
  if (found === null) return { text, start, end, quoted: false };
  return { text, start, end, quoted: false, flag: { name: found[1] as string, value: found[2] } };
}

function quotation(line: string, start: number, open: Set<string>): Word | undefined {
  const opening = line.charAt(start);
  const closing = QUOTES.get(opening);
  if (closing === undefined || open.has(opening)) return undefined;
  let text = "";
  for (let at = start + 1; at < line.length; at += 1) {
    const character = line.charAt(at);
    const next = line.charAt(at + 1);
    if (character === "\\" && next !== "" && (next === "\\" || closing.includes(next))) {
      text += next;
      at += 1;
    } else if (closing.includes(character) && (next === "" || isSpace(line, at + 1))) {
      return { text, start, end: at + 1, quoted: true };
    } else {
      text += character;
    }
  }
  open.add(opening);
  return undefined;
}

function isSpace(line: string, at: number): boolean {
  return /\s/.test(line.charAt(at));
}
