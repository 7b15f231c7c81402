import type { Jid } from "../../stanza/index.ts";
import { buildVersionRequest, readVersion, type SoftwareVersion } from "../../xep/index.ts";
import type { Requester } from "../requester.ts";
import { ask, type QueryOptions } from "./query-options.ts";

/** XEP-0092 §3. */
export async function version(
  client: Requester,
  jid: string | Jid,
  options: QueryOptions,
): Promise<SoftwareVersion> {
  return readVersion(await ask(client, "get", jid, buildVersionRequest(), options));
}
