import { randomUUID } from "node:crypto";
import { type Element, el, type Jid, Message, NS_CLIENT } from "../../stanza/index.ts";
import { buildSubmit } from "../../xep/index.ts";
import type { Requester } from "../requester.ts";
import { instant, noPayload, number, type QueryOptions } from "./query-options.ts";

/** XEP-0313: Message Archive Management. */
export const NS_MAM = "urn:xmpp:mam:2";

/** XEP-0059: Result Set Management. */
export const NS_RSM = "http://jabber.org/protocol/rsm";

const NS_FORWARD = "urn:xmpp:forward:0";
const NS_DELAY = "urn:xmpp:delay";

/** Which messages of an archive are wanted. */
export interface ArchiveOptions extends QueryOptions {
  /** Only those exchanged with this JID. */
  readonly with?: string | Jid | undefined;
  /** Only those from then on. */
  readonly start?: Date | undefined;
  /** Only those until then. */
  readonly end?: Date | undefined;
  /** Only those with these archive ids (XEP-0313 §4.1.4, where the archive has it). */
  readonly ids?: readonly string[] | undefined;
  /** How many a page has at most. Default: the archive decides. */
  readonly max?: number | undefined;
  /** Only those after this archive id. */
  readonly after?: string | undefined;
  /** Only those before this archive id, the last of them; `""` is the last page of all. */
  readonly before?: string | undefined;
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

/** A page of an archive. */
export interface ArchivePage {
  readonly messages: readonly ArchivedMessage[];
  /** Whether there is nothing beyond it in the direction asked for. */
  readonly complete: boolean;
  /** The archive ids of its first and last message, to go on from. */
  readonly first: string | undefined;
  readonly last: string | undefined;
  /** How many there are in all, where the archive tells. */
  readonly count: number | undefined;
}

/** XEP-0313 §4: one page. */
export async function archive(
  client: Requester,
  jid: string | Jid | undefined,
  options: ArchiveOptions,
): Promise<ArchivePage> {
  // mod_rest finds the messages of an archive elsewhere by this.
  const queryid = randomUUID();
  const { iq, messages } = await client.exchange(
    { type: "set", to: jid, from: options.from, payload: buildQuery(queryid, options) },
    options,
  );
  const fin = iq.child("fin", NS_MAM);
  if (fin === undefined) throw noPayload("fin", NS_MAM);
  const set = fin.child("set", NS_RSM);
  return {
    messages: messages
      .map((message) => readResult(message, queryid))
      .filter((result) => result !== undefined),
    complete: fin.attr("complete") === "true" || fin.attr("complete") === "1",
    first: set?.childText("first"),
    last: set?.childText("last"),
    count: number(set?.childText("count")),
  };
}

/** XEP-0313 §4.2 with XEP-0059 §2.2: page after page, from the oldest to the newest. */
export async function* archiveAll(
  client: Requester,
  jid: string | Jid | undefined,
  options: Omit<ArchiveOptions, "before">,
): AsyncGenerator<ArchivedMessage, void, undefined> {
  let { after } = options;
  for (;;) {
    const page = await archive(client, jid, { ...options, after });
    yield* page.messages;
    // A page that leads nowhere would be asked for without end.
    if (page.complete || page.last === undefined || page.last === after) return;
    after = page.last;
  }
}

function buildQuery(queryid: string, options: ArchiveOptions): Element {
  const filters = {
    with: options.with === undefined ? undefined : String(options.with),
    start: options.start?.toISOString(),
    end: options.end?.toISOString(),
    ids: options.ids,
  };
  const filtered = Object.values(filters).some((value) => value !== undefined);
  const { max, after, before, node } = options;
  const paged = max !== undefined || after !== undefined || before !== undefined;
  return el(
    "query",
    { xmlns: NS_MAM, queryid, node },
    filtered && buildSubmit(filters, NS_MAM),
    paged &&
      el(
        "set",
        { xmlns: NS_RSM },
        max !== undefined && el("max", {}, String(max)),
        after !== undefined && el("after", {}, after),
        before !== undefined && el("before", {}, before),
      ),
  );
}

function readResult(message: Message, queryid: string): ArchivedMessage | undefined {
  const result = message.child("result", NS_MAM);
  // Anybody can send a message that looks like a result; only the archive knows the id of the query.
  if (result?.attr("queryid") !== queryid) return undefined;
  const forwarded = result.child("forwarded", NS_FORWARD);
  const original = forwarded?.child("message", NS_CLIENT);
  if (original === undefined) return undefined;
  return {
    id: result.attr("id") ?? "",
    at: instant(forwarded?.child("delay", NS_DELAY)?.attr("stamp")),
    message: new Message(original),
  };
}
