import { DIRECTIVES, isSpace, readSpans, type SpanStyle } from "./styling-read.ts";

/** A part of a text that is styled; `styled` makes words of it. */
export class Styled {
  /** @internal */
  readonly style: SpanStyle | "quotation" | "preformatted";
  /** @internal */
  readonly content: readonly StyledPart[];
  /** @internal What follows the opening marks of preformatted text. */
  readonly info: string;

  /** @internal */
  constructor(style: Styled["style"], content: readonly StyledPart[], info = "") {
    this.style = style;
    this.content = content;
    this.info = info;
  }

  /** As it is on its own. */
  toString(): string {
    return styledLines([this]).join("\n");
  }
}

/** What a styled text is made of: words, which stay the words that they are, whatever is in them, and parts with a style. */
export type StyledPart = string | number | Styled | readonly StyledPart[];

/** Words under the styles of all that is around them, the outermost first. */
interface Run {
  readonly text: string;
  readonly styles: readonly SpanStyle[];
}

/**
 * Invisible, no white space and no line may break at it (U+2060): before a mark it keeps the mark from opening a span, and at the beginning of a
 * line from being a quotation or code.
 */
const JOINER = "\u2060";

/** How often one line is looked over for marks that mean nothing; then all that could mean something are kept from it. */
const MOST_LOOKS = 8;

/** @internal The lines of a text, each no more than the author meant it to be. */
export function styledLines(parts: readonly StyledPart[]): string[] {
  const writer = new Writer();
  writer.add(parts, []);
  return writer.end();
}

class Writer {
  readonly #lines: string[] = [];
  #line: Run[] = [];
  /** The block that was the last to be added, if nothing has been since. */
  #after: Styled["style"] | undefined;

  add(part: StyledPart, styles: readonly SpanStyle[]): void {
    if (typeof part === "string" || typeof part === "number") this.#words(String(part), styles);
    else if (!(part instanceof Styled)) for (const each of part) this.add(each, styles);
    else if (part.style === "quotation" || part.style === "preformatted") this.#block(part);
    else if (styles.includes(part.style)) this.add(part.content, styles);
    else this.add(part.content, [...styles, part.style]);
  }

  end(): string[] {
    // A block ends its line itself.
    if (this.#after === undefined) this.#break();
    return this.#lines;
  }

  #words(text: string, styles: readonly SpanStyle[]): void {
    const [first = "", ...others] = text.split(/\r\n?|\n/);
    this.#run(first, styles);
    for (const line of others) {
      if (this.#after === undefined) this.#break();
      this.#after = undefined;
      this.#run(line, styles);
    }
  }

  #run(text: string, styles: readonly SpanStyle[]): void {
    if (text === "") return;
    this.#after = undefined;
    this.#line.push({ text, styles });
  }

  #break(): void {
    this.#lines.push(writeLine(this.#line));
    this.#line = [];
  }

  #block({ style, content, info }: Styled): void {
    if (this.#line.length > 0) this.#break();
    // Two quotations that follow each other are one.
    else if (style === "quotation" && this.#after === style) this.#lines.push("");
    if (style === "quotation") this.#lines.push(...styledLines(content).map(quoted));
    else {
      const lines = content.join("").split(/\r\n?|\n/);
      this.#lines.push(
        `\`\`\`${info}`,
        ...lines.map((line) => (line === FENCE ? JOINER + line : line)),
        FENCE,
      );
    }
    this.#after = style;
  }
}

/** What begins with the mark is a quotation itself: text that does would have a joiner before it. */
function quoted(line: string): string {
  return line === "" || line.startsWith(">") ? `>${line}` : `> ${line}`;
}

const FENCE = "```";

function writeLine(runs: readonly Run[]): string {
  const opens = new Set<number>();
  const line = only(spans(runs, 0, "", opens), opens);
  return line.startsWith(">") || line.startsWith(FENCE) ? JOINER + line : line;
}

/**
 * Puts marks around what can have them.
 *
 * @param before what is in front of it on its line.
 * @param opens takes where the marks are that open a span.
 */
function spans(runs: readonly Run[], depth: number, before: string, opens: Set<number>): string {
  let line = before;
  for (let at = 0; at < runs.length; ) {
    const style = runs[at]?.styles[depth];
    let end = at + 1;
    while (end < runs.length && runs[end]?.styles[depth] === style) end += 1;
    const group = runs.slice(at, end);
    line = style === undefined ? line + textOf(group) : span(group, style, depth, line, opens);
    at = end;
  }
  return line;
}

function span(
  group: readonly Run[],
  style: SpanStyle,
  depth: number,
  before: string,
  opens: Set<number>,
): string {
  const { lead, inner, trail } = trimmed(group);
  const start = before + lead;
  const mark = DIRECTIVES[style];
  const last = start.at(-1);
  // Right behind a mark that opens another span is a beginning, too.
  const begins = last === undefined || isSpace(last) || opens.has(start.length - 1);
  if (begins && inner.length > 0) {
    const within = new Set([...opens, start.length]);
    const line = spans(inner, depth + 1, start + mark, within);
    if (!line.slice(start.length + 1).includes(mark)) {
      for (const open of within) opens.add(open);
      return line + mark + trail;
    }
  }
  return spans(inner, depth + 1, start, opens) + trail;
}

/** A group without the white space at its ends, which no mark may touch. */
function trimmed(group: readonly Run[]): { lead: string; inner: readonly Run[]; trail: string } {
  const text = textOf(group);
  const lead = /^[\p{White_Space}\p{Z}]*/u.exec(text)?.[0] ?? "";
  const trail = text.length === lead.length ? "" : trailOf(text);
  const inner: Run[] = [];
  let at = 0;
  for (const run of group) {
    const from = Math.max(0, lead.length - at);
    const to = Math.min(run.text.length, text.length - trail.length - at);
    if (from < to) inner.push({ ...run, text: run.text.slice(from, to) });
    at += run.text.length;
  }
  return { lead, inner, trail };
}

function trailOf(text: string): string {
  let at = text.length;
  while (at > 0 && isSpace(text[at - 1])) at -= 1;
  return text.slice(at);
}

/** The line, in which no span opens but where one should. */
function only(line: string, opens: ReadonlySet<number>): string {
  let meant = opens;
  let looked = line;
  for (let looks = 1; ; looks += 1) {
    const wrong: number[] = [];
    readSpans(looked, (at) => {
      if (!meant.has(at)) wrong.push(at);
    });
    if (wrong.length === 0) return looked;
    const places = looks < MOST_LOOKS ? wrong : marksIn(looked).filter((at) => !meant.has(at));
    const next = new Set<number>();
    let result = "";
    let from = 0;
    const sorted = places.sort((one, other) => one - other);
    for (const at of sorted) {
      result += looked.slice(from, at) + JOINER;
      from = at;
    }
    let passed = 0;
    for (const at of [...meant].sort((one, other) => one - other)) {
      while (passed < sorted.length && (sorted[passed] as number) <= at) passed += 1;
      next.add(at + passed);
    }
    looked = result + looked.slice(from);
    meant = next;
  }
}

function marksIn(line: string): number[] {
  return [...line.matchAll(/(?<![^\p{White_Space}\p{Z}*_~`])[*_~`]/gu)].map(({ index }) => index);
}

function textOf(runs: readonly Run[]): string {
  return runs.map(({ text }) => text).join("");
}
