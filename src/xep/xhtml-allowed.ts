import { attributeRecord, type Element } from "../stanza/element.ts";

/** @internal Whether XEP-0071 §7 lets an element stand. */
export function isSafeElement(name: string): boolean {
  return ELEMENTS.has(name);
}

/** @internal Elements whose text is for machines, and goes with them. */
export const VOID_OF_MEANING: ReadonlySet<string> = new Set(["script", "style", "object", "applet", "head"]);

/** @internal The attributes that may stay: without events, classes, and addresses that do something when they are followed. */
export function safeAttributes(element: Element): Readonly<Record<string, string>> {
  const attributes = attributeRecord();
  for (const [name, value] of Object.entries(element.attrs)) {
    const safe = safeAttribute(element.name, name, value);
    if (safe !== undefined) attributes[name] = safe;
  }
  return attributes;
}

function safeAttribute(element: string, name: string, value: string): string | undefined {
  if (name === "style") return safeStyle(value);
  if (name === "xml:lang" || name === "title") return value;
  if (!(OF_ELEMENTS[element] ?? []).includes(name)) return undefined;
  if (name === "href" || name === "src" || name === "cite") return isSafeAddress(value) ? value : undefined;
  return name === "alt" || /^\d{1,5}%?$/.test(value) || name === "type" ? value : undefined;
}

/** XEP-0071 §7.6: what is in the style is in CSS, which could also fetch things. */
function safeStyle(style: string): string | undefined {
  const kept = style.split(";").flatMap((declaration) => {
    const [, property = "", value = ""] = /^\s*([a-z-]{1,32})\s*:\s*([^\\]{1,100})$/.exec(declaration) ?? [];
    const known = STYLES.has(property) && !/[()@<>"&]|expression|url/i.test(value);
    return known ? [`${property}:${value.trim()}`] : [];
  });
  return kept.length === 0 ? undefined : kept.join(";");
}

function isSafeAddress(address: string): boolean {
  return /^(?:https?|xmpp|mailto|cid):/i.test(address.trim());
}

const ELEMENTS: ReadonlySet<string> = new Set([
  ...[
    "a",
    "abbr",
    "acronym",
    "address",
    "blockquote",
    "br",
    "cite",
    "code",
    "dfn",
    "div",
    "em",
    "h1",
    "h2",
    "h3",
  ],
  ...["h4", "h5", "h6", "img", "kbd", "li", "ol", "p", "pre", "q", "samp", "span", "strong", "ul", "var"],
]);

const OF_ELEMENTS: Readonly<Record<string, readonly string[]>> = {
  a: ["href", "type"],
  blockquote: ["cite"],
  q: ["cite"],
  img: ["src", "alt", "width", "height"],
  ol: ["start"],
};

/** XEP-0071 §7.6.1. */
const STYLES: ReadonlySet<string> = new Set([
  ...["background-color", "color", "font-family", "font-size", "font-style", "font-weight"],
  ...["margin-left", "margin-right", "text-align", "text-decoration"],
]);
