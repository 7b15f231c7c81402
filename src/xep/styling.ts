import { type Element, el } from "../stanza/index.ts";
import { NS_STYLING } from "./styling-read.ts";
import { Styled, type StyledPart, styledLines } from "./styling-write.ts";

/** Words that matter (XEP-0393 §6.2.3). */
export function strong(...content: StyledPart[]): Styled {
  return new Styled("strong", content);
}

/** Words that are stressed (XEP-0393 §6.2.2). */
export function emphasis(...content: StyledPart[]): Styled {
  return new Styled("emphasis", content);
}

/** Words that do not hold any more (XEP-0393 §6.2.4). */
export function strike(...content: StyledPart[]): Styled {
  return new Styled("strike", content);
}

/** A few words of code (XEP-0393 §6.2.5). */
export function monospace(text: string): Styled {
  return new Styled("monospace", [text]);
}

/** Text as it is, on lines of its own, such as code (XEP-0393 §6.1.2). */
export function preformatted(text: string, info = ""): Styled {
  return new Styled("preformatted", [text], info.replace(/[\s`]+/g, " ").trim());
}

/** What somebody else has said, on lines of its own (XEP-0393 §6.1.3). */
export function quotation(...content: StyledPart[]): Styled {
  return new Styled("quotation", content);
}

/**
 * Makes a text with styles, to be said like any other. Whatever is put in stays the words that it was: nobody who calls himself `*Admin*` or
 * begins with `>` changes how the rest looks. What cannot be styled, such as a part of a word, is said without a style.
 *
 * @example
 * ```ts
 * import { strong, styled } from "restanza";
 *
 * const name = "*Mallory*";
 * styled`${strong("Order 7")} for ${name} is ready.`;
 * ```
 */
export function styled(words: TemplateStringsArray, ...parts: StyledPart[]): string {
  return styledLines(words.flatMap((text, index) => [text, parts[index] ?? ""])).join("\n");
}

/** Asks that the body be shown as it is (XEP-0393 §7): for texts that are not made by {@link styled}. */
export function buildUnstyled(): Element {
  return el("unstyled", { xmlns: NS_STYLING });
}
