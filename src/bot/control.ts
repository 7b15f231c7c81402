import type { Contacts } from "./contacts/index.ts";
import { textsOf } from "./i18n/framework.ts";
import type { english } from "./i18n/words/control.ts";
import type { Text } from "./text.ts";

/** What a bot is doing: its handlers run, an admin has switched it off, or it is paused because it fails. */
export type BotState = "running" | "disabled" | "paused";

/** What cannot be done with a bot; the message says it in English. */
export class BotControlError extends Error {
  override name = "BotControlError";
  /** Why, in words for an admin. */
  readonly text: Text;

  /** @internal */
  constructor(
    why: keyof typeof english,
    params: { readonly bot: string; readonly why?: string },
    options?: ErrorOptions,
  ) {
    const texts = textsOf(undefined);
    super(texts.say(why, "en", params), options);
    this.text = Object.fromEntries(["en", "de"].map((tag) => [tag, texts.say(why, tag, params)]));
  }
}

/** What the host's own bot can do with the bots of its mount. Each throws a {@link BotControlError} where it cannot. */
export interface BotControl {
  /** By the names of the bots. */
  states(): ReadonlyMap<string, BotState>;
  /** Switches a bot off, also on other nodes and after a restart: its handlers finish, then its `stop` runs. */
  disable(name: string): Promise<void>;
  /** Switches it on again, with its `start`. */
  enable(name: string): Promise<void>;
  /** The contacts of a bot, and who wants to be one. */
  contacts(name: string): Contacts;
  /** Loads it anew from its files, in this process; `undefined` where bots do not come from files. */
  readonly reload: ((name: string) => Promise<void>) | undefined;
}
