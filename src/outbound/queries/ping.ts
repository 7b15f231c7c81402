import type { Jid } from "../../stanza/index.ts";
import { buildPing } from "../../xep/index.ts";
import type { Requester } from "../requester.ts";
import type { QueryOptions } from "./query-options.ts";

/** XEP-0199. */
export async function ping(client: Requester, jid: string | Jid, options: QueryOptions): Promise<number> {
  const start = performance.now();
  await client.iq({ type: "get", to: jid, from: options.from, payload: buildPing() }, options);
  return performance.now() - start;
}
