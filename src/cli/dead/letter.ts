import { type JsonObject, type JsonValue, readStanza, type Stanza } from "../../stanza/index.ts";
import type { QueueEntry } from "../../store/index.ts";

/** The queues from which stanzas are put aside. */
export const LETTER_QUEUES = ["inbox", "outbox"] as const;

/** A key of {@link LETTER_QUEUES}. */
export type LetterQueue = (typeof LETTER_QUEUES)[number];

/** A stanza of a queue as its operator sees it. */
export interface Letter {
  readonly queue: LetterQueue;
  readonly id: string;
  readonly state: QueueEntry["state"];
  /** When it was queued, in milliseconds since 1970. */
  readonly since: number;
  readonly attempts: number;
  readonly conversation: string;
  /** The address of the bot that it is for, or from. */
  readonly bot: string;
  /** Who is at the other end. */
  readonly partner: string;
  readonly kind: string;
  /** What was due, such as `timer tea`, where it is no stanza that has come. */
  readonly timer: string | undefined;
  /** Why it was put aside. */
  readonly error: string;
  readonly xml: string;
}

/** Reads an entry of a queue. What cannot be read is shown all the same: it may be the very reason why it is there. */
export function letterOf(entry: QueueEntry): Letter {
  const { id, state, since, attempts, key, error = "" } = entry;
  const queue = entry.queue as LetterQueue;
  const payload = fieldsOf(entry.payload);
  const xml = text(payload["xml"]);
  const stanza = stanzaOf(xml);
  const bot = queue === "inbox" ? text(payload["bot"]) : addressOf(stanza, "from");
  const partner = queue === "inbox" ? addressOf(stanza, "from") : text(payload["to"]);
  return {
    queue,
    id,
    state,
    since,
    attempts,
    conversation: key,
    bot: bot || text(payload["domain"]),
    partner,
    kind: stanza?.kind ?? "",
    timer: timerOf(fieldsOf(payload["timer"])),
    error,
    xml,
  };
}

/** A letter for programs; times as in ISO 8601. */
export function letterAsJson({ queue, id, state, since, partner, ...rest }: Letter): object {
  const [from, to] = queue === "inbox" ? [partner, rest.bot] : [rest.bot, partner];
  return { queue, id, state, since: new Date(since).toISOString(), from, to, ...rest };
}

/** What went wrong, in a line. */
export function reasonOf({ error }: Letter): string {
  return error.split("\n", 1)[0] ?? "";
}

function timerOf({ kind, name }: JsonObject): string | undefined {
  if (kind === undefined) return undefined;
  return kind === "dialog" ? "dialog" : `${text(kind)} ${text(name)}`;
}

function fieldsOf(payload: JsonValue | undefined): JsonObject {
  return typeof payload === "object" && payload !== null ? (payload as JsonObject) : {};
}

function text(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

function stanzaOf(xml: string): Stanza | undefined {
  try {
    return readStanza(xml);
  } catch {
    return undefined;
  }
}

function addressOf(stanza: Stanza | undefined, which: "from" | "to"): string {
  return stanza?.element.attr(which) ?? "";
}
