import type { Element, NodeInit } from "./element.ts";
import { NS_CLIENT } from "./namespaces.ts";
import { BaseStanza, type StanzaInit, StanzaShapeError, stanzaElement } from "./stanza.ts";

/** RFC 6120 §8.2.3. */
export type IqType = "get" | "set" | "result" | "error";

/** What an {@link iq} may be made with. */
export interface IqInit extends StanzaInit {
  readonly type: IqType;
}

/** An info/query stanza (RFC 6120 §8.2.3). */
export class Iq extends BaseStanza {
  readonly kind = "iq";

  get type(): IqType {
    return this.element.attr("type") as IqType;
  }

  /** The one child that says what is asked or answered; `undefined` in an empty result. */
  get payload(): Element | undefined {
    return this.element.elements.find((child) => !child.is("error", NS_CLIENT));
  }
}

/** @internal */
export const IQ_TYPES: readonly IqType[] = ["get", "set", "result", "error"];

/**
 * Makes an IQ.
 *
 * @example
 * ```ts
 * import { el, iq } from "restanza/stanza";
 *
 * iq({ type: "get", to: "example.com" }, el("ping", { xmlns: "urn:xmpp:ping" }));
 * ```
 * @throws JidError when `to` or `from` is no JID.
 */
export function iq(init: IqInit, ...children: NodeInit[]): Iq {
  if (!IQ_TYPES.includes(init.type)) {
    throw new StanzaShapeError(
      `${JSON.stringify(init.type)} is no type of an IQ; it is one of ${IQ_TYPES.join(", ")}`,
    );
  }
  return new Iq(stanzaElement("iq", init, init.type, children));
}
