import { Element, el, type Message } from "../stanza/index.ts";
import { isSafeElement, safeAttributes, VOID_OF_MEANING } from "./xhtml-allowed.ts";

/** XEP-0071: XHTML-IM; also its feature. */
export const NS_XHTML_IM = "http://jabber.org/protocol/xhtml-im";

/** The namespace of XHTML itself. */
export const NS_XHTML = "http://www.w3.org/1999/xhtml";

/** A formatted body. */
export interface Xhtml {
  readonly lang?: string | undefined;
  /** Elements and text of XHTML; whatever XEP-0071 §7 does not allow is left out, its text stays. */
  readonly content: readonly (Element | string)[];
}

/** How deep elements may be within each other; what is deeper is left out. */
const DEEPEST = 32;

/**
 * The formatted bodies of a message, in nothing but elements, attributes, styles and links that do no harm. Only the plain body
 * counts as what was said: nothing makes the two say the same.
 */
export function readXhtml(message: Message): Xhtml[] {
  const bodies = message.child("html", NS_XHTML_IM)?.childrenNamed("body", NS_XHTML) ?? [];
  return bodies.map((body) => ({ lang: body.attr("xml:lang"), content: safe(body, DEEPEST) }));
}

/**
 * Makes the formatted bodies of a message, which must have plain ones that say the same. What XEP-0071 §7 does not allow is left out, so that
 * what a stranger has given is safe in it, too.
 *
 * @example
 * ```ts
 * import { el } from "restanza";
 * import { buildXhtml } from "restanza/xep";
 *
 * buildXhtml({ content: [el("p", {}, "Read ", el("a", { href: "https://example.com/" }, "this"), ".")] });
 * ```
 */
export function buildXhtml(...bodies: Xhtml[]): Element {
  return el(
    "html",
    { xmlns: NS_XHTML_IM },
    bodies.map(({ lang, content }) => {
      const body = el("body", { xmlns: NS_XHTML, "xml:lang": lang }, content);
      return body.withChildren(safe(body, DEEPEST));
    }),
  );
}

/** The words of a formatted body: with lines, items of lists, quotations and the addresses of links. */
export function readXhtmlText({ content }: Xhtml): string {
  return linesOf(content).join("\n");
}

function safe(parent: Element, depth: number): (Element | string)[] {
  if (depth === 0) return [];
  return parent.children.flatMap((child): (Element | string)[] => {
    if (typeof child === "string") return [child];
    if (child.ns !== NS_XHTML || VOID_OF_MEANING.has(child.name)) return [];
    const children = safe(child, depth - 1);
    if (!isSafeElement(child.name)) return children;
    return [new Element(child.name, NS_XHTML, safeAttributes(child), children)];
  });
}

/** The lines of some content, none of them empty at the beginning or the end. */
function linesOf(content: readonly (Element | string)[]): string[] {
  const lines = new Lines();
  write(content, lines);
  return lines.end();
}

function write(content: readonly (Element | string)[], lines: Lines): void {
  for (const child of content) {
    if (typeof child === "string") lines.words(child.replace(/[ \t\r\n]+/g, " "));
    else if (child.name === "br") lines.next();
    else if (child.name === "img") lines.words(child.attr("alt") ?? child.attr("src") ?? "");
    else if (child.name === "a") link(child, lines);
    else if (child.name === "pre") lines.block(child.text.split("\n"));
    else if (child.name === "ul" || child.name === "ol") lines.block(listOf(child));
    else if (child.name === "blockquote") lines.block(linesOf(child.children).map((line) => `> ${line}`));
    else if (BLOCKS.has(child.name)) lines.block(linesOf(child.children));
    else write(child.children, lines);
  }
}

const BLOCKS: ReadonlySet<string> = new Set([
  "p",
  "div",
  "li",
  "address",
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
]);

/** Lines as they come. */
class Lines {
  readonly #lines: string[] = [];
  #line = "";

  words(text: string): void {
    this.#line += this.#line === "" ? text.trimStart() : text;
  }

  next(): void {
    this.#lines.push(this.#line.trimEnd());
    this.#line = "";
  }

  /** Lines of their own. */
  block(lines: readonly string[]): void {
    if (this.#line.trim() !== "") this.next();
    this.#line = "";
    for (const line of lines) this.#lines.push(line.trimEnd());
  }

  end(): string[] {
    this.next();
    const isWords = (line: string): boolean => line !== "";
    const from = this.#lines.findIndex(isWords);
    return from === -1 ? [] : this.#lines.slice(from, this.#lines.findLastIndex(isWords) + 1);
  }
}

function link(element: Element, lines: Lines): void {
  const text = linesOf(element.children).join(" ");
  const href = element.attr("href");
  lines.words(href === undefined || text === href ? text : `${text} (${href})`.trimStart());
}

function listOf(list: Element): string[] {
  return list.childrenNamed("li").flatMap((item, index) => {
    const mark = list.name === "ol" ? `${index + 1}. ` : "- ";
    return linesOf(item.children).map((line, at) => (at === 0 ? mark : " ".repeat(mark.length)) + line);
  });
}
