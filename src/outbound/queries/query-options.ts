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

/** A whole number of an attribute or text; `undefined` for anything else. */
export function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text.trim()) ? Number(text) : undefined;
}

/** An instant of XEP-0082; `undefined` for anything else. */
export function instant(text: string | undefined): Date | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\dT/.test(text)) return undefined;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
