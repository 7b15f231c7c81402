import type { Jid } from "../../stanza/index.ts";
import { buildVCardRequest, readVCard, type VCard } from "../../xep/index.ts";
import type { Requester } from "../requester.ts";
import { ask, type QueryOptions } from "./query-options.ts";

/** XEP-0054 §3.3. */
export async function vcard(
  client: Requester,
  jid: string | Jid | undefined,
  options: QueryOptions,
): Promise<VCard> {
  return readVCard(await ask(client, "get", jid, buildVCardRequest(), options));
}
