import { type Element, el, NS_CLIENT, type Stanza, StanzaShapeError, toStanza } from "../stanza/index.ts";
import { buildDelay, type Delay, readDelay } from "./delay.ts";

/** XEP-0297: Stanza Forwarding; also its feature. */
export const NS_FORWARD = "urn:xmpp:forward:0";

/** A stanza within another one. */
export interface Forwarded {
  /** The stanza as it was. Only whom you trust can say that it was: anybody may forward what nobody has sent (§7). */
  readonly stanza: Stanza;
  /** When it was sent, where that is said. */
  readonly delay?: Delay | undefined;
}

/** The stanza that an element or a stanza forwards; `undefined` where there is none, or what is forwarded is no stanza. */
export function readForwarded(parent: Pick<Element, "child">): Forwarded | undefined {
  const forwarded = parent.child("forwarded", NS_FORWARD);
  const element = forwarded?.elements.find(({ ns }) => ns === NS_CLIENT);
  if (forwarded === undefined || element === undefined) return undefined;
  try {
    return { stanza: toStanza(element), delay: readDelay(forwarded) };
  } catch (error) {
    if (error instanceof StanzaShapeError) return undefined;
    throw error;
  }
}

/** Forwards a stanza as it is. */
export function buildForwarded({ stanza, delay }: Forwarded): Element {
  return el(
    "forwarded",
    { xmlns: NS_FORWARD },
    delay && buildDelay(delay.stamp, delay.from, delay.reason),
    stanza.element.inNamespace(NS_CLIENT),
  );
}
