import type { Presence, PresenceShow } from "../../stanza/index.ts";
import type { JsonValue } from "../../store/index.ts";
import { capsNode, readCaps, readIdle } from "../../xep/index.ts";
import type { Effects, Storage } from "../storage.ts";

/** @internal What is stored of one client of a contact. */
export interface StoredResource {
  /** Empty where the presence had none. */
  readonly resource: string;
  readonly show?: PresenceShow | undefined;
  readonly status?: string | undefined;
  readonly priority: number;
  readonly caps?: string | undefined;
  readonly idle?: number | undefined;
  readonly since: number;
}

/** @internal What is stored of a contact: its part of a roster (RFC 6121 §2.1.2), and who of its clients is there. */
export interface ContactRecord {
  /** Whether it sees the bot's presence. */
  readonly from?: boolean | undefined;
  /** Whether the bot sees its presence. */
  readonly to?: boolean | undefined;
  /** Whether the bot has asked to. */
  readonly asked?: boolean | undefined;
  /** Whether it may see the bot's presence as soon as it asks. */
  readonly approved?: boolean | undefined;
  readonly greeted?: boolean | undefined;
  /** The language in which it has asked. */
  readonly lang?: string | undefined;
  /** The life of restanza in which the resources were told: of an earlier one they may have gone unheard. */
  readonly life?: string | undefined;
  /** The one that was heard of last comes last. */
  readonly resources?: readonly StoredResource[] | undefined;
}

/** @internal Somebody who waits for an admin, or whom an admin has refused. */
export interface ContactRequest {
  /** In milliseconds since 1970. */
  readonly since: number;
  readonly lang?: string | undefined;
  readonly refused?: boolean | undefined;
}

/** How many clients of one contact are remembered, and how much of what each says. */
const MOST_RESOURCES = 16;
const LONGEST_STATUS = 300;
const LONGEST_CAPS = 300;
const LONGEST_TAG = 35;

const DAY = 24 * 60 * 60 * 1_000;

/** How long it is remembered that somebody was greeted who is no contact any more, in milliseconds. */
const GREETING_REMEMBERED = 90 * DAY;

/** How long a request waits, and a refusal holds, in milliseconds. */
const REQUEST_LIFE = 30 * DAY;

const CONTACTS = "contacts";
const REQUESTS = "contact requests";

/** @internal The collections of a bot's contacts, and of those who ask to be. */
export function contactsOf(bot: string): string {
  return `bot ${bot} ${CONTACTS}`;
}

/** @internal */
export function requestsOf(bot: string): string {
  return `bot ${bot} ${REQUESTS}`;
}

/** @internal The contacts of a bot, as the handling of one stanza changes them. */
export class ContactBook {
  readonly #contacts: Storage;
  readonly #requests: Storage;
  readonly #languages: Storage;

  constructor(effects: Pick<Effects, "area">) {
    this.#contacts = effects.area(CONTACTS, { guarded: true });
    this.#requests = effects.area(REQUESTS, { guarded: true });
    this.#languages = effects.area("languages");
  }

  async contact(jid: string): Promise<ContactRecord | undefined> {
    return (await this.#contacts.get(jid)) as ContactRecord | undefined;
  }

  put(jid: string, record: ContactRecord): void {
    if (isBound(record)) this.#contacts.set(jid, compact(record));
    else if (record.greeted) this.#contacts.set(jid, { greeted: true }, { ttl: GREETING_REMEMBERED });
    else this.#contacts.delete(jid);
  }

  async request(jid: string): Promise<ContactRequest | undefined> {
    return (await this.#requests.get(jid)) as ContactRequest | undefined;
  }

  putRequest(jid: string, request: ContactRequest): void {
    this.#requests.set(jid, compact(request), { ttl: REQUEST_LIFE });
  }

  /** The language that somebody has chosen for the bot. */
  async chosenLanguage(jid: string): Promise<string | undefined> {
    return await this.#languages.get<string>(jid);
  }

  deleteRequest(jid: string): void {
    this.#requests.delete(jid);
  }
}

/** @internal Whether there is anything between the bot and this contact. */
export function isBound({ from, to, asked, approved }: ContactRecord): boolean {
  return from === true || to === true || asked === true || approved === true;
}

/**
 * @internal What follows from the presence of a contact, for who is there.
 *
 * @returns the same record where nothing does.
 */
export function withPresence(
  record: ContactRecord,
  stanza: Presence,
  { life, now }: { readonly life: string | undefined; readonly now: number },
): ContactRecord {
  const before = record.life === life ? (record.resources ?? []) : [];
  const resource = stanza.from?.resource ?? "";
  const known = before.find((each) => each.resource === resource);
  const others = before.filter((each) => each !== known);
  if (stanza.type !== "available") {
    const left = resource === "" ? [] : others;
    return left.length === (record.resources ?? []).length ? record : { ...record, life, resources: left };
  }
  const heard: StoredResource = {
    resource,
    show: stanza.show,
    status: shortened(stanza.status, LONGEST_STATUS),
    priority: stanza.priority,
    caps: capsOf(stanza),
    idle: readIdle(stanza)?.getTime(),
    since: now,
  };
  if (known !== undefined && isSame(known, heard)) return record;
  return { ...record, life, resources: [...others, heard].slice(-MOST_RESOURCES) };
}

/** @internal The language of a stanza, to be stored. */
export function langOf({ lang }: { readonly lang: string | undefined }): string | undefined {
  return shortened(lang, LONGEST_TAG);
}

/** What tells what a client can do (XEP-0115 §4): the node and the hash. */
function capsOf(stanza: Presence): string | undefined {
  const caps = readCaps(stanza);
  const node = caps && capsNode(caps);
  return node !== undefined && node.length <= LONGEST_CAPS ? node : undefined;
}

function isSame(one: StoredResource, other: StoredResource): boolean {
  return (
    one.show === other.show &&
    one.status === other.status &&
    one.priority === other.priority &&
    one.caps === other.caps &&
    one.idle === other.idle
  );
}

function shortened(text: string | undefined, longest: number): string | undefined {
  return text === undefined || text.length <= longest ? text : text.slice(0, longest).toWellFormed();
}

/** As JSON has it, without what is not so. */
function compact(record: object): JsonValue {
  const told = Object.entries(record).filter(([, value]) => value !== undefined && value !== false);
  return JSON.parse(JSON.stringify(Object.fromEntries(told))) as JsonValue;
}
