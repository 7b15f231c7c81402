import type { Jid, Presence } from "../../stanza/index.ts";
import type { Clock } from "../../store/index.ts";
import type { Admission } from "./admission.ts";
import type { Verdict } from "./policy.ts";
import { type ContactBook, type ContactRecord, langOf, withPresence } from "./record.ts";
import type { ContactStanzas, Said } from "./stanzas.ts";
import type { Waiting } from "./waiting.ts";

/** @internal What {@link Subscriptions} go by. */
export interface SubscriptionsOptions {
  readonly clock: Clock;
  readonly stanzas: ContactStanzas;
  readonly admission: Admission;
  readonly waiting: Waiting;
  /** What becomes of who is no contact and wants to be one. */
  readonly judge: (account: Jid) => Verdict;
  readonly life: () => string | undefined;
  readonly presence: (lang: string | undefined) => Promise<Presence>;
}

/** @internal What becomes of the presence by which people want to be contacts of a bot, and end that (RFC 6121 §3). */
export class Subscriptions {
  readonly #options: SubscriptionsOptions;

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
    const { admission, waiting, stanzas, judge } = this.#options;
    const key = from.bare.toString();
    const record = (await book.contact(key)) ?? {};
    const lang = (await book.chosenLanguage(key)) ?? langOf(stanza);
    switch (record.from || record.approved ? "accept" : judge(from)) {
      case "accept":
        if (record.from !== true && !(await admission.hasRoom(key, record.approved === true)))
          return [stanzas.refusal(key)];
        return await admission.letIn(book, key, { ...record, lang });
      case "ask":
        return await waiting.ask(book, key, lang);
      default:
        return [stanzas.refusal(key)];
    }
  }

  /** A server asks for the bot's presence (RFC 6121 §4.3.2). @returns what is answered. */
  async probed(book: ContactBook, stanza: Presence, from: Jid): Promise<readonly Said[]> {
    const { admission, stanzas, judge, presence } = this.#options;
    const key = from.bare.toString();
    const record = (await book.contact(key)) ?? {};
    const lang = langOf(stanza);
    if (record.from !== true) {
      // A server asks for whom it takes for a contact: of one who would be let in, that is as good as asking.
      const isLetIn = record.approved === true || judge(from) === "accept";
      if (!isLetIn || !(await admission.hasRoom(key, record.approved === true))) {
        const request = await book.request(key);
        return request === undefined || request.refused ? [stanzas.refusal(key)] : [];
      }
      admission.note(book, key, { ...record, lang });
    }
    return [stanzas.presence(from.toString(), await presence(record.lang ?? lang))];
  }
}
