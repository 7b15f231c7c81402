import { type AttributeInit, type Element, el, type NodeInit } from "./element.ts";
import { Jid } from "./jid.ts";
import { NS_CLIENT } from "./namespaces.ts";
import { StanzaError } from "./stanza-error.ts";

/** Thrown when an element is no stanza: another root, or a `type` that RFC 6121 does not know. */
export class StanzaShapeError extends Error {
  override name = "StanzaShapeError";
}

/** What every stanza may be made with. */
export interface StanzaInit {
  readonly to?: Jid | string | undefined;
  readonly from?: Jid | string | undefined;
  readonly id?: string | undefined;
  /** The language of the text inside (RFC 6120 §8.1.5). */
  readonly lang?: string | undefined;
}

/** What the three kinds of stanza share: a typed look at an element, which stays whole underneath. */
export abstract class BaseStanza {
  abstract readonly kind: "message" | "presence" | "iq";
  readonly element: Element;
  #from: Jid | undefined;
  #to: Jid | undefined;

  constructor(element: Element) {
    this.element = element;
  }

  get id(): string | undefined {
    return this.element.attr("id");
  }

  /** The language that the stanza declares for its text. */
  get lang(): string | undefined {
    return this.element.attr("xml:lang");
  }

  /**
   * Who sent it.
   *
   * @throws JidError when the attribute is no JID.
   */
  get from(): Jid | undefined {
    this.#from ??= address(this.element.attr("from"));
    return this.#from;
  }

  /**
   * Whom it is for.
   *
   * @throws JidError when the attribute is no JID.
   */
  get to(): Jid | undefined {
    this.#to ??= address(this.element.attr("to"));
    return this.#to;
  }

  /** The error that a stanza of type `error` carries; `undefined` on any other. */
  get error(): StanzaError | undefined {
    if (this.element.attr("type") !== "error") return undefined;
    const error = this.element.child("error", NS_CLIENT);
    return error === undefined ? new StanzaError("undefined-condition") : StanzaError.fromElement(error);
  }

  /** The first child element of this name and namespace. */
  child(name: string, ns: string): Element | undefined {
    return this.element.child(name, ns);
  }
}

function address(text: string | undefined): Jid | undefined {
  return text === undefined ? undefined : Jid.fromWire(text);
}

/** @internal Makes the root of a stanza; addresses that are strings are checked by RFC 7622. */
export function stanzaElement(
  kind: "message" | "presence" | "iq",
  init: StanzaInit,
  type: string | undefined,
  children: NodeInit[],
): Element {
  const attrs: AttributeInit = {
    xmlns: NS_CLIENT,
    type,
    id: init.id,
    to: init.to === undefined ? undefined : Jid.parse(init.to).toString(),
    from: init.from === undefined ? undefined : Jid.parse(init.from).toString(),
    "xml:lang": init.lang,
  };
  return el(kind, attrs, ...children);
}
