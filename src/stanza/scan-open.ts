import type { XmlLimits } from "./limits.ts";
import { XmlReadError } from "./read-error.ts";

/** @internal The elements that are open where the scan is, and how many children each has so far. */
export class OpenElements {
  readonly #names: string[] = [];
  readonly #children: number[] = [];
  /** What the bindings of namespaces go back to when the element closes. */
  readonly #marks: number[] = [];
  readonly #limits: XmlLimits;
  #inText = false;

  constructor(limits: XmlLimits) {
    this.#limits = limits;
  }

  get depth(): number {
    return this.#names.length;
  }

  /** Name of the innermost element, prefix and all, as its closing tag must spell it. */
  get name(): string | undefined {
    return this.#names.at(-1);
  }

  open(name: string, mark: number): void {
    this.#names.push(name);
    this.#children.push(0);
    this.#marks.push(mark);
  }

  /** Closes the innermost element; returns its mark. */
  close(): number {
    this.#names.pop();
    this.#children.pop();
    this.#inText = false;
    return this.#marks.pop() as number;
  }

  /** @throws XmlReadError `too-deep` or `too-many-children`. */
  addElement(at: number): void {
    if (this.depth >= this.#limits.depth) {
      throw new XmlReadError("too-deep", at, `the limit is ${this.#limits.depth}`);
    }
    this.#addChild(at);
    this.#inText = false;
  }

  /**
   * Counts a run of text, unless it goes on with one that a CDATA section interrupted in its spelling only.
   *
   * @throws XmlReadError `too-many-children`.
   */
  addText(at: number): void {
    if (!this.#inText) this.#addChild(at);
    this.#inText = true;
  }

  #addChild(at: number): void {
    const parent = this.#children.length - 1;
    if (parent < 0) return;
    const count = (this.#children[parent] as number) + 1;
    if (count > this.#limits.children) {
      throw new XmlReadError("too-many-children", at, `the limit is ${this.#limits.children}`);
    }
    this.#children[parent] = count;
  }
}
