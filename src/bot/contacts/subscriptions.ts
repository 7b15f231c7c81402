import type { Logger } from "pino";
import { Jid, type Message, message, type Presence, presence } from "../../stanza/index.ts";
import type { Clock } from "../../store/index.ts";
import type { Catalogues } from "../i18n/catalogues.ts";
import type { FrameworkText } from "../i18n/framework.ts";
import { textIn } from "../text.ts";
import { addressed } from "./announcer.ts";
import type { ContactRules, Verdict } from "./policy.ts";
import { type ContactBook, type ContactRecord, type ContactRequest, langOf, withPresence } from "./record.ts";

/** @internal What is said to contacts. */
export type Said = Message | Presence;

/** @internal What {@link Subscriptions} go by. */
export interface SubscriptionsOptions {
  readonly bot: Jid;
  readonly clock: Clock;
  readonly log: Logger | undefined;
  /** The rules of the bot, and its words, as they are now. */
  readonly rules: () => ContactRules;
  /** What becomes of who is no contact and wants to be one. */
  readonly judge: (account: Jid) => Verdict;
  readonly texts: () => Catalogues<FrameworkText>;
  readonly life: () => string | undefined;
  readonly presence: (lang: string | undefined) => Promise<Presence>;
  /** How many contacts there may be. */
  readonly most: number;
  /** How many there are; asked only where one more is to be let in. */
  readonly contacts: () => Promise<number>;
  /** So many requests at most: of who waits for an admin, and of whom one has refused. */
  readonly requests: (limit: number) => Promise<readonly (ContactRequest & { readonly jid: Jid })[]>;
  readonly added: () => void;
  readonly askAdmins: ((asker: Jid, once: string) => Promise<boolean>) | undefined;
}

/** How many may wait for an admin, of one domain elsewhere, whose accounts may all be one person's, and with all who were refused lately. */
const MOST_WAITING = 100;
const MOST_OF_A_DOMAIN = 25;
const MOST_REQUESTS = 1_000;

const DAY = 24 * 60 * 60 * 1_000;

/** How often to log that nobody else is let in, in milliseconds. */
const LOG_EVERY = 60_000;

