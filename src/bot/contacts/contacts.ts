import type { Logger } from "pino";
import { Jid, type Presence, type PresenceShow, presence, writeXml } from "../../stanza/index.ts";
import { type Clock, ConflictError, MemoryStore, type Store, SYSTEM_CLOCK } from "../../store/index.ts";
import type { BotState } from "../control.ts";
import type { Catalogues } from "../i18n/catalogues.ts";
import { type FrameworkText, textsOf } from "../i18n/framework.ts";
import type { Sender } from "../sender.ts";
import { BufferedStorage } from "../storage.ts";
import type { Text } from "../text.ts";
import { Announcer, type StoredContact } from "./announcer.ts";
import { type Contact, contactOf } from "./contact.ts";
import { currentPresence, type Status } from "./current.ts";
import { type ContactRules, contactRules, type Verdict } from "./policy.ts";
import {
  ContactBook,
  type ContactRecord,
  type ContactRequest,
  contactsOf,
  isBound,
  requestsOf,
} from "./record.ts";
import { type Said, Subscriptions } from "./subscriptions.ts";

/** What {@link Contacts} are made with. */
export interface ContactsOptions {
  /** The bot's address. */
  readonly bot: Jid;
  readonly sender: Sender;
  /** Where they are kept; default: in memory, for as long as the process lives. */
  readonly store?: Pick<Store, "get" | "list" | "commit"> | undefined;
  readonly log?: Logger | undefined;
  readonly clock?: Clock | undefined;
  /** How many there may be; default 100,000. */
  readonly most?: number | undefined;
  /** What the bot is doing; default: its handlers run. */
  readonly state?: (() => BotState) | undefined;
  /** Adds what every presence of the bot carries; default: nothing. */
  readonly decorate?: ((presence: Presence) => Presence) | undefined;
  /** Sends past the queue, and rejects while Prosody is away; default: the sender. */
  readonly direct?: ((stanza: Presence) => Promise<unknown>) | undefined;
  /** Tells those who decide that somebody asks, once under the name given. Returns whether there is anybody. */
  readonly askAdmins?: ((asker: Jid, once: string) => Promise<boolean>) | undefined;
  /** Whether an account is of those who decide; default: none is. */
  readonly isAdmin?: ((account: Jid) => boolean) | undefined;
}

/** Somebody who waits for an admin to let them see when the bot is there. */
export interface WaitingContact {
  readonly jid: Jid;
  /** In milliseconds since 1970. */
  readonly since: number;
}

/** What a bot can say of itself: `available`, or in which way it is not quite. */
export type BotShow = "available" | PresenceShow;

const MOST_CONTACTS = 100_000;
const PAGE = 100;
/** In one page, where nothing is done about each. */
const LARGE_PAGE = 1_000;
/** How many requests are looked through for those that wait. */
const MOST_LISTED = 1_000;
const MOST_TRIES = 20;
/** How often contacts are counted at most, in milliseconds. */
const COUNT_EVERY = 60_000;
const LONGEST_STATUS = 1_000;

/**
 * The contacts of one bot: who sees when it is there, whom it sees, and who of those is there. They are stored, so that they outlive the
 * process and are the same for every node.
 *
 * What is changed here is stored at once, whatever becomes of the handler that does it.
 *
 * @example
 * ```ts
 * import { defineBot } from "restanza";
 *
 * export default defineBot({
 *   name: "duty",
 *   summary: "tells who is there",
 *   contacts: { policy: { allow: ["example.com"] }, mutual: true, greeting: "Write: who" },
 *   routes(bot) {
 *     bot.hears("who", async (ctx) => {
 *       const there: string[] = [];
 *       for await (const { jid, online } of ctx.bot.contacts.list()) if (online) there.push(jid.toString());
 *       return there.join(", ") || "Nobody.";
 *     });
 *   },
 * });
 * ```
 */
