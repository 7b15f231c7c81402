import { NS_CLIENT, NS_XML, NS_XMLNS } from "./namespaces.ts";
import { shown, XmlReadError } from "./read-error.ts";

/** What a prefix stands for, and the element that says so. */
interface Binding {
  readonly namespace: string;
  readonly element: number;
}

/** @internal What the prefixes stand for where the scan is, each in constant time however deep that is. */
export class NamespaceBindings {
  /** Elements without a prefix; a root that names no namespace is in that of stanzas. */
  #default: Binding = { namespace: NS_CLIENT, element: -1 };
  readonly #prefixes = new Map<string, Binding>();
  /** What to bring back when an element closes: a prefix (`""` for the default) and its binding before. */
  readonly #replaced: [prefix: string, binding: Binding | undefined][] = [];
  readonly #longest: number;

  constructor(longest: number) {
    this.#longest = longest;
  }

  get default(): string {
    return this.#default.namespace;
  }

  /** A point to {@link restore} when the element that is about to declare something closes. */
  get mark(): number {
    return this.#replaced.length;
  }

  /**
   * Takes the declaration of a prefix, `""` being `xmlns` itself, by the element of this number.
   *
   * @throws XmlReadError `duplicate-attribute`, `reserved-namespace` or `namespace-too-long`.
   */
  declare(prefix: string, namespace: string, element: number, offset: number): void {
    if (namespace.length > this.#longest) {
      throw new XmlReadError("namespace-too-long", offset, `the limit is ${this.#longest}`);
    }
    const reserved =
      prefix === "xmlns" ||
      namespace === NS_XMLNS ||
      (prefix === "xml") !== (namespace === NS_XML) ||
      (prefix !== "" && namespace === "");
    if (reserved) throw new XmlReadError("reserved-namespace", offset);
    const before = prefix === "" ? this.#default : this.#prefixes.get(prefix);
    if (before?.element === element) throw new XmlReadError("duplicate-attribute", offset, "xmlns");
    this.#replaced.push([prefix, before]);
    const binding = { namespace, element };
    if (prefix === "") this.#default = binding;
    else this.#prefixes.set(prefix, binding);
  }

  /** @throws XmlReadError `undeclared-prefix`. */
  resolve(prefix: string, offset: number): string {
    const binding = this.#prefixes.get(prefix);
    if (binding === undefined) throw new XmlReadError("undeclared-prefix", offset, shown(prefix));
    return binding.namespace;
  }

  restore(mark: number): void {
    while (this.#replaced.length > mark) {
      const [prefix, before] = this.#replaced.pop() as [string, Binding | undefined];
      if (before === undefined) this.#prefixes.delete(prefix);
      else if (prefix === "") this.#default = before;
      else this.#prefixes.set(prefix, before);
    }
  }
}
