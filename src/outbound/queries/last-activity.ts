import { el, type Jid } from "../../stanza/index.ts";
import type { Requester } from "../requester.ts";
import { ask, number, type QueryOptions } from "./query-options.ts";

/** XEP-0012: Last Activity. */
export const NS_LAST = "jabber:iq:last";

/** When an entity was last active. */
export interface LastActivity {
  /** Seconds since then: of a bare JID since it went offline, of a device since it was used, of a server since it started. */
  readonly seconds: number | undefined;
  /** The status of the last unavailable presence. */
  readonly status: string | undefined;
}

/** XEP-0012 §3 to §5. */
export async function lastActivity(
  client: Requester,
  jid: string | Jid,
  options: QueryOptions,
): Promise<LastActivity> {
  const query = await ask(client, "get", jid, el("query", { xmlns: NS_LAST }), options);
  return { seconds: number(query.attr("seconds")), status: query.text || undefined };
}
