import type { Message } from "../stanza/index.ts";

/** XEP-0393: Message Styling; also its feature. */
export const NS_STYLING = "urn:xmpp:styling:0";

/** How a span of text is styled (XEP-0393 §6.2). */
export type SpanStyle = "strong" | "emphasis" | "strike" | "monospace";

/** A run of text, or a span around such. */
export type StyledSpan = string | { readonly style: SpanStyle; readonly content: readonly StyledSpan[] };

/** A part of a body (XEP-0393 §6.1). */
export type StyledBlock =
  /** One line. */
  | { readonly kind: "plain"; readonly content: readonly StyledSpan[] }
  /** Text as it is, such as code; `info` is what follows the opening marks. */
  | { readonly kind: "preformatted"; readonly info: string; readonly text: string }
  | { readonly kind: "quotation"; readonly content: readonly StyledBlock[] };

/** @internal The marks of the spans. */
export const DIRECTIVES: Readonly<Record<SpanStyle, string>> = {
  strong: "*",
  emphasis: "_",
  strike: "~",
  monospace: "`",
};

/** How deep quotations may be within each other; what is deeper is plain. */
const DEEPEST = 16;

/** Whether the sender wants the body to be shown as it is (XEP-0393 §7). */
export function isUnstyled(message: Message): boolean {
  return message.child("unstyled", NS_STYLING) !== undefined;
}

/** How a body is styled; the marks themselves are left out. It takes time in proportion to the length, whatever is in it. */
export function readStyling(body: string): StyledBlock[] {
  return blocksOf(body.split("\n"), 0);
}

/** The body of a message without its marks; the marks are part of the text where the sender wants no styling. */
export function withoutStyling(message: Message): string | undefined {
  const { body } = message;
  if (body === undefined || isUnstyled(message)) return body;
  return plainBlocks(readStyling(body));
}

function blocksOf(lines: readonly string[], depth: number): StyledBlock[] {
  const blocks: StyledBlock[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] as string;
    if (line.startsWith("```")) {
      const close = lines.indexOf("```", at + 1);
      const end = close === -1 ? lines.length : close;
      blocks.push({
        kind: "preformatted",
        info: line.slice(3),
        text: lines.slice(at + 1, end).join("\n"),
      });
      at = end;
    } else if (line.startsWith(">") && depth < DEEPEST) {
      const quoted: string[] = [];
      for (; at < lines.length && lines[at]?.startsWith(">"); at += 1)
        quoted.push((lines[at] as string).replace(/^>\s?/, ""));
      at -= 1;
      blocks.push({ kind: "quotation", content: blocksOf(quoted, depth + 1) });
    } else blocks.push({ kind: "plain", content: readSpans(line) });
  }
  return blocks;
}

/**
 * @internal The spans of one line.
 *
 * @param onOpen told where each span begins.
 */
export function readSpans(line: string, onOpen?: (at: number) => void): StyledSpan[] {
  return spansIn(line, 0, line.length, closings(line), onOpen);
}

/** For each place in a line, where the next mark of each kind is that could close a span. */
type Closings = Readonly<Record<string, Int32Array>>;

function closings(line: string): Closings {
  const next: Record<string, Int32Array> = {};
  for (const mark of Object.values(DIRECTIVES)) {
    if (!line.includes(mark)) continue;
    const places = new Int32Array(line.length + 1).fill(-1);
    for (let at = line.length - 1; at >= 0; at -= 1) {
      const closes = line[at] === mark && at > 0 && !isSpace(line[at - 1]);
      places[at] = closes ? at : (places[at + 1] as number);
    }
    next[mark] = places;
  }
  return next;
}

/** Nothing can be in a span of its own kind, so this goes no deeper than there are kinds. */
function spansIn(
  line: string,
  from: number,
  to: number,
  next: Closings,
  onOpen: ((at: number) => void) | undefined,
): StyledSpan[] {
  const spans: StyledSpan[] = [];
  let plain = from;
  for (let at = from; at < to; at += 1) {
    const style = STYLES.get(line[at] as string);
    // What begins a span's content comes right after an opening mark, of another kind since it would be an empty span else.
    if (style === undefined || (at > from && !isSpace(line[at - 1]))) continue;
    if (at + 1 >= to || isSpace(line[at + 1])) continue;
    const close = next[line[at] as string]?.[at + 1] ?? -1;
    if (close === -1 || close >= to || close === at + 1) continue;
    if (at > plain) spans.push(line.slice(plain, at));
    onOpen?.(at);
    const content =
      style === "monospace" ? [line.slice(at + 1, close)] : spansIn(line, at + 1, close, next, onOpen);
    spans.push({ style, content });
    at = close;
    plain = close + 1;
  }
  if (to > plain) spans.push(line.slice(plain, to));
  return spans;
}

const STYLES: ReadonlyMap<string, SpanStyle> = new Map(
  Object.entries(DIRECTIVES).map(([style, mark]) => [mark, style as SpanStyle]),
);

/** @internal XEP-0393 §4: white space, by property or by category Z. */
export function isSpace(character: string | undefined): boolean {
  return character !== undefined && /[\p{White_Space}\p{Z}]/u.test(character);
}

function plainBlocks(blocks: readonly StyledBlock[]): string {
  return blocks
    .map((block) => {
      if (block.kind === "plain") return plainSpans(block.content);
      return block.kind === "preformatted" ? block.text : plainBlocks(block.content);
    })
    .join("\n");
}

function plainSpans(spans: readonly StyledSpan[]): string {
  return spans.map((span) => (typeof span === "string" ? span : plainSpans(span.content))).join("");
}
