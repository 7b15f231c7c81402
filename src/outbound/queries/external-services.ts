import type { Jid } from "../../stanza/index.ts";
import { buildExternalServicesRequest, type ExternalService, readExternalServices } from "../../xep/index.ts";
import type { Requester } from "../requester.ts";
import { ask, type QueryOptions } from "./query-options.ts";

/** What a question about services takes. */
export interface ExternalServicesOptions extends QueryOptions {
  /** Only those of this type, such as `turn`. Default: all. */
  readonly type?: string | undefined;
}

/** XEP-0215 §3.1 and §3.2. */
export async function externalServices(
  client: Requester,
  jid: string | Jid,
  options: ExternalServicesOptions,
): Promise<readonly ExternalService[]> {
  const payload = buildExternalServicesRequest(options.type);
  return readExternalServices(await ask(client, "get", jid, payload, options));
}