export class Contacts {
  readonly #options: ContactsOptions;
  readonly #bot: string;
  readonly #store: Pick<Store, "get" | "list" | "commit">;
  readonly #clock: Clock;
  readonly #announcer: Announcer;
  readonly #subscriptions: Subscriptions;
  #rules: ContactRules = contactRules();
  #texts: Catalogues<FrameworkText> = textsOf(undefined);
  #life: string | undefined;
  #count: number | undefined;
  /** When they were counted last. */
  #counted = 0;

  constructor(options: ContactsOptions) {
    const { bot, sender, store = new MemoryStore(), clock = SYSTEM_CLOCK, direct, log, askAdmins } = options;
    this.#options = options;
    this.#bot = bot.toString();
    this.#store = store;
    this.#clock = clock;
    this.#announcer = new Announcer({
      bot,
      store,
      sender,
      clock,
      log,
      direct: direct ?? ((stanza) => sender.send(stanza)),
      pages: () => this.#pages(),
      state: async () => writeXml((await this.presence()).element) + JSON.stringify(await this.#status()),
      presence: (lang) => this.presence(lang),
    });
    const { most = MOST_CONTACTS } = options;
    this.#subscriptions = new Subscriptions({
      bot,
      clock,
      log,
      rules: () => this.#rules,
      judge: (account) => this.judge(account),
      texts: () => this.#texts,
      life: () => this.#life,
      presence: (lang) => this.presence(lang),
      most,
      contacts: () => this.#countAll(most),
      requests: (limit) => this.#requests(limit),
      added: () => {
        if (this.#count !== undefined) this.#count += 1;
      },
      askAdmins,
    });
  }

  /** A contact, by any of its addresses; `undefined` where there is nothing between the bot and it. */
  async get(jid: Jid | string): Promise<Contact | undefined> {
    const key = bareOf(jid);
    const record = (await this.#store.get(contactsOf(this.#bot), key))?.value as ContactRecord | undefined;
    if (record === undefined) return undefined;
    const contact = contactOf(key, record, this.#life);
    return isAnything(contact) ? contact : undefined;
  }

  /** All contacts, in the order of their addresses. */
  async *list(): AsyncGenerator<Contact, void> {
    for await (const page of this.#pages())
      for (const { jid, record } of page) {
        const contact = contactOf(jid, record, this.#life);
        if (isAnything(contact)) yield contact;
      }
  }

  /** Who waits for an admin, in the order of their addresses. */
  async requests(): Promise<readonly WaitingContact[]> {
    const found = await this.#requests(MOST_LISTED);
    return found.filter(({ refused }) => refused !== true).map(({ jid, since }) => ({ jid, since }));
  }

  /**
   * Lets somebody see when the bot is there: at once where they have asked, else as soon as they ask (RFC 6121 §3.4).
   *
   * @returns whether they had asked.
   */
  async accept(jid: Jid | string): Promise<boolean> {
    const key = bareOf(jid);
    let had = false;
    await this.#change(async (book) => {
      const [record = {}, request] = await Promise.all([book.contact(key), book.request(key)]);
      had = request !== undefined && request.refused !== true;
      if (request !== undefined) book.deleteRequest(key);
      if (had)
        return await this.#subscriptions.letIn(
          book,
          key,
          { ...record, lang: request?.lang },
          "contactAccepted",
        );
      if (record.from !== true) book.put(key, { ...record, approved: true });
      return [];
    });
    return had;
  }

  /**
   * Has somebody not see any more when the bot is there (RFC 6121 §3.2); where they wait for an answer, it is no, for 30 days.
   *
   * @returns whether there was anything to refuse.
   */
  async refuse(jid: Jid | string): Promise<boolean> {
    const key = bareOf(jid);
    let had = false;
    await this.#change(async (book) => {
      const [record = {}, request] = await Promise.all([book.contact(key), book.request(key)]);
      const waits = request !== undefined && request.refused !== true;
      const sees = record.from === true;
      had = waits || sees || record.approved === true;
      if (!had) return [];
      if (waits) book.putRequest(key, { ...request, refused: true });
      if (sees || record.approved === true) book.put(key, { ...record, from: false, approved: false });
      const said: Said[] = [this.#subscriptions.refused(key)];
      if (sees) said.push(this.#subscriptions.to(key, presence({ type: "unavailable" })));
      if (waits) said.push(this.#subscriptions.words(key, "contactRefused", request.lang));
      return waits || sees ? said : [];
    });
    return had;
  }

  /** Asks to see when somebody is there (RFC 6121 §3.1); once they let the bot, `presence:subscribed` comes, and their presence. */
  async subscribe(jid: Jid | string): Promise<void> {
    const key = bareOf(jid);
    await this.#change(async (book) => {
      const record = (await book.contact(key)) ?? {};
      if (record.to === true) return [];
      if (record.asked !== true) book.put(key, { ...record, asked: true });
      return [this.#subscriptions.to(key, presence({ type: "subscribe" }))];
    });
  }

  /** Does not want to see any more when somebody is there (RFC 6121 §3.3). */
  async unsubscribe(jid: Jid | string): Promise<void> {
    const key = bareOf(jid);
    await this.#change(async (book) => {
      const record = await book.contact(key);
      if (record?.to !== true && record?.asked !== true) return [];
      book.put(key, { ...record, to: false, asked: false, resources: [] });
      return [this.#subscriptions.to(key, presence({ type: "unsubscribe" }))];
    });
  }

  /** Ends whatever there is between the bot and somebody, both ways. */
  async remove(jid: Jid | string): Promise<void> {
    await this.unsubscribe(jid);
    await this.refuse(jid);
  }

  /**
   * Says what the bot is like at the moment, to all who see it, until it says something else: also after a restart.
   *
   * @param text in words for people, in one language or several; at most 1,000 characters in all. Default: none.
   * @throws RangeError when it is longer.
   * @example
   * ```ts
   * import { defineBot } from "restanza";
   *
   * export default defineBot({
   *   name: "baker",
   *   summary: "takes orders for bread",
   *   routes(bot) {
   *     bot.every("0 18 * * *", { name: "close", zone: "Europe/Rome" }, async ({ bot: { contacts } }) => {
   *       await contacts.status("away", { en: "Back at 9", it: "Torno alle 9" });
   *     });
   *     bot.every("0 9 * * *", { name: "open", zone: "Europe/Rome" }, async ({ bot: { contacts } }) => {
   *       await contacts.status("available");
   *     });
   *   },
   * });
   * ```
   */
  async status(show: BotShow, text?: Text): Promise<void> {
    const length = Object.values(typeof text === "string" ? { text } : (text ?? {})).join("").length;
    if (length > LONGEST_STATUS)
      throw new RangeError(
        `a status has at most ${LONGEST_STATUS} characters, as everybody gets it; this one has ${length}`,
      );
    const value = { ...(show !== "available" && { show }), ...(text !== undefined && { text }) };
    await this.#store.commit([{ put: { ...this.#statusPlace, value } }]);
    this.announce().catch((error: unknown) => {
      this.#options.log?.error({ err: error }, "the contacts could not be told what the bot is like");
    });
  }

  /** The presence of the bot as it is now, without an address: what it has said of itself, or that it is paused or switched off. */
  async presence(lang?: string): Promise<Presence> {
    const current = currentPresence(this.#state, await this.#status(), this.#texts, lang);
    return current.type === "available" ? (this.#options.decorate?.(current) ?? current) : current;
  }

  /** @internal Takes the rules of another version of the bot. */
  configure(rules: ContactRules, texts: Catalogues<FrameworkText> | undefined): void {
    this.#rules = rules;
    this.#texts = texts ?? textsOf(undefined);
  }

  /** @internal Begins to tell the contacts what the bot is like. @param life of restanza: the same for all nodes that are there together. */
  begin(life: string): void {
    this.#life = life;
  }

  /** @internal Tells the contacts what the bot is like now, unless they know. */
  async announce(): Promise<void> {
    if (this.#life !== undefined) await this.#announcer.announce(this.#life);
  }

  /** @internal Asks which of them are there, as their server may have forgotten to tell. */
  async probe(): Promise<void> {
    if (this.#life !== undefined) await this.#announcer.probe();
  }

  /** @internal Tells them that it is gone, unless it was before. */
  async depart(): Promise<void> {
    const life = this.#life;
    this.#life = undefined;
    if (life !== undefined && this.#state !== "disabled") await this.#announcer.depart(life);
    else this.#announcer.end();
  }

  /** @internal Ends telling them, as another node does that. */
  end(): void {
    this.#life = undefined;
    this.#announcer.end();
  }

  /** @internal What becomes of somebody who wants to be a contact, and is none. */
  judge(account: Jid): Verdict {
    const verdict = this.#rules.judge(account);
    return verdict === "ask" && this.#options.isAdmin?.(account) === true ? "accept" : verdict;
  }

  /** @internal Learns from presence that comes from outside of rooms. */
  async observe(stanza: Presence, from: Jid): Promise<void> {
    await this.#change(async (book) => {
      await this.#subscriptions.observe(book, stanza, from);
      return [];
    });
  }

  /** @internal Answers who wants to see when the bot is there. */
  async answerWish(stanza: Presence, from: Jid): Promise<void> {
    await this.#change((book) => this.#subscriptions.wanted(book, stanza, from));
  }

  /** @internal Answers a server that asks for the bot's presence. */
  async answerProbe(stanza: Presence, from: Jid): Promise<void> {
    await this.#change((book) => this.#subscriptions.probed(book, stanza, from));
  }

  /** Changes contacts, and says what follows, together or not at all; anew where somebody else has changed them meanwhile. */
  async #change(work: (book: ContactBook) => Promise<readonly Said[]>): Promise<void> {
    const { sender } = this.#options;
    for (let tries = 1; ; tries += 1) {
      const effects = new BufferedStorage(this.#store, this.#bot, this.#clock);
      const said = await work(new ContactBook(effects));
      const writes = effects.conclude();
      try {
        if (sender.enqueue !== undefined && said.length > 0) await sender.enqueue(said, { along: writes });
        else {
          if (writes.length > 0) await this.#store.commit(writes);
          for (const stanza of said) await sender.send(stanza);
        }
        return;
      } catch (error) {
        if (!(error instanceof ConflictError) || tries === MOST_TRIES) throw error;
      }
    }
  }

  async #requests(limit: number): Promise<readonly (ContactRequest & { readonly jid: Jid })[]> {
    const found = await this.#store.list(requestsOf(this.#bot), { limit });
    return found.map(({ key, value }) => ({ jid: Jid.parse(key), ...(value as unknown as ContactRequest) }));
  }

  get #state(): BotState {
    return this.#options.state?.() ?? "running";
  }

  get #statusPlace(): { readonly collection: string; readonly key: string } {
    return { collection: `presence of ${this.#bot}`, key: "status" };
  }

  async #status(): Promise<Status> {
    const { collection, key } = this.#statusPlace;
    return ((await this.#store.get(collection, key))?.value ?? {}) as Status;
  }

  /** Those who are none any more are noticed only when there seem to be too many: then they are counted anew. */
  async #countAll(most: number): Promise<number> {
    const now = this.#clock.now();
    if (this.#count !== undefined && (this.#count < most || now - this.#counted < COUNT_EVERY))
      return this.#count;
    this.#counted = now;
    let count = 0;
    for await (const page of this.#pages(LARGE_PAGE))
      count += page.filter(({ record }) => isBound(record)).length;
    this.#count = count;
    return count;
  }

  async *#pages(limit: number = PAGE): AsyncGenerator<readonly StoredContact[], void> {
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
}

function bareOf(jid: Jid | string): string {
  return Jid.parse(jid).bare.toString();
}

function isAnything({ subscription, asked, approved }: Contact): boolean {
  return subscription !== "none" || asked || approved;
}
