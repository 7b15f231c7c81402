import type { Logger } from "pino";
import { Jid } from "../../stanza/index.ts";
import type { Clock } from "../../store/index.ts";
import { isAtHome } from "./domains.ts";
import type { ContactBook } from "./record.ts";
import type { ContactRegister } from "./register.ts";
import type { ContactStanzas, Said } from "./stanzas.ts";

/** @internal What {@link Waiting} goes by. */
export interface WaitingOptions {
  readonly bot: Jid;
  readonly clock: Clock;
  readonly log: Logger | undefined;
  readonly register: Pick<ContactRegister, "requests">;
  readonly stanzas: ContactStanzas;
  /** Tells those who decide that somebody asks, once under the name given. Returns whether there is anybody. */
  readonly askAdmins: ((asker: Jid, once: string) => Promise<boolean>) | undefined;
  readonly warn: (message: string) => void;
}

/** How many may wait for an admin, of one domain elsewhere, whose accounts may all be one person's, and with all who were refused lately. */
const MOST_WAITING = 100;
const MOST_OF_A_DOMAIN = 25;
const MOST_REQUESTS = 1_000;

const DAY = 24 * 60 * 60 * 1_000;

/** @internal Has people wait to be let in by an admin. */
export class Waiting {
  readonly #options: WaitingOptions;

  constructor(options: WaitingOptions) {
    this.#options = options;
  }

  /** Somebody wants to be a contact, which an admin is to decide. @returns what is answered. */
  async ask(book: ContactBook, key: string, lang: string | undefined): Promise<readonly Said[]> {
    const { clock, log, stanzas, askAdmins, bot, warn } = this.#options;
    const asker = Jid.fromWire(key);
    const request = await book.request(key);
    if (request?.refused) return [stanzas.refusal(key)];
    if (request !== undefined) return [];
    const full = await this.#full(asker);
    if (full !== undefined) {
      warn(full);
      return [stanzas.refusal(key)];
    }
    const since = clock.now();
    book.putRequest(key, { since, lang });
    const isAsked = await askAdmins?.(asker, `${bot} asked by ${key} on ${Math.floor(since / DAY)}`);
    if (isAsked !== true)
      log?.warn(
        { from: key },
        "somebody wants to be a contact, and there is nobody to ask: name accounts in the group admins of the configuration, and have a bot at the domain itself, such as help",
      );
    return [stanzas.words(key, "contactAsked", lang)];
  }

  /** Why nobody else can wait; `undefined` where somebody can. */
  async #full({ domain }: Jid): Promise<string | undefined> {
    const { bot, register } = this.#options;
    const others = await register.requests(MOST_REQUESTS);
    const waiting = others.filter(({ refused }) => refused !== true);
    if (waiting.length >= MOST_WAITING || others.length >= MOST_REQUESTS)
      return `${waiting.length} wait to be let in as contacts, so nobody else can ask`;
    if (isAtHome(bot, domain) || waiting.filter(({ jid }) => jid.domain === domain).length < MOST_OF_A_DOMAIN)
      return undefined;
    return `${MOST_OF_A_DOMAIN} of ${domain} wait to be let in as contacts, so nobody else of there can ask`;
  }
}
