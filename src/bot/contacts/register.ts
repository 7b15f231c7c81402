import { Jid } from "../../stanza/index.ts";
import type { Clock, Store } from "../../store/index.ts";
import { familyOf } from "./domains.ts";
import { type ContactRecord, type ContactRequest, contactsOf, isBound, requestsOf } from "./record.ts";

/** @internal A contact as it is stored. */
export interface StoredContact {
  readonly jid: string;
  readonly record: ContactRecord;
}

/** @internal Somebody who waits for an admin, or whom an admin has refused, by their bare JID. */
export interface StoredRequest extends ContactRequest {
  readonly jid: Jid;
}

/** @internal How many contacts there are. */
export interface ContactCount {
  readonly all: number;
  /** By the families of their domains. */
  readonly of: ReadonlyMap<string, number>;
}

const PAGE = 100;
/** In one page, where nothing is done about each. */
const LARGE_PAGE = 1_000;
/** How often contacts are counted at most, in milliseconds. */
const COUNT_EVERY = 60_000;

/** @internal The contacts of a bot as they are stored, to be read. */
export class ContactRegister {
  readonly #bot: string;
  readonly #store: Pick<Store, "get" | "list">;
  readonly #clock: Clock;
  #count: Counted | undefined;
  /** When they were counted last. */
  #counted = 0;

  constructor(bot: Jid, store: Pick<Store, "get" | "list">, clock: Clock) {
    this.#bot = bot.toString();
    this.#store = store;
    this.#clock = clock;
  }

  async get(jid: string): Promise<ContactRecord | undefined> {
    return (await this.#store.get(contactsOf(this.#bot), jid))?.value as ContactRecord | undefined;
  }

  /** All of them, in the order of their addresses. */
  async *pages(limit: number = PAGE): AsyncGenerator<readonly StoredContact[], void> {
    for (let after: string | undefined; ; ) {
      const page = await this.#store.list(contactsOf(this.#bot), {
        limit,
        ...(after !== undefined && { after }),
      });
      if (page.length > 0) yield page.map(({ key, value }) => ({ jid: key, record: value as ContactRecord }));
      after = page.at(-1)?.key;
      if (page.length < limit) return;
    }
  }

  /** So many at most of those who wait for an admin, or were refused lately. */
  async requests(limit: number): Promise<readonly StoredRequest[]> {
    const found = await this.#store.list(requestsOf(this.#bot), { limit });
    return found.map(({ key, value }) => ({
      jid: Jid.fromWire(key),
      ...(value as unknown as ContactRequest),
    }));
  }

  /** How many there are. Those who are none any more are noticed only when there seem to be too many. */
  async count(isTooMany: (count: ContactCount) => boolean): Promise<ContactCount> {
    const now = this.#clock.now();
    if (this.#count !== undefined && (!isTooMany(this.#count) || now - this.#counted < COUNT_EVERY))
      return this.#count;
    this.#counted = now;
    this.#count = await this.#countAll();
    return this.#count;
  }

  /** One more has been let in. */
  added(jid: string): void {
    this.#count?.add(jid);
  }

  async #countAll(): Promise<Counted> {
    const count = new Counted();
    for await (const page of this.pages(LARGE_PAGE))
      for (const { jid, record } of page) if (isBound(record)) count.add(jid);
    return count;
  }
}

class Counted implements ContactCount {
  readonly of = new Map<string, number>();
  all = 0;

  add(jid: string): void {
    const family = familyOf(Jid.fromWire(jid).domain);
    this.all += 1;
    this.of.set(family, (this.of.get(family) ?? 0) + 1);
  }
}
