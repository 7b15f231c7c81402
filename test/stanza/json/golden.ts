import { readdirSync, readFileSync } from "node:fs";
import { Element, type JsonObject, type JsonValue, readXml, writeXml } from "../../../src/stanza/index.ts";

/** A stanza of XML, and what Prosody made of it in JSON or in a form. */
export interface ToJson {
  readonly name: string;
  readonly direction: "to-json" | "to-form";
  readonly xml: string;
  /** None where Prosody failed (`status`), or wrote what is no JSON. */
  readonly json?: JsonObject;
  readonly form?: Readonly<Record<string, string>>;
  readonly status?: number;
  readonly servers: readonly string[];
}

/** JSON or a form, and what Prosody made of it in XML. */
export interface ToXml {
  readonly name: string;
  readonly direction: "to-xml" | "form-to-xml";
  readonly json?: JsonValue;
  readonly form?: string;
  /** None where Prosody failed (`status`). */
  readonly xml?: string;
  readonly status?: number;
  /** What we read instead, on purpose. */
  readonly meant?: string;
  /** Where we refuse it instead, on purpose. */
  readonly refused?: string;
  readonly servers: readonly string[];
}

export type Golden = ToJson | ToXml;

const folder = new URL("golden/", import.meta.url);

/** The recorded pairs, file by file. */
export function goldenFiles(): { file: URL; pairs: Golden[] }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => new URL(name, folder))
    .map((file) => ({ file, pairs: JSON.parse(readFileSync(file, "utf8")) as Golden[] }));
}

const files = goldenFiles();

export const goldens: readonly Golden[] = files.flatMap(({ pairs }) => pairs);

/** The recordings of the examples in LOSSES, which are among {@link goldens} too. */
export const lossGoldens: readonly Golden[] = files
  .filter(({ file }) => file.pathname.endsWith("/losses.json"))
  .flatMap(({ pairs }) => pairs);

export const toJsonGoldens = goldens.filter(
  (pair) => "xml" in pair && pair.direction.startsWith("to-") && pair.direction !== "to-xml",
) as readonly ToJson[];
export const toXmlGoldens = goldens.filter(
  (pair) => pair.direction === "to-xml" || pair.direction === "form-to-xml",
) as readonly ToXml[];

/** Whom the servers of the recording took the sender for. */
export const SENDER = "bot@rest.example";

/**
 * An element with its attributes and children in one fixed order: Prosody writes them in the order of a Lua table, which is none. Those
 * of one name keep theirs, unless they are fields that were written from such a table. The same goes for the JSON inside
 * a payload.
 */
export function canonical(element: Element): Element {
  if (element.is("payload", "urn:xmpp:json-msg:0")) return withPlainJson(element);
  const children = element.children.map((child) => (typeof child === "string" ? child : canonical(child)));
  if (children.every((child) => typeof child !== "string")) {
    children.sort((a, b) => compare(key(a as Element), key(b as Element)));
  }
  const attrs: Record<string, string> = Object.create(null);
  for (const name of Object.keys(element.attrs).sort()) attrs[name] = element.attrs[name] as string;
  return new Element(element.name, element.ns, attrs, children);
}

function withPlainJson(payload: Element): Element {
  try {
    return payload.withChildren(JSON.stringify(canonicalJson(JSON.parse(payload.text) as JsonValue)));
  } catch {
    return payload;
  }
}

function key(element: Element): string {
  const variable = element.name === "field" ? (element.attr("var") ?? "") : "";
  return `${element.ns} ${element.name} ${variable}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A value of JSON with its keys in one fixed order, and without the prototypes that it was made with. */
export function canonicalJson(value: JsonValue, key?: string): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => canonicalJson(item));
  if (typeof value === "string" && key === "html") return canonicalHtml(value);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(([a], [b]) => compare(a, b));
  return Object.fromEntries(entries.map(([name, inner]) => [name, canonicalJson(inner as JsonValue, name)]));
}

// Two writers of XML may choose other quotes.
function canonicalHtml(text: string): string {
  const ns = "http://www.w3.org/1999/xhtml";
  const element = readXml(`<html xmlns="${ns}">${text}</html>`);
  return writeXml(element, ns).slice("<html>".length, -"</html>".length);
}
