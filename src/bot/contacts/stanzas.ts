import { Jid, type Message, message, Presence, presence } from "../../stanza/index.ts";
import type { Catalogues } from "../i18n/catalogues.ts";
import type { FrameworkText } from "../i18n/framework.ts";

/** @internal What is said to contacts. */
export type Said = Message | Presence;

/** @internal A presence from the bot to one of its contacts. */
export function addressed(told: Presence, bot: Jid, to: string): Presence {
  return new Presence(told.element.withAttrs({ to, from: bot.toString() }));
}

/** @internal Makes what a bot says to contacts. */
export class ContactStanzas {
  readonly #bot: Jid;
  readonly #texts: () => Catalogues<FrameworkText>;

  constructor(bot: Jid, texts: () => Catalogues<FrameworkText>) {
    this.#bot = bot;
    this.#texts = texts;
  }

  presence(to: string, stanza: Presence): Presence {
    return addressed(stanza, this.#bot, to);
  }

  /** That somebody does not see, or not any more, when the bot is there. */
  refusal(to: string): Presence {
    return this.presence(to, presence({ type: "unsubscribed" }));
  }

  message(to: string, body: string): Message {
    return message({ type: "chat", from: this.#bot, to: Jid.fromWire(to), body });
  }

  words(to: string, key: "contactAsked" | "contactAccepted" | "contactRefused", lang?: string): Message {
    return this.message(to, this.#texts().say(key, lang));
  }
}
