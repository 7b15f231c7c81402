import type { Element } from "../../stanza/index.ts";
import { buildDiscoInfo, buildVersion, NS_DISCO_INFO, NS_MAM, NS_PING, NS_VERSION } from "../../xep/index.ts";
import type { Account } from "./account.ts";
import { bareOf } from "./addresses.ts";
import { emptyReply, errorReply } from "./answers.ts";
import type { Archive } from "./archive.ts";

const NS_ROSTER = "jabber:iq:roster";

/** What a VirtualHost itself answers to a request to its domain; `undefined` where it does not know the payload. */
export function hostQuery(stanza: Element): Element | undefined {
  const payload = stanza.elements[0];
  if (payload === undefined || stanza.attr("type") !== "get") return undefined;
  if (payload.is("ping", NS_PING)) return emptyReply(stanza);
  if (payload.is("query", NS_VERSION)) {
    return emptyReply(stanza).withChildren(
      buildVersion({ name: "Prosody", version: "the double", os: undefined }),
    );
  }
  if (!payload.is("query", NS_DISCO_INFO)) return undefined;
  return emptyReply(stanza).withChildren(disco("server", "im"));
}

/** What a VirtualHost answers on behalf of an account; the last of several answers is the IQ. */
export function accountQuery(account: Account, stanza: Element): Element[] | undefined {
  const payload = stanza.elements[0];
  const own = bareOf(stanza.attr("from") ?? "") === account.jid;
  if (payload === undefined) return undefined;
  if (payload.is("query", NS_DISCO_INFO)) {
    return [
      own
        ? emptyReply(stanza).withChildren(disco("account", "registered"))
        : errorReply(stanza, "cancel", "service-unavailable"),
    ];
  }
  if (!own) return undefined;
  if (payload.is("query", NS_ROSTER) && stanza.attr("type") === "get") {
    return [emptyReply(stanza).withChildren(account.roster(account.sessions.get(stanza.attr("from") ?? "")))];
  }
  if (payload.is("query", NS_MAM)) return archiveQuery(account.archive, stanza);
  return undefined;
}

/** What an archive answers; the last of several answers is the IQ. */
export function archiveQuery(archive: Archive, stanza: Element, from?: string): Element[] {
  const [payload] = stanza.elements;
  if (payload === undefined || stanza.attr("type") === "get")
    return [emptyReply(stanza).withChildren(archive.form)];
  const to = stanza.attr("from") ?? "";
  const answer = archive.query(payload, from === undefined ? { to } : { to, from });
  if (answer === undefined) return [errorReply(stanza, "modify", "item-not-found")];
  return [...answer.results, emptyReply(stanza).withChildren(answer.fin)];
}

function disco(category: string, type: string): Element {
  return buildDiscoInfo([{ category, type, name: "Prosody" }], [NS_DISCO_INFO]);
}
