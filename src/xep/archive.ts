import { type Element, el, type Jid, Message, NS_CLIENT } from "../stanza/index.ts";
import { buildSubmit } from "./data-forms.ts";
import { NS_DELAY } from "./delay.ts";
import { buildForwarded, NS_FORWARD } from "./forwarding.ts";
import { buildPageInfo, buildPageRequest, type PageInfo, type PageRequest, readPageInfo } from "./rsm.ts";
import { readBoolean, readInstant, writeInstant } from "./values.ts";

/** XEP-0313: Message Archive Management; also its feature. */
export const NS_MAM = "urn:xmpp:mam:2";

/** XEP-0431: Full Text Search in MAM; also the feature of an archive that has it. */
export const NS_FULL_TEXT = "urn:xmpp:fulltext:0";

/** The field of the query's form that searches the bodies (XEP-0431 §3.1). */
export const FIELD_FULL_TEXT = `{${NS_FULL_TEXT}}fulltext`;

/** Which messages of an archive are wanted. */
export interface ArchiveFilter {
  /** Only those exchanged with this JID. */
  readonly with?: string | Jid | undefined;
  /** Only those from then on. */
  readonly start?: Date | undefined;
  /** Only those until then. */
  readonly end?: Date | undefined;
  /** Only those with these archive ids (XEP-0313 §4.1.3, where the archive has it). */
  readonly ids?: readonly string[] | undefined;
  /** Only those with these words in them (XEP-0431, where the archive has it). */
  readonly text?: string | undefined;
}

/** A question to an archive. */
export interface ArchiveQuery extends ArchiveFilter, PageRequest {
  /** What the results name, so that nobody else's are taken for them. */
  readonly queryId: string;
  /** An archive of a publish-subscribe node. */
  readonly node?: string | undefined;
}

/** One message of an archive. */
export interface ArchivedMessage {
  /** Its id in the archive. */
  readonly id: string;
  /** When it was stored. */
  readonly at: Date | undefined;
  readonly message: Message;
}

/** What follows the results. */
export interface ArchiveEnd {
  /** Whether there is nothing beyond them in the direction asked for. */
  readonly complete: boolean;
  readonly page: PageInfo | undefined;
}

/** Asks for messages of an archive (XEP-0313 §4.1 to §4.3). */
export function buildArchiveQuery(query: ArchiveQuery): Element {
  const { queryId, node, start, end, ids, text } = query;
  const filters = {
    with: query.with === undefined ? undefined : String(query.with),
    start: start && writeInstant(start),
    end: end && writeInstant(end),
    ids,
    [FIELD_FULL_TEXT]: text,
  };
  const filtered = Object.values(filters).some((value) => value !== undefined);
  return el(
    "query",
    { xmlns: NS_MAM, queryid: queryId, node },
    filtered && buildSubmit(filters, NS_MAM),
    buildPageRequest(query),
  );
}

/** Asks by what an archive can filter; the answer holds a form (XEP-0313 §4.1.5). */
export function buildArchiveFormRequest(): Element {
  return el("query", { xmlns: NS_MAM });
}

/**
 * One result of a query; `undefined` where the message is none of this query. The caller knows whether it came from the archive: anybody
 * can send a message that looks like a result.
 */
export function readArchiveResult(message: Message, queryId: string): ArchivedMessage | undefined {
  const result = message.child("result", NS_MAM);
  if (result?.attr("queryid") !== queryId) return undefined;
  const forwarded = result.child("forwarded", NS_FORWARD);
  const original = forwarded?.child("message", NS_CLIENT);
  if (original === undefined) return undefined;
  return {
    id: result.attr("id") ?? "",
    at: readInstant(forwarded?.child("delay", NS_DELAY)?.attr("stamp")),
    message: new Message(original),
  };
}

/**
 * Answers a query with one of the messages: the payload of a message to who asks, before {@link buildArchiveEnd}. For a component that
 * has an archive, such as of rooms of its own.
 *
 * @param queryId what the query names itself by, if it does.
 */
export function buildArchiveResult({ id, at, message }: ArchivedMessage, queryId?: string): Element {
  const delay = at && { stamp: at, from: undefined };
  return el("result", { xmlns: NS_MAM, queryid: queryId, id }, buildForwarded({ stanza: message, delay }));
}

/** Reads the `<fin/>` that answers a query (XEP-0313 §4). */
export function readArchiveEnd(fin: Element): ArchiveEnd {
  return { complete: readBoolean(fin.attr("complete")), page: readPageInfo(fin) };
}

/** Ends the results of a query. */
export function buildArchiveEnd({ complete, page }: ArchiveEnd): Element {
  return el("fin", { xmlns: NS_MAM, complete: complete || undefined }, page && buildPageInfo(page));
}
