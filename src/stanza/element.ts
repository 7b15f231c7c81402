import { NC_NAME } from "./names.ts";
import { NS_CLIENT } from "./namespaces.ts";

/** A child of an {@link Element}: another element, or a run of text. */
export type Node = Element | string;

/**
 * What {@link el} takes as attributes. `xmlns` names the namespace of the element itself; a value of
 * `undefined` leaves the attribute out; numbers and booleans are written as XML Schema spells them.
 */
export type AttributeInit = Readonly<Record<string, string | number | boolean | undefined>>;

/** What {@link el} takes as children; `undefined`, `null` and `false` are left out. */
export type NodeInit = Node | readonly NodeInit[] | undefined | null | false;

/**
 * One element of XML: a name, a namespace, attributes, and children in their order, text among them.
 *
 * An element is a value: nothing changes it once it is made, so it can be shared between bots, journaled and sent
 * twice. Prefixes are spelling, not information: they are resolved while reading and chosen anew while writing, as
 * Prosody itself does. An element made without `xmlns` takes the namespace of the parent it is put into
 * (Namespaces in XML §6.2); at the top that is `jabber:client`.
 */
export class Element {
  /** The local name, without a prefix. */
  readonly name: string;

  /**
   * Attributes by name. An attribute in a namespace is keyed `{namespace}local`, `xml:lang` and its kin keep their
   * prefix. The record has no prototype, so a hostile name like `__proto__` is an ordinary key.
   */
  readonly attrs: Readonly<Record<string, string>>;

  /** Elements and runs of text in document order; neighbouring runs are one run, and none is empty. */
  readonly children: readonly Node[];

  readonly #ns: string | undefined;

  /**
   * Makes an element from parts that are already in order; {@link el} is the friendlier way.
   *
   * @param ns the namespace, or `undefined` to take that of the parent.
   */
  constructor(
    name: string,
    ns: string | undefined,
    attrs: Readonly<Record<string, string>>,
    children: readonly Node[],
  ) {
    this.name = name;
    this.#ns = ns;
    this.attrs = attrs;
    this.children = children;
  }

  /** The namespace; `jabber:client` where neither the element nor anything around it named one. */
  get ns(): string {
    return this.#ns ?? NS_CLIENT;
  }

  /** The text directly inside, with that of child elements left out. */
  get text(): string {
    const { children } = this;
    if (children.length === 1 && typeof children[0] === "string") return children[0];
    let text = "";
    for (const child of children) if (typeof child === "string") text += child;
    return text;
  }

  /** The child elements, without the text between them. */
  get elements(): Element[] {
    return this.children.filter((child) => typeof child !== "string");
  }

  /** Whether this is the element `name` of namespace `ns`; without `ns`, of any. */
  is(name: string, ns?: string): boolean {
    return this.name === name && (ns === undefined || this.ns === ns);
  }

  /** The value of an attribute, or `undefined`. */
  attr(name: string): string | undefined {
    return this.attrs[name];
  }

  /** The first child element `name` in namespace `ns`, which is this element's own unless given. */
  child(name: string, ns: string = this.ns): Element | undefined {
    for (const child of this.children) if (typeof child !== "string" && child.is(name, ns)) return child;
    return undefined;
  }

  /** All child elements `name` in namespace `ns`, which is this element's own unless given. */
  childrenNamed(name: string, ns: string = this.ns): Element[] {
    return this.elements.filter((child) => child.is(name, ns));
  }

  /** The text of the first child element `name` in namespace `ns`, or `undefined` where there is none. */
  childText(name: string, ns: string = this.ns): string | undefined {
    return this.child(name, ns)?.text;
  }

