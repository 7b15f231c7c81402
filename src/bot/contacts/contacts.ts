import type { Logger } from "pino";
import { Jid, type Presence, writeXml } from "../../stanza/index.ts";
import { type Clock, MemoryStore, type Store, SYSTEM_CLOCK } from "../../store/index.ts";
import type { BotState } from "../control.ts";
import type { Catalogues } from "../i18n/catalogues.ts";
import { type FrameworkText, textsOf } from "../i18n/framework.ts";
import type { Sender } from "../sender.ts";
import type { Text } from "../text.ts";
import { Admission } from "./admission.ts";
import { Announcer } from "./announcer.ts";
import { type ChangeContacts, changer } from "./changes.ts";
import { type Contact, contactOf, isAnything } from "./contact.ts";
import { currentPresence } from "./current.ts";
import { OwnSide } from "./own-side.ts";
import { type ContactRules, contactRules, type Verdict } from "./policy.ts";
import { ContactRegister } from "./register.ts";
import { seldom } from "./seldom.ts";
import { ContactStanzas } from "./stanzas.ts";
import { type BotShow, StatusStore } from "./status.ts";
import { Subscriptions } from "./subscriptions.ts";
import { Waiting } from "./waiting.ts";

/** What {@link Contacts} are made with. */
export interface ContactsOptions {
  /** The bot's address. */
  readonly bot: Jid;
  readonly sender: Sender;
  /** Where they are kept; default: in memory, for as long as the process lives. */
  readonly store?: Pick<Store, "get" | "list" | "commit"> | undefined;
  readonly log?: Logger | undefined;
  readonly clock?: Clock | undefined;
  /** How many there may be; default 100,000. Half of them at most are of one domain that is not the bot's own. */
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

const MOST_CONTACTS = 100_000;
/** How many requests are looked through for those that wait. */
const MOST_LISTED = 1_000;

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
  readonly #register: ContactRegister;
  readonly #status: StatusStore;
  readonly #change: ChangeContacts;
  readonly #announcer: Announcer;
  readonly #subscriptions: Subscriptions;
  readonly #own: OwnSide;
  #rules: ContactRules = contactRules();
  #texts: Catalogues<FrameworkText> = textsOf(undefined);
  #life: string | undefined;

  constructor(options: ContactsOptions) {
    const { bot, sender, store = new MemoryStore(), clock = SYSTEM_CLOCK, direct, log, askAdmins } = options;
    const { most = MOST_CONTACTS } = options;
    this.#options = options;
    const register = new ContactRegister(bot, store, clock);
    const stanzas = new ContactStanzas(bot, () => this.#texts);
    const warn = seldom((words) => log?.warn(words), clock);
    const presence = (lang: string | undefined): Promise<Presence> => this.presence(lang);
    const admission = new Admission({
      bot,
      register,
      stanzas,
      rules: () => this.#rules,
      presence,
      most,
      warn,
    });
    this.#register = register;
    this.#status = new StatusStore(bot, store);
    this.#change = changer({ bot: bot.toString(), store, clock, sender });
    this.#own = new OwnSide({ change: this.#change, admission, stanzas });
    this.#subscriptions = new Subscriptions({
      clock,
      stanzas,
      admission,
      waiting: new Waiting({ bot, clock, log, register, stanzas, askAdmins, warn }),
      judge: (account) => this.judge(account),
      life: () => this.#life,
      presence,
    });
    this.#announcer = new Announcer({
      bot,
      store,
      sender,
      clock,
      log,
      direct: direct ?? ((stanza) => sender.send(stanza)),
      pages: () => register.pages(),
      state: async () =>
        writeXml((await this.presence()).element) + JSON.stringify(await this.#status.read()),
      presence,
    });
  }

  /** A contact, by any of its addresses; `undefined` where there is nothing between the bot and it. */
  async get(jid: Jid | string): Promise<Contact | undefined> {
    const key = bareOf(jid);
    const record = await this.#register.get(key);
    if (record === undefined) return undefined;
    const contact = contactOf(key, record, this.#life);
    return isAnything(contact) ? contact : undefined;
  }

  /** All contacts, in the order of their addresses. */
  async *list(): AsyncGenerator<Contact, void> {
    for await (const page of this.#register.pages())
      for (const { jid, record } of page) {
        const contact = contactOf(jid, record, this.#life);
        if (isAnything(contact)) yield contact;
      }
  }

  /** Who waits for an admin, in the order of their addresses. */
  async requests(): Promise<readonly WaitingContact[]> {
    const found = await this.#register.requests(MOST_LISTED);
    return found.filter(({ refused }) => refused !== true).map(({ jid, since }) => ({ jid, since }));
  }

  /**
   * Lets somebody see when the bot is there: at once where they have asked, else as soon as they ask (RFC 6121 §3.4).
   *
   * @returns whether they had asked.
   */
  async accept(jid: Jid | string): Promise<boolean> {
    return await this.#own.accept(bareOf(jid));
  }

  /**
   * Has somebody not see any more when the bot is there (RFC 6121 §3.2); where they wait for an answer, it is no, for 30 days.
   *
   * @returns whether there was anything to refuse.
   */
  async refuse(jid: Jid | string): Promise<boolean> {
    return await this.#own.refuse(bareOf(jid));
  }

  /** Asks to see when somebody is there (RFC 6121 §3.1); once they let the bot, `presence:subscribed` comes, and their presence. */
  async subscribe(jid: Jid | string): Promise<void> {
    await this.#own.subscribe(bareOf(jid));
  }

  /** Does not want to see any more when somebody is there (RFC 6121 §3.3). */
  async unsubscribe(jid: Jid | string): Promise<void> {
    await this.#own.unsubscribe(bareOf(jid));
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
    await this.#status.write(show, text);
    this.announce().catch((error: unknown) => {
      this.#options.log?.error({ err: error }, "the contacts could not be told what the bot is like");
    });
  }

  /** The presence of the bot as it is now, without an address: what it has said of itself, or that it is paused or switched off. */
  async presence(lang?: string): Promise<Presence> {
    const current = currentPresence(this.#state, await this.#status.read(), this.#texts, lang);
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

  get #state(): BotState {
    return this.#options.state?.() ?? "running";
  }
}

function bareOf(jid: Jid | string): string {
  return Jid.parse(jid).bare.toString();
}
