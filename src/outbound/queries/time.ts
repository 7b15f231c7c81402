import type { Jid } from "../../stanza/index.ts";
import { buildTimeRequest, type EntityTime, readTime } from "../../xep/index.ts";
import type { Requester } from "../requester.ts";
import { ask, type QueryOptions } from "./query-options.ts";

/** XEP-0202 §2. */
export async function time(client: Requester, jid: string | Jid, options: QueryOptions): Promise<EntityTime> {
  return readTime(await ask(client, "get", jid, buildTimeRequest(), options));
}
