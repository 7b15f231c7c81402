import type { Jid } from "../../stanza/index.ts";
import {
  buildRegistration,
  buildRegistrationRequest,
  NS_REGISTER,
  type Registration,
  readRegistration,
} from "../../xep/index.ts";
import type { Requester } from "../requester.ts";
import { ask, noPayload, type QueryOptions } from "./query-options.ts";

/** XEP-0077 §3.1 and §4. */
export async function registration(
  client: Requester,
  jid: string | Jid,
  options: QueryOptions,
): Promise<Registration> {
  const found = readRegistration(await ask(client, "get", jid, buildRegistrationRequest(), options));
  if (found === undefined) throw noPayload("query", NS_REGISTER);
  return found;
}

/** XEP-0077 §3.1 to §3.3. */
export async function register(
  client: Requester,
  jid: string | Jid,
  given: Registration,
  options: QueryOptions,
): Promise<void> {
  const form = given.form && ({ type: "submit", ...given.form } as const);
  const payload = buildRegistration({ ...given, ...(form && { form }) });
  await client.iq({ type: "set", to: jid, from: options.from, payload }, options);
}
