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
  return textOf(content).replace(/ +\n/g, "\n").trim();
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

function textOf(content: readonly (Element | string)[]): string {
  let text = "";
  for (const child of content) {
    if (typeof child === "string") {
      const words = child.replace(/[ \t\r\n]+/g, " ");
      text += text === "" || text.endsWith("\n") ? words.trimStart() : words;
    } else if (child.name === "br") text += "\n";
    else if (child.name === "img") text += child.attr("alt") ?? child.attr("src") ?? "";
    else if (child.name === "a") text += linkOf(child);
    else if (child.name === "pre") text = onOwnLines(text, child.text);
    else if (child.name === "ul" || child.name === "ol") text = onOwnLines(text, listOf(child));
    else if (child.name === "blockquote") text = onOwnLines(text, indented(linesOf(child), "> ", "> "));
    else if (BLOCKS.has(child.name)) text = onOwnLines(text, linesOf(child));
    else text += textOf(child.children);
  }
  return text;
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

function linesOf(element: Element): string {
  return textOf(element.children).replace(/ +\n/g, "\n").trim();
}

function onOwnLines(before: string, lines: string): string {
  const above = before.trimEnd();
  return `${above === "" ? "" : `${above}\n`}${lines}\n`;
}

function linkOf(link: Element): string {
  const text = textOf(link.children);
  const href = link.attr("href");
  return href === undefined || text.trim() === href ? text : `${text} (${href})`;
}

function listOf(list: Element): string {
  return list
    .childrenNamed("li")
    .map((item, index) => {
      const mark = list.name === "ol" ? `${index + 1}. ` : "- ";
      return indented(linesOf(item), mark, " ".repeat(mark.length));
    })
    .join("\n");
}

function indented(lines: string, first: string, others: string): string {
  return first + lines.replaceAll("\n", `\n${others}`);
}
