import type { Jid } from "../../stanza/index.ts";
import {
  buildDiscoInfoQuery,
  buildDiscoItemsQuery,
  type DiscoInfo,
  type DiscoItem,
  readDiscoInfo,
  readDiscoItems,
} from "../../xep/index.ts";
import type { Requester } from "../requester.ts";
import { ask, type QueryOptions } from "./query-options.ts";

/** What a question about a part of an entity takes. */
export interface DiscoOptions extends QueryOptions {
  /** Default: the entity itself. */
  readonly node?: string | undefined;
}

/** XEP-0030 §3. */
export async function disco(client: Requester, jid: string | Jid, options: DiscoOptions): Promise<DiscoInfo> {
  return readDiscoInfo(await ask(client, "get", jid, buildDiscoInfoQuery(options.node), options));
}

/** XEP-0030 §4. */
export async function items(
  client: Requester,
  jid: string | Jid | undefined,
  options: DiscoOptions,
): Promise<readonly DiscoItem[]> {
  return readDiscoItems(await ask(client, "get", jid, buildDiscoItemsQuery(options.node), options));
}
