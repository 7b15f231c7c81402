import { type Element, el } from "../stanza/index.ts";
import { buildDataForm, type DataForm, type FormInit, NS_DATA, readDataForm } from "./data-forms.ts";

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

/** What an entity is and can do. */
export interface DiscoInfo {
  readonly identities: readonly DiscoIdentity[];
  readonly features: ReadonlySet<string>;
  /** Service discovery extensions (XEP-0128). */
  readonly forms: readonly DataForm[];
}

/** An entity beneath another. */
export interface DiscoItem {
  readonly jid: string;
  readonly name?: string | undefined;
  readonly node?: string | undefined;
}

/** What else can be said of an entity, or of which part of it all this is said. */
export interface DiscoInfoOptions {
  /** Default: the entity itself. */
  readonly node?: string | undefined;
  /** Service discovery extensions (XEP-0128). */
  readonly forms?: readonly FormInit[] | undefined;
}

/** Asks what an entity, or a node of it, is and can do (XEP-0030 §3). */
export function buildDiscoInfoQuery(node?: string): Element {
  return el("query", { xmlns: NS_DISCO_INFO, node });
}

/** Asks what an entity, or a node of it, offers beneath it (XEP-0030 §4). */
export function buildDiscoItemsQuery(node?: string): Element {
  return el("query", { xmlns: NS_DISCO_ITEMS, node });
}

/** Answers what an entity is and can do (XEP-0030 §3). */
export function buildDiscoInfo(
  identities: readonly DiscoIdentity[],
  features: Iterable<string>,
  { node, forms = [] }: DiscoInfoOptions = {},
): Element {
  return el(
    "query",
    { xmlns: NS_DISCO_INFO, node },
    identities.map(({ category, type, name, lang }) =>
      el("identity", { category, type, name, "xml:lang": lang }),
    ),
    [...new Set(features)].map((feature) => el("feature", { var: feature })),
    forms.map(buildDataForm),
  );
}

/** Reads what an entity is and can do. */
export function readDiscoInfo(query: Element): DiscoInfo {
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

/** Answers what an entity offers beneath it (XEP-0030 §4). */
export function buildDiscoItems(items: readonly DiscoItem[], node?: string): Element {
  return el(
    "query",
    { xmlns: NS_DISCO_ITEMS, node },
    items.map(({ jid, name, node }) => el("item", { jid, name, node })),
  );
}

/** Reads what an entity offers beneath it. */
export function readDiscoItems(query: Element): DiscoItem[] {
  return query.childrenNamed("item").map((item) => ({
    jid: item.attr("jid") ?? "",
    name: item.attr("name"),
    node: item.attr("node"),
  }));
}
