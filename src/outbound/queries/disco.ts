import { el, type Jid } from "../../stanza/index.ts";
import {
  type DataForm,
  type DiscoIdentity,
  type DiscoItem,
  NS_DATA,
  NS_DISCO_INFO,
  NS_DISCO_ITEMS,
  readDataForm,
} from "../../xep/index.ts";
import type { Requester } from "../requester.ts";
import { ask, type QueryOptions } from "./query-options.ts";

/** What an entity is and can do. */
export interface DiscoInfo {
  readonly identities: readonly DiscoIdentity[];
  readonly features: ReadonlySet<string>;
  /** Service discovery extensions (XEP-0128). */
  readonly forms: readonly DataForm[];
}

/** What a question about a part of an entity takes. */
export interface DiscoOptions extends QueryOptions {
  /** Default: the entity itself. */
  readonly node?: string | undefined;
}

/** XEP-0030 §3. */
export async function disco(client: Requester, jid: string | Jid, options: DiscoOptions): Promise<DiscoInfo> {
  const query = await ask(
    client,
    "get",
    jid,
    el("query", { xmlns: NS_DISCO_INFO, node: options.node }),
    options,
  );
  return {
    identities: query.childrenNamed("identity").map((identity) => ({
      category: identity.attr("category") ?? "",
      type: identity.attr("type") ?? "",
      name: identity.attr("name"),
      lang: identity.attr("xml:lang"),
    })),
    features: new Set(
      query
        .childrenNamed("feature")
        .map((feature) => feature.attr("var"))
        .filter((feature) => feature !== undefined),
    ),
    forms: query.childrenNamed("x", NS_DATA).map(readDataForm),
  };
}

/** XEP-0030 §4. */
export async function items(
  client: Requester,
  jid: string | Jid,
  options: DiscoOptions,
): Promise<readonly DiscoItem[]> {
  const payload = el("query", { xmlns: NS_DISCO_ITEMS, node: options.node });
  const query = await ask(client, "get", jid, payload, options);
  return query.childrenNamed("item").map((item) => ({
    jid: item.attr("jid") ?? "",
    name: item.attr("name"),
    node: item.attr("node"),
  }));
}
