import { type Presence, presence } from "../../stanza/index.ts";
import { textIn } from "../text.ts";
import type { ContactRules } from "./policy.ts";
import type { ContactBook, ContactRecord } from "./record.ts";
import type { ContactRegister } from "./register.ts";
import type { ContactStanzas, Said } from "./stanzas.ts";

/** @internal What {@link Admission} goes by. */
export interface AdmissionOptions {
  readonly register: Pick<ContactRegister, "added" | "isBelow">;
  readonly stanzas: ContactStanzas;
  /** The rules of the bot, as they are now. */
  readonly rules: () => ContactRules;
  readonly presence: (lang: string | undefined) => Promise<Presence>;
  /** How many contacts there may be. */
  readonly most: number;
  readonly warn: (message: string) => void;
}

/** @internal Makes contacts of those who may be. */
export class Admission {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Whether there may be one more. */
  async hasRoom(): Promise<boolean> {
    const { most, register, warn } = this.#options;
    if (await register.isBelow(most)) return true;
    warn(`there are ${most} contacts, so nobody else can be one`);
    return false;
  }

  /** Makes somebody a contact without a word. */
  note(book: ContactBook, key: string, record: ContactRecord): void {
    book.put(key, { ...record, from: true, approved: false });
    if (record.from !== true) this.#options.register.added();
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
