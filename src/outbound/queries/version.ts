import { el, type Jid } from "../../stanza/index.ts";
import type { Requester } from "../requester.ts";
import { ask, type QueryOptions } from "./query-options.ts";

/** XEP-0092: Software Version. */
export const NS_VERSION = "jabber:iq:version";

/** What software an entity runs. */
export interface SoftwareVersion {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly os: string | undefined;
}

/** XEP-0092 §3. */
export async function version(
  client: Requester,
  jid: string | Jid,
  options: QueryOptions,
): Promise<SoftwareVersion> {
  const query = await ask(client, "get", jid, el("query", { xmlns: NS_VERSION }), options);
  return { name: query.childText("name"), version: query.childText("version"), os: query.childText("os") };
}
