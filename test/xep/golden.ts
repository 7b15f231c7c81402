/**
 * Golden pairs: what an extension's own example says in XML, and what that is to us. Each is read, and built again without loss.
 *
 * The pairs of an extension are in `goldens/NNNN.ts`; `goldens.test.ts` finds and runs them all, and docs/XEPS.md counts them.
 */
import assert from "node:assert/strict";
import {
  Element,
  el,
  type Iq,
  type Message,
  type Node,
  NS_CLIENT,
  type Presence,
  readXml,
  type Stanza,
  stanzaToJson,
  toStanza,
  writeXml,
} from "../../src/stanza/index.ts";
import { NS_DATA, NS_MUC_USER } from "../../src/xep/index.ts";

/** One pair. */
export interface Golden {
  /** Where the example is, and what it shows. */
  readonly title: string;
  /** @throws AssertionError where it is not read as the value, or not built again without loss. */
  check(): void;
  /** The example, without the white space that it is printed with. */
  readonly root: Element;
  /** Reads something like it, such as what a stranger could write in its place. */
  read(root: Element): unknown;
  /** Whether what is built comes through mod_rest's JSON whole; `undefined` where it is a part of a stanza's frame, such as an error. */
  isJson(): boolean | undefined;
}

/** The pairs of one extension. */
export interface Goldens {
  /** Its number, with four digits. */
  readonly xep: string;
  readonly pairs: readonly Golden[];
}

/** A builder's product: one payload, several beside each other, or a whole stanza. */
type Built = Element | { readonly element: Element } | readonly Element[];

/** What is built again from the value. */
type Build<Value> = (value: Value) => Built;

/** The pairs of one extension, for the default export of its file. */
export function goldens(xep: string, ...pairs: Golden[]): Goldens {
  return { xep, pairs };
}

/** A pair of which the XML is a message, and what is built are payloads in it, or all of it. */
export function inMessage<Value>(
  title: string,
  xml: string,
  value: Value,
  read: (message: Message) => Value | undefined,
  build: Build<Value>,
): Golden {
  return pair(title, xml, value, (root) => read(toStanza(root) as Message), build);
}

/** A pair of which the XML is a presence, and what is built are payloads in it, or all of it. */
export function inPresence<Value>(
  title: string,
  xml: string,
  value: Value,
  read: (presence: Presence) => Value | undefined,
  build: Build<Value>,
): Golden {
  return pair(title, xml, value, (root) => read(toStanza(root) as Presence), build);
}

/** A pair of which the XML is an IQ, and what is built is its payload, or all of it. */
export function inIq<Value>(
  title: string,
  xml: string,
  value: Value,
  read: (iq: Iq) => Value | undefined,
  build: Build<Value>,
): Golden {
  return pair(title, xml, value, (root) => read(toStanza(root) as Iq), build);
}

/** A pair of which the XML is just what is built, such as an IQ's payload. */
export function inElement<Value>(
  title: string,
  xml: string,
  value: Value,
  read: (element: Element) => Value | undefined,
  build: Build<Value>,
): Golden {
  return pair(title, xml, value, read, build);
}

function pair<Value>(
  title: string,
  xml: string,
  value: Value,
  read: (root: Element) => Value | undefined,
  build: Build<Value>,
): Golden {
  return {
    title,
    get root() {
      return unindented(readXml(xml));
    },
    read,
    isJson() {
      const stanza = asStanza(this.root, partsOf(build(value)));
      return stanza && stanzaToJson(stanza).lost.length === 0;
    },
    check() {
      const { root } = this;
      assert.deepEqual(plain(read(root)), plain(value), `${title}: read`);
      const parts = partsOf(build(value));
      if (parts.length === 1 && parts[0]?.name === root.name) {
        assert.equal(canonical(parts[0]), canonical(root), `${title}: built`);
        return;
      }
      const namespaces = new Set(parts.map(({ ns }) => ns));
      const meant = root.elements.filter(({ ns }) => namespaces.has(ns));
      assert.ok(parts.length > 0, `${title}: nothing was built`);
      assert.deepEqual(parts.map(canonical).sort(), meant.map(canonical).sort(), `${title}: built`);
    },
  };
}

/** What was built, as elements. */
function partsOf(built: Built): readonly Element[] {
  if (built instanceof Element) return [built];
  return "element" in built ? [built.element] : built;
}

/** A stanza with nothing but what was built in it; `undefined` where that is part of a stanza's frame, such as an error. */
function asStanza(root: Element, parts: readonly Element[]): Stanza | undefined {
  const [first] = parts;
  const isFrame = parts.some(({ ns }) => ns === NS_CLIENT);
  if (isStanza(root))
    return toStanza(first?.name === root.name && isFrame ? first : root.withChildren(...parts));
  return isFrame ? undefined : toStanza(el("iq", { id: "1", type: "set", to: "a@example.com" }, ...parts));
}

function isStanza({ ns, name }: Element): boolean {
  return ns === NS_CLIENT && ["message", "presence", "iq"].includes(name);
}

/** Without the white space that examples are printed with: text is left alone where a line does not end in it. */
function unindented(element: Element): Element {
  const mixed = element.children.some((child) => typeof child === "string" && child.trim() !== "");
  const children = element.children.flatMap((child): Node[] => {
    if (typeof child !== "string") return [unindented(child)];
    return !mixed && child.includes("\n") ? [] : [child];
  });
  return new Element(element.name, element.ns, element.attrs, children);
}

/** Written with attributes, and children of different names, in an order of their own: examples differ in that, and mean the same. */
function canonical(element: Element): string {
  return writeXml(sorted(element), "");
}

function sorted(element: Element): Element {
  const attrs = Object.fromEntries(
    Object.entries(element.attrs).sort(([one], [other]) => (one < other ? -1 : 1)),
  );
  const isSubmitted = element.ns === NS_DATA && element.attr("type") === "submit";
  const isOfRoom = element.ns === NS_MUC_USER;
  const children = element.children.map((child) => {
    if (typeof child === "string") return child;
    return sorted(isSubmitted ? withoutType(child) : child);
  });
  if (children.every((child) => typeof child !== "string")) {
    const name = (child: Element): string => {
      if (isSubmitted) return `${child.name} ${child.attr("var")}`;
      // XEP-0045 §16.6: a room's status codes have no order, and its examples none either.
      return isOfRoom && child.name === "status" ? `${child.name} ${child.attr("code")}` : child.name;
    };
    const key = (child: Node): string => (typeof child === "string" ? "" : `${child.ns} ${name(child)}`);
    children.sort((one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0));
  }
  return new Element(element.name, element.ns, attrs, children);
}

/** XEP-0004 §3.2: who submits a form may repeat the types and labels of its fields, in any order, and some examples do. */
function withoutType(field: Element): Element {
  const { type: _type, label: _label, ...attrs } = field.attrs;
  return new Element(field.name, field.ns, attrs, field.children);
}

/** A value without its undefined properties, and with every address as its text. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (value instanceof Map) return new Map([...value].map(([key, each]) => [plain(key), plain(each)]));
  if (value instanceof Set) return new Set([...value].map(plain));
  if (value instanceof Element) return canonical(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return String(value);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([key, each]) => [key, plain(each)]),
  );
}
