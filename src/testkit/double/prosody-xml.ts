import { type Element, NS_CLIENT } from "../../stanza/index.ts";

const escapes: Readonly<Record<string, string>> = {
  "'": "&apos;",
  '"': "&quot;",
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
};

/**
 * Writes an element with the spelling that Prosody's `util.stanza` has: single-quoted attributes, all five characters
 * escaped everywhere, namespaced attributes under `ns1`, `ns2`, … counted anew in each element.
 *
 * A reader that copes with this spelling and with that of `writeXml` copes with both ends of a callback.
 */
export function writeAsProsody(element: Element, ns: string = NS_CLIENT): string {
  const { name, ns: own, children } = element;
  let xml = `<${name}`;
  if (own !== ns) xml += ` xmlns='${escapeXml(own)}'`;
  let prefixes = 0;
  for (const [key, value] of Object.entries(element.attrs)) {
    const end = key.startsWith("{") ? key.indexOf("}") : -1;
    if (end === -1) {
      xml += ` ${key}='${escapeXml(value)}'`;
      continue;
    }
    prefixes += 1;
    xml += ` xmlns:ns${prefixes}='${escapeXml(key.slice(1, end))}' ns${prefixes}:${key.slice(end + 1)}='${escapeXml(value)}'`;
  }
  if (children.length === 0) return `${xml}/>`;
  const inside = children.map((child) =>
    typeof child === "string" ? escapeXml(child) : writeAsProsody(child, own),
  );
  return `${xml}>${inside.join("")}</${name}>`;
}

function escapeXml(text: string): string {
  return text.replace(/['"<>&]/g, (character) => escapes[character] as string);
}
