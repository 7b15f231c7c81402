import { type Element, el } from "../stanza/index.ts";

/** XEP-0030: Service Discovery, what an entity is and can do. */
export const NS_DISCO_INFO = "http://jabber.org/protocol/disco#info";

/** XEP-0030: Service Discovery, what an entity offers beneath it. */
export const NS_DISCO_ITEMS = "http://jabber.org/protocol/disco#items";

/** An identity of the registry at https://xmpp.org/registrar/disco-categories.html. */
export interface DiscoIdentity {
  readonly category: string;
  readonly type: string;
  readonly name?: string | undefined;
  readonly lang?: string | undefined;
}

/** An entity beneath another. */
export interface DiscoItem {
  readonly jid: string;
  readonly name?: string | undefined;
  readonly node?: string | undefined;
}

/** Answers what an entity is and can do (XEP-0030 §3). */
export function buildDiscoInfo(identities: readonly DiscoIdentity[], features: Iterable<string>): Element {
  return el(
    "query",
    { xmlns: NS_DISCO_INFO },
    identities.map(({ category, type, name, lang }) =>
      el("identity", { category, type, name, "xml:lang": lang }),
    ),
    [...new Set(features)].map((feature) => el("feature", { var: feature })),
  );
}

/** Answers what an entity offers beneath it (XEP-0030 §4). */
export function buildDiscoItems(items: readonly DiscoItem[]): Element {
  return el(
    "query",
    { xmlns: NS_DISCO_ITEMS },
    items.map(({ jid, name, node }) => el("item", { jid, name, node })),
  );
}
