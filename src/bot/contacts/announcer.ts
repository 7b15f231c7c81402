import { randomUUID } from "node:crypto";
import { addAbortListener } from "node:events";
import type { Logger } from "pino";
import { Jid, type Presence, presence } from "../../stanza/index.ts";
import { type Clock, ConflictError, type Store } from "../../store/index.ts";
import type { Sender } from "../sender.ts";
import type { StoredContact } from "./register.ts";
import { addressed } from "./stanzas.ts";

/** @internal What an {@link Announcer} is made with. */
export interface AnnouncerOptions {
  readonly bot: Jid;
  readonly store: Pick<Store, "get" | "commit">;
  readonly sender: Sender;
  readonly clock: Clock;
  readonly log?: Logger | undefined;
  /** Sends past the queue; rejects while Prosody is away. */
  readonly direct: (stanza: Presence) => Promise<unknown>;
  pages(): AsyncIterable<readonly StoredContact[]>;
  /** What the bot is like now, in one text. */
  state(): Promise<string>;
  /** The presence that tells it. */
  presence(lang: string | undefined): Promise<Presence>;
}

/** What contacts were told last. */
interface Announced {
  /** In which life of restanza. */
  readonly life: string;
  readonly state: string;
  /** The number of the announcement, by which nobody is given it twice. */
  readonly number: number;
  /** Whether all were told. */
  readonly done: boolean;
}

const KEY = "announced";
const GONE = "gone";

/** How long to wait between two pages of contacts, in milliseconds: that is 200 of them a second. */
const PAGE_EVERY = 500;

/** How many announcements may wait to be sent, and for how long each, in milliseconds. */
const MOST_WAITING = 200;
const LONGEST_WAIT = 600_000;

/** How many are told at once that the bot ends, and how long telling them may take, in milliseconds. */
const LAST_AT_ONCE = 16;
const LAST_WORDS = 5_000;

/**
 * @internal Tells the contacts of a bot what it is like (RFC 6121 §4.2): once among all nodes that share a store, and so slowly that
 * many of them are no burst.
 */
export class Announcer {
  readonly #options: AnnouncerOptions;
  readonly #collection: string;
  #current: AbortController | undefined;
  #probing: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: AnnouncerOptions) {
    this.#options = options;
    this.#collection = `presence of ${options.bot}`;
  }

  /**
   * Tells whoever does not know yet. An announcement that is under way ends.
   *
   * @param life of restanza: in another one, nobody has been told anything.
   * @throws StoreError, and what `direct` rejects with; then it can be tried again.
   */
  announce(life: string): Promise<void> {
    this.#current?.abort();
    const current = new AbortController();
    this.#current = current;
    const announced = this.#running.then(() => this.#announce(life, current.signal));
    this.#running = announced.catch(() => undefined);
    return announced;
  }

  /** Asks who is there of all whom the bot sees (RFC 6121 §4.3). */
  async probe(): Promise<void> {
    this.#probing?.abort();
    const probing = new AbortController();
    this.#probing = probing;
    try {
      await this.#ask(`probe ${randomUUID()}`, probing.signal);
    } catch (error) {
      if (!probing.signal.aborted) throw error;
    }
  }

  /** Ends what is under way. */
  end(): void {
    this.#current?.abort();
    this.#probing?.abort();
  }

  /** Tells all that the bot is gone, as far as there is time. */
  async depart(life: string): Promise<void> {
    const { bot, clock, direct, log, pages } = this.#options;
    this.end();
    await this.#running;
    const { before } = await this.#read();
    await this.#put({ life, state: GONE, number: (before?.number ?? 0) + 1, done: true });
    const until = clock.now() + LAST_WORDS;
    let left = 0;
    for await (const page of pages()) {
      const told = page.filter(({ record }) => record.from === true);
      let at = 0;
      for (; at < told.length && clock.now() < until; at += LAST_AT_ONCE)
        await Promise.all(
          told
            .slice(at, at + LAST_AT_ONCE)
            .map(({ jid }) => direct(presence({ type: "unavailable", from: bot, to: Jid.fromWire(jid) }))),
        );
      left += Math.max(0, told.length - at);
    }
    if (left > 0)
      log?.warn(
        { contacts: left },
        `there was no time to tell ${left} contacts that the bot is gone; they see it as there until it is back and tells them`,
      );
  }

  async #announce(life: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { before, version } = await this.#read();
    const state = await this.#options.state();
    const isKnown = before?.life === life && before.state === state;
    if (isKnown && before.done) return;
    const number = (before?.number ?? 0) + (isKnown ? 0 : 1);
    const announced = { life, state, number, done: false };
    try {
      const begun = await this.#put(announced, version);
      await this.#tell(`presence ${number}`, before?.life !== life || !before.done, signal);
      await this.#put({ ...announced, done: true }, begun);
    } catch (error) {
      // Another node is at it, or there is something newer to tell.
      if (!(error instanceof ConflictError) && !signal.aborted) throw error;
    }
  }

  /** @param anew whether it is not known either who of the contacts is there. */
  async #tell(name: string, anew: boolean, signal: AbortSignal): Promise<void> {
    const { bot, direct } = this.#options;
    let isReached = !anew;
    await this.#broadcast(name, signal, async ({ jid, record: { from, lang } }) => {
      if (from !== true) return undefined;
      const told = addressed(await this.#options.presence(lang), bot, jid);
      // While Prosody is away, this waits for it, and not all others in the queue.
      if (!isReached) await direct(told);
      else return told;
      isReached = true;
      return undefined;
    });
    if (anew) await this.#ask(`${name} probe`, signal);
  }

  async #ask(name: string, signal: AbortSignal): Promise<void> {
    const { bot } = this.#options;
    await this.#broadcast(name, signal, async ({ jid, record: { to } }) =>
      to === true ? presence({ type: "probe", from: bot, to: Jid.fromWire(jid) }) : undefined,
    );
  }

  async #broadcast(
    name: string,
    signal: AbortSignal,
    make: (contact: StoredContact) => Promise<Presence | undefined>,
  ): Promise<void> {
    const { bot, clock, pages, sender } = this.#options;
    const once = `${bot} ${name}`;
    let made: Presence | undefined;
    const recipients = async function* (): AsyncGenerator<Jid> {
      let isPageSent = false;
      for await (const page of pages()) {
        if (isPageSent) await pause(clock, PAGE_EVERY, signal);
        isPageSent = false;
        for (const contact of page) {
          signal.throwIfAborted();
          made = await make(contact);
          if (made === undefined) continue;
          isPageSent = true;
          yield Jid.fromWire(contact.jid);
        }
      }
    };
    const next = (): Presence => made as Presence;
    if (sender.broadcast === undefined) {
      for await (const jid of recipients()) await sender.send(next(), { once: `${once} ${jid}` });
      return;
    }
    const expires = clock.now() + LONGEST_WAIT;
    await sender.broadcast(recipients(), next, { once, expires, signal, most: MOST_WAITING });
  }

  async #read(): Promise<{ readonly before: Announced | undefined; readonly version: number }> {
    const record = await this.#options.store.get(this.#collection, KEY);
    return { before: record?.value as Announced | undefined, version: record?.version ?? 0 };
  }

  async #put({ life, state, number, done }: Announced, ifVersion?: number): Promise<number | undefined> {
    const value = { life, state, number, done };
    const put = { collection: this.#collection, key: KEY, value, ifVersion };
    const [version] = await this.#options.store.commit([{ put }]);
    return version;
  }
}

async function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = clock.after(milliseconds, resolve);
  using _ = addAbortListener(signal, () => resolve());
  await promise;
  stop();
}
