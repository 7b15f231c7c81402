import { el, type Jid } from "../../stanza/index.ts";
import type { Requester } from "../requester.ts";
import type { QueryOptions } from "./query-options.ts";

/** XEP-0066: Out of Band Data. */
export const NS_OOB_IQ = "jabber:iq:oob";

/** XEP-0066 §2. */
export async function offerUrl(
  client: Requester,
  jid: string | Jid,
  url: string,
  options: QueryOptions & { readonly description?: string | undefined },
): Promise<void> {
  const payload = el(
    "query",
    { xmlns: NS_OOB_IQ },
    el("url", {}, url),
    options.description !== undefined && el("desc", {}, options.description),
  );
  await client.iq({ type: "set", to: jid, from: options.from, payload }, options);
}
