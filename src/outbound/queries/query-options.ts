import { type Element, type Jid, StanzaError } from "../../stanza/index.ts";
import type { IqOptions, Requester } from "../requester.ts";

/** What every query takes. */
export interface QueryOptions extends IqOptions {
  /** Which bot asks. Default: whom the credential belongs to. */
  readonly from?: Jid | string | undefined;
}

/**
 * Asks, and gives the payload of the answer.
 *
 * @throws StanzaError `undefined-condition` when the answer holds something else.
 */
export async function ask(
  client: Requester,
  type: "get" | "set",
  jid: string | Jid | undefined,
  payload: Element,
  options: QueryOptions,
  name: string = payload.name,
): Promise<Element> {
  const answer = await client.iq({ type, to: jid, from: options.from, payload }, options);
  const found = answer.child(name, payload.ns);
  if (found === undefined) throw noPayload(name, payload.ns);
  return found;
}

/** The error for a result that has not what it should have. */
export function noPayload(name: string, ns: string): StanzaError {
  return new StanzaError("undefined-condition", { text: `The result holds no <${name} xmlns="${ns}"/>` });
}
