import { el, type Jid } from "../../stanza/index.ts";
import type { Requester } from "../requester.ts";
import { ask, instant, type QueryOptions } from "./query-options.ts";

/** XEP-0202: Entity Time. */
export const NS_TIME = "urn:xmpp:time";

/** What an entity's clock shows. */
export interface EntityTime {
  readonly utc: Date | undefined;
  /** Its zone as an offset, such as `-06:00` or `Z`. */
  readonly zone: string | undefined;
}

/** XEP-0202 §2. */
export async function time(client: Requester, jid: string | Jid, options: QueryOptions): Promise<EntityTime> {
  const answer = await ask(client, "get", jid, el("time", { xmlns: NS_TIME }), options);
  return { utc: instant(answer.childText("utc")), zone: answer.childText("tzo") };
}
