import { Jid, type Presence, presence } from "../../stanza/index.ts";
import { textIn } from "../text.ts";
import { familyOf, isAtHome } from "./domains.ts";
import type { ContactRules } from "./policy.ts";
import type { ContactBook, ContactRecord } from "./record.ts";
import type { ContactCount, ContactRegister } from "./register.ts";
import type { ContactStanzas, Said } from "./stanzas.ts";

/** @internal What {@link Admission} goes by. */
export interface AdmissionOptions {
  readonly bot: Jid;
  readonly register: Pick<ContactRegister, "added" | "count">;
  readonly stanzas: ContactStanzas;
  /** The rules of the bot, as they are now. */
  readonly rules: () => ContactRules;
  readonly presence: (lang: string | undefined) => Promise<Presence>;
  /** How many contacts there may be; of the accounts of one domain elsewhere, which may all be one person's, half of that. */
  readonly most: number;
  readonly warn: (message: string) => void;
}

/** @internal Makes contacts of those who may be. */
export class Admission {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Whether somebody may be one more. @param isKnown whether an admin has let them. */
  async hasRoom(key: string, isKnown: boolean): Promise<boolean> {
    const { bot, most, register, warn } = this.#options;
    const { domain } = Jid.fromWire(key);
    const family = familyOf(domain);
    const half = isKnown || isAtHome(bot, domain) ? most : Math.ceil(most / 2);
    const full = ({ all, of }: ContactCount): string | undefined => {
      if (all >= most) return `there are ${most} contacts, so nobody else can be one`;
      if ((of.get(family) ?? 0) < half) return undefined;
      return `there are ${half} contacts of ${family}, so nobody else of there can be one`;
    };
    const why = full(await register.count((count) => full(count) !== undefined));
    if (why !== undefined) warn(why);
    return why === undefined;
  }

  /** Makes somebody a contact without a word. */
  note(book: ContactBook, key: string, record: ContactRecord): void {
    book.put(key, { ...record, from: true, approved: false });
    if (record.from !== true) this.#options.register.added(key);
  }

  /** Makes somebody a contact, and tells them. @param words said where there is no greeting. */
  async letIn(
    book: ContactBook,
    key: string,
    record: ContactRecord,
    words?: "contactAccepted",
  ): Promise<readonly Said[]> {
    const { rules, stanzas } = this.#options;
    const { greeting, mutual } = rules();
    const { to, asked, greeted, lang } = record;
    const asks = mutual && to !== true && asked !== true;
    const greets = greeting !== undefined && greeted !== true;
    this.note(book, key, {
      ...record,
      asked: asked === true || asks,
      greeted: greeted === true || greets,
    });
    const said: Said[] = [
      stanzas.presence(key, presence({ type: "subscribed" })),
      stanzas.presence(key, await this.#options.presence(lang)),
    ];
    if (asks) said.push(stanzas.presence(key, presence({ type: "subscribe" })));
    if (greets) said.push(stanzas.message(key, textIn(greeting, lang)));
    else if (words !== undefined) said.push(stanzas.words(key, words, lang));
    return said;
  }
}