/** @internal What becomes of the presence by which people want to be contacts of a bot, and end that (RFC 6121 §3). */
export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  #warned = Number.NEGATIVE_INFINITY;

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
  }

  /** Notes what a presence says of the one it is from. */
  async observe(book: ContactBook, stanza: Presence, from: Jid): Promise<void> {
    const key = from.bare.toString();
    const record = await book.contact(key);
    const next = record && this.#observed(record, stanza);
    if (next !== undefined && next !== record) book.put(key, next);
  }

  #observed(record: ContactRecord, stanza: Presence): ContactRecord {
    const { from, to, asked } = record;
    switch (stanza.type) {
      // What was not asked for is not believed, and costs nothing.
      case "subscribed":
        return asked === true ? { ...record, to: true, asked: false } : record;
      case "unsubscribed":
        return to || asked ? { ...record, to: false, asked: false, resources: [] } : record;
      case "unsubscribe":
        return from === true ? { ...record, from: false } : record;
      case "subscribe":
      case "probe":
        return record;
      default: {
        if (stanza.type === "error" && asked === true) return { ...record, asked: false };
        const at = { life: this.#options.life(), now: this.#options.clock.now() };
        return to === true ? withPresence(record, stanza, at) : record;
      }
    }
  }

  /** Somebody wants to see when the bot is there. @returns what is answered. */
  async wanted(book: ContactBook, stanza: Presence, from: Jid): Promise<readonly Said[]> {
    const key = from.bare.toString();
    const record = (await book.contact(key)) ?? {};
    const lang = (await book.chosenLanguage(key)) ?? langOf(stanza);
    switch (record.from || record.approved ? "accept" : this.#options.judge(from)) {
      case "accept":
        if (record.from !== true && !(await this.#hasRoom())) return [this.refused(key)];
        return await this.letIn(book, key, { ...record, lang });
      case "ask":
        return await this.#ask(book, key, lang);
      default:
        return [this.refused(key)];
    }
  }

  /** A server asks for the bot's presence (RFC 6121 §4.3.2). @returns what is answered. */
  async probed(book: ContactBook, stanza: Presence, from: Jid): Promise<readonly Said[]> {
    const key = from.bare.toString();
    const record = (await book.contact(key)) ?? {};
    const lang = langOf(stanza);
    if (record.from !== true) {
      // A server asks for whom it takes for a contact: of one who would be let in, that is as good as asking.
      const isLetIn = record.approved === true || this.#options.judge(from) === "accept";
      if (!isLetIn || !(await this.#hasRoom())) {
        const request = await book.request(key);
        return request === undefined || request.refused ? [this.refused(key)] : [];
      }
      book.put(key, { ...record, from: true, approved: false, lang });
      this.#options.added();
    }
    return [this.to(from.toString(), await this.#options.presence(record.lang ?? lang))];
  }

  /** Makes somebody a contact. @param words said where there is no greeting. */
  async letIn(
    book: ContactBook,
    key: string,
    record: ContactRecord,
    words?: "contactAccepted",
  ): Promise<readonly Said[]> {
    const { greeting, mutual } = this.#options.rules();
    const { from, to, asked, greeted, lang } = record;
    const asks = mutual && to !== true && asked !== true;
    const greets = greeting !== undefined && greeted !== true;
    book.put(key, {
      ...record,
      from: true,
      approved: false,
      asked: asked === true || asks,
      greeted: greeted === true || greets,
    });
    if (from !== true) this.#options.added();
    const said: Said[] = [
      this.to(key, presence({ type: "subscribed" })),
      this.to(key, await this.#options.presence(lang)),
    ];
    if (asks) said.push(this.to(key, presence({ type: "subscribe" })));
    if (greets) said.push(this.#message(key, textIn(greeting, lang)));
    else if (words !== undefined) said.push(this.words(key, words, lang));
    return said;
  }

  /** From the bot, to this address. */
  to(to: string, stanza: Presence): Presence {
    return addressed(stanza, this.#options.bot, to);
  }

  refused(key: string): Presence {
    return this.to(key, presence({ type: "unsubscribed" }));
  }

  words(to: string, key: "contactAsked" | "contactAccepted" | "contactRefused", lang?: string): Message {
    return this.#message(to, this.#options.texts().say(key, lang));
  }

  async #ask(book: ContactBook, key: string, lang: string | undefined): Promise<readonly Said[]> {
    const { clock, log, requests, askAdmins, bot } = this.#options;
    const asker = Jid.parse(key);
    const request = await book.request(key);
    if (request?.refused) return [this.refused(key)];
    if (request !== undefined) return [];
    const others = await requests(MOST_REQUESTS);
    const waiting = others.filter(({ refused }) => refused !== true);
    if (waiting.length >= MOST_WAITING || others.length >= MOST_REQUESTS) {
      this.#warn(`${waiting.length} wait to be let in as contacts, so nobody else can ask`);
      return [this.refused(key)];
    }
    const { domain } = asker;
    const isAtHome = bot.domain === domain || bot.domain.endsWith(`.${domain}`);
    if (!isAtHome && waiting.filter(({ jid }) => jid.domain === domain).length >= MOST_OF_A_DOMAIN) {
      this.#warn(
        `${MOST_OF_A_DOMAIN} of ${domain} wait to be let in as contacts, so nobody else of there can ask`,
      );
      return [this.refused(key)];
    }
    const since = clock.now();
    book.putRequest(key, { since, lang });
    const isAsked = await askAdmins?.(asker, `${bot} asked by ${key} on ${Math.floor(since / DAY)}`);
    if (isAsked !== true)
      log?.warn(
        { from: key },
        "somebody wants to be a contact, and there is nobody to ask: name accounts in the group admins of the configuration, and have a bot at the domain itself, such as help",
      );
    return [this.words(key, "contactAsked", lang)];
  }

  async #hasRoom(): Promise<boolean> {
    const { contacts, most } = this.#options;
    if ((await contacts()) < most) return true;
    this.#warn(`there are ${most} contacts, so nobody else can be one`);
    return false;
  }

  /** Who asks again and again does not fill the log. */
  #warn(message: string): void {
    const { clock, log } = this.#options;
    if (clock.now() - this.#warned < LOG_EVERY) return;
    this.#warned = clock.now();
    log?.warn(message);
  }

  #message(to: string, body: string): Message {
    return message({ type: "chat", from: this.#options.bot, to, body });
  }
}
