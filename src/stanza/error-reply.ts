import { el } from "./element.ts";
import { NS_CLIENT } from "./namespaces.ts";
import type { StanzaError } from "./stanza-error.ts";
import { type Stanza, toStanza } from "./to-stanza.ts";

/**
 * Makes the stanza that tells the sender of another about an error (RFC 6120 §8.3.1): same kind and id, swapped
 * addresses. What the other held is not sent back.
 */
export function errorReply<S extends Stanza>(request: S, error: StanzaError): S {
  const { element, kind } = request;
  const attrs = {
    xmlns: NS_CLIENT,
    type: "error",
    id: element.attr("id"),
    to: element.attr("from"),
    from: element.attr("to"),
  };
  return toStanza(el(kind, attrs, error.toElement())) as S;
}
