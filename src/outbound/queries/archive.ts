import { randomUUID } from "node:crypto";
import { type Jid, StanzaError } from "../../stanza/index.ts";
import {
  type ArchivedMessage,
  type ArchiveFilter,
  buildArchiveFormRequest,
  buildArchiveQuery,
  FIELD_FULL_TEXT,
  NS_DATA,
  NS_MAM,
  type PageInfo,
  type PageRequest,
  readArchiveEnd,
  readArchiveResult,
  readDataForm,
} from "../../xep/index.ts";
import type { Requester } from "../requester.ts";
import { ask, noPayload, type QueryOptions } from "./query-options.ts";

/** Which messages of an archive are wanted. */
export interface ArchiveOptions extends QueryOptions, ArchiveFilter, Omit<PageRequest, "index"> {
  /** An archive of a publish-subscribe node. */
  readonly node?: string | undefined;
}

/** What reading all of an archive takes. */
export interface ArchiveAllOptions extends Omit<ArchiveOptions, "before" | "max"> {
  /** How many are asked for at once, at most. Default: the archive decides. */
  readonly max?: number | undefined;
  /** `newest` begins with the last message and goes back. Default `oldest`. */
  readonly first?: "oldest" | "newest" | undefined;
  /** Only those before this archive id. */
  readonly before?: string | undefined;
}

/** A page of an archive. */
export interface ArchivePage extends Omit<PageInfo, "index"> {
  readonly messages: readonly ArchivedMessage[];
  /** Whether there is nothing beyond it in the direction asked for. */
  readonly complete: boolean;
}

/** XEP-0313 §4: one page. */
export async function archive(
  client: Requester,
  jid: string | Jid | undefined,
  options: ArchiveOptions,
): Promise<ArchivePage> {
  await checkFilters(client, jid, options);
  return await pageOf(client, jid, options);
}

/** XEP-0313 §4.2 with XEP-0059 §2.2 and §2.3: page after page, each asked for when the one before is used up. */
export async function* archiveAll(
  client: Requester,
  jid: string | Jid | undefined,
  { first = "oldest", ...options }: ArchiveAllOptions,
): AsyncGenerator<ArchivedMessage, void, undefined> {
  await checkFilters(client, jid, options);
  const back = first === "newest";
  let { after, before } = options;
  if (back) before ??= "";
  for (;;) {
    const page = await pageOf(client, jid, back ? { ...options, before } : { ...options, after });
    yield* back ? page.messages.toReversed() : page.messages;
    const next = back ? page.first : page.last;
    // A page that leads nowhere would be asked for without end.
    if (page.complete || next === undefined || next === (back ? before : after)) return;
    if (back) before = next;
    else after = next;
  }
}

/** By what an archive can filter: the names of the fields of its form (XEP-0313 §4.1.5). */
export async function archiveFilters(
  client: Requester,
  jid: string | Jid | undefined,
  options: QueryOptions,
): Promise<ReadonlySet<string>> {
  const query = await ask(client, "get", jid, buildArchiveFormRequest(), options);
  const form = query.child("x", NS_DATA);
  if (form === undefined) throw noPayload("x", NS_DATA);
  return new Set(readDataForm(form).fields.flatMap((field) => field.var ?? []));
}

/** An archive that does not know a filter leaves it out, and gives far more than was asked for. */
async function checkFilters(
  client: Requester,
  jid: string | Jid | undefined,
  options: ArchiveOptions,
): Promise<void> {
  if (options.text === undefined) return;
  const known = await archiveFilters(client, jid, options);
  if (known.has(FIELD_FULL_TEXT)) return;
  throw new StanzaError("feature-not-implemented", {
    text: `The archive cannot search for text: it filters by ${[...known].join(", ")} alone`,
  });
}

async function pageOf(
  client: Requester,
  jid: string | Jid | undefined,
  options: ArchiveOptions,
): Promise<ArchivePage> {
  // mod_rest finds the messages of an archive elsewhere by this.
  const queryId = randomUUID();
  const { iq, messages } = await client.exchange(
    { type: "set", to: jid, from: options.from, payload: buildArchiveQuery({ ...options, queryId }) },
    options,
  );
  const fin = iq.child("fin", NS_MAM);
  if (fin === undefined) throw noPayload("fin", NS_MAM);
  const { complete, page } = readArchiveEnd(fin);
  return {
    messages: messages
      .map((message) => readArchiveResult(message, queryId))
      .filter((result) => result !== undefined),
    complete,
    first: page?.first,
    last: page?.last,
    count: page?.count,
  };
}