  /** A copy with these attributes set; `undefined` removes one. The namespace stays. */
  withAttrs(attrs: AttributeInit): Element {
    return new Element(this.name, this.#ns, mergeAttributes(this.attrs, attrs), this.children);
  }

  /** A copy with these children instead. */
  withChildren(...children: NodeInit[]): Element {
    return new Element(this.name, this.#ns, this.attrs, settle(children, this.#ns));
  }

  /** A copy with these children added at the end. */
  append(...children: NodeInit[]): Element {
    return this.withChildren(this.children, children);
  }

  /** This element as a child of one in `ns`: where it names no namespace itself, it takes that one. */
  inNamespace(ns: string): Element {
    if (this.#ns !== undefined) return this;
    return new Element(this.name, ns, this.attrs, settle(this.children, ns));
  }

  /** Whether the two trees are the same: names, namespaces, attributes in any order, children in theirs. */
  equals(other: Element): boolean {
    if (this.name !== other.name || this.ns !== other.ns) return false;
    const names = Object.keys(this.attrs);
    if (names.length !== Object.keys(other.attrs).length) return false;
    if (names.some((name) => this.attrs[name] !== other.attrs[name])) return false;
    if (this.children.length !== other.children.length) return false;
    return this.children.every((child, index) => {
      const twin = other.children[index];
      return typeof child === "string" || typeof twin === "string" || twin === undefined
        ? child === twin
        : child.equals(twin);
    });
  }
}

/**
 * Makes an element.
 *
 * @example
 * ```ts
 * import { el } from "restanza/stanza";
 *
 * const form = el("x", { xmlns: "jabber:x:data", type: "form" },
 *   el("title", {}, "Weather"),
 *   el("field", { var: "city", type: "text-single", label: "City" }, el("required")),
 * );
 * ```
 * @throws TypeError when a name cannot stand in XML: names are the author's own words, never a stranger's.
 */
export function el(name: string, attrs: AttributeInit = {}, ...children: NodeInit[]): Element {
  assertName(name);
  const { xmlns, ...rest } = attrs;
  const ns = xmlns === undefined ? undefined : String(xmlns);
  return new Element(name, ns, mergeAttributes(NO_ATTRIBUTES, rest), settle(children, ns));
}

/** An attribute record without a prototype. */
export function attributeRecord(): Record<string, string> {
  return Object.create(null) as Record<string, string>;
}

/** @internal What an element without attributes has; one for all. */
export const NO_ATTRIBUTES: Readonly<Record<string, string>> = Object.freeze(attributeRecord());

const localName = new RegExp(`^${NC_NAME}$`, "u");
/** Nearly all there are; looking one up costs less than reading it again. */
const usualNames: ReadonlySet<string> = new Set(["to", "from", "id", "type", "xml:lang", "var", "node"]);
const attributeName = new RegExp(`^(?:xml:|\\{[^{}]+\\})?${NC_NAME}$`, "u");

function assertName(name: string): void {
  if (!localName.test(name)) {
    throw new TypeError(
      `${JSON.stringify(name)} is not an XML element name; give a local name without a prefix and put the namespace into the attribute "xmlns"`,
    );
  }
}

function mergeAttributes(
  base: Readonly<Record<string, string>>,
  changes: AttributeInit,
): Record<string, string> {
  const merged = attributeRecord();
  for (const name in base) merged[name] = base[name] as string;
  for (const name of Object.keys(changes)) {
    const value = changes[name];
    if (value === undefined) {
      if (name in merged) delete merged[name];
      continue;
    }
    if (!usualNames.has(name) && (!attributeName.test(name) || name === "xmlns")) {
      throw new TypeError(
        `${JSON.stringify(name)} is not an attribute name; write a plain name, "xml:lang", or "{namespace}name"`,
      );
    }
    merged[name] = String(value);
  }
  return merged;
}

/** Flattens what {@link el} was given into children: joins runs of text and hands `ns` to children that name none. */
function settle(children: readonly NodeInit[], ns: string | undefined, into: Node[] = []): Node[] {
  for (const child of children) {
    if (child === undefined || child === null || child === false || child === "") continue;
    if (Array.isArray(child)) settle(child, ns, into);
    else if (child instanceof Element) into.push(ns === undefined ? child : child.inNamespace(ns));
    else if (typeof child === "string") {
      const last = into.at(-1);
      if (typeof last === "string") into[into.length - 1] = last + child;
      else into.push(child);
    } else {
      throw new TypeError(`a child must be an element or a string, not ${typeof child}`);
    }
  }
  return into;
}
