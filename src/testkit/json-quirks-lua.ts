import { attributeRecord, Element, type Node } from "../stanza/element.ts";

/** Where the Lua code of mod_rest fails: HTTP 500, or a reply that nobody gets. */
export class ModRestCrash extends Error {
  override name = "ModRestCrash";
}

/** Whether Lua holds a value of JSON as a table, which is true of `null` too. */
export function isTable(value: unknown): boolean {
  return typeof value === "object";
}

/** What Lua finds under a key of a table, or of a string. */
export function member(value: unknown, key: string): unknown {
  if (typeof value === "string" || value === null || Array.isArray(value)) return undefined;
  if (typeof value !== "object") throw new ModRestCrash(`attempt to index a ${typeof value} value`);
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

/** What `ipairs` goes through. */
export function ipairs(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === "string" || isTable(value)) return [];
  throw new ModRestCrash("ipairs wants a table");
}

/** What `pairs` goes through; the keys of a list are numbers. */
export function pairs(value: unknown): readonly (readonly [unknown, unknown])[] {
  if (Array.isArray(value)) return value.map((item, index) => [index + 1, item]);
  if (value === null) return [];
  if (typeof value === "object") return Object.entries(value);
  throw new ModRestCrash("pairs wants a table");
}

type LuaAttrs = Readonly<Record<string, unknown>>;

/**
 * A stanza as Prosody builds it: `tag` opens an element inside the one that was opened last, and `up` closes it. What
 * is forgotten to be closed swallows what comes after; that is how some defects of mod_rest come about.
 */
export class LuaStanza {
  readonly name: string;
  readonly attrs: Record<string, string> = attributeRecord();
  readonly #children: (LuaStanza | Element | string)[] = [];
  #open: LuaStanza[] = [];

  constructor(name: unknown, attrs: LuaAttrs) {
    this.name = checkName(name);
    for (const [key, value] of Object.entries(attrs)) {
      if (value !== undefined) this.attrs[key] = checkText(value);
    }
  }

  /** Sets an attribute unchecked, as an assignment in Lua does. */
  set(name: string, value: string | undefined): void {
    if (value === undefined) delete this.attrs[name];
    else this.attrs[name] = value;
  }

  tag(name: unknown, attrs: LuaAttrs = {}): this {
    const child = new LuaStanza(name, attrs);
    (this.#open.at(-1) ?? this).addDirectChild(child);
    this.#open.push(child);
    return this;
  }

  text(value: unknown): this {
    if (value !== undefined && value !== "") this.addChild(value);
    return this;
  }

  textTag(name: unknown, value: unknown, attrs: LuaAttrs = {}): this {
    return this.tag(name, attrs).text(value).up();
  }

  up(): this {
    this.#open.pop();
    return this;
  }

  addChild(child: unknown): this {
    (this.#open.at(-1) ?? this).addDirectChild(child);
    return this;
  }

  addDirectChild(child: unknown): void {
    this.#children.push(child instanceof LuaStanza || child instanceof Element ? child : checkText(child));
  }

  toElement(parentNs: string): Element {
    const { xmlns, ...rest } = this.attrs;
    const ns = xmlns ?? parentNs;
    const attrs = attributeRecord();
    for (const name in rest) attrs[name] = rest[name] as string;
    const children: Node[] = [];
    for (const child of this.#children) {
      const node = child instanceof LuaStanza ? child.toElement(ns) : child;
      const last = children.length - 1;
      if (typeof node === "string" && typeof children[last] === "string") children[last] += node;
      else children.push(node);
    }
    return new Element(this.name, ns, attrs, children);
  }
}

function checkName(name: unknown): string {
  if (typeof name !== "string" || name === "" || /[<>& '"]/.test(name)) {
    throw new ModRestCrash("invalid tag name");
  }
  return checkText(name);
}

function checkText(text: unknown): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the very characters that Prosody refuses
  if (typeof text !== "string" || /[\x00-\x08\x0b\x0c\x0e-\x1f]|\p{Cs}/u.test(text)) {
    throw new ModRestCrash("invalid text value");
  }
  return text;
}
