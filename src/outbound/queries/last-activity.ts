import type { Jid } from "../../stanza/index.ts";
import { buildLastActivityRequest, type LastActivity, readLastActivity } from "../../xep/index.ts";
import type { Requester } from "../requester.ts";
import { ask, type QueryOptions } from "./query-options.ts";

/** XEP-0012 §3 to §5. */
export async function lastActivity(
  client: Requester,
  jid: string | Jid,
  options: QueryOptions,
): Promise<LastActivity> {
  return readLastActivity(await ask(client, "get", jid, buildLastActivityRequest(), options));
}
