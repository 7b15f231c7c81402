import { Jid } from "../../stanza/index.ts";
import type { Clock, Store } from "../../store/index.ts";
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
  #count: number | undefined;
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

  /** Whether there are fewer than so many. Those who are none any more are noticed only when there seem to be too many. */
  async isBelow(most: number): Promise<boolean> {
    const now = this.#clock.now();
    const isKnown = this.#count !== undefined && (this.#count < most || now - this.#counted < COUNT_EVERY);
    if (!isKnown) {
      this.#counted = now;
      this.#count = await this.#countAll();
    }
    return (this.#count ?? 0) < most;
  }

  /** One more has been let in. */
  added(): void {
    if (this.#count !== undefined) this.#count += 1;
  }

  async #countAll(): Promise<number> {
    let count = 0;
    for await (const page of this.pages(LARGE_PAGE))
      count += page.filter(({ record }) => isBound(record)).length;
    return count;
  }
}
