import type { DialogFunction, DialogOptions } from "../../../src/bot/index.ts";
import type { Stanza } from "../../../src/stanza/index.ts";
import { MemoryStore } from "../../../src/store/index.ts";
import { type Routes, stanza, type World, type WorldOptions, words, world } from "../../dispatch/support.ts";

/** A message of Juliet's, or whoever's. */
export function message(
  body: string,
  from = "juliet@example.com/balcony",
  attrs = "type='chat'",
  extra = "",
): Stanza {
  return stanza(
    `<message ${attrs} from='${from}' to='echo@bots.example'><body>${body}</body>${extra}</message>`,
  );
}

/** One bot that lives through restarts and changes of its code. */
export class Stage {
  now = 1_000_000;
  readonly store = new MemoryStore({ clock: () => this.now });
  readonly #options: WorldOptions;
  #routes: Routes;
  at: World;

  constructor(routes: Routes, options: WorldOptions = {}) {
    this.#options = {
      ...options,
      store: this.store,
      clock: { now: () => this.now, after: () => () => undefined },
    };
    this.#routes = routes;
    this.at = this.#begin();
  }

  /** Ends the process and begins another, maybe with other code. */
  restart(routes: Routes = this.#routes): void {
    this.#routes = routes;
    this.at = this.#begin();
  }

  /** What is said to a message, in the order in which it arrives. */
  async says(said: string | Stanza): Promise<string[]> {
    return (await this.hears(said)).map(words);
  }

  async hears(said: string | Stanza): Promise<Stanza[]> {
    const { sender, dispatcher } = this.at;
    const before = sender.sent.length;
    const outcome = await dispatcher.dispatch(typeof said === "string" ? message(said) : said);
    await dispatcher.idle();
    const sent: Stanza[] = sender.sent.slice(before);
    return outcome.kind === "reply" ? [...sent, outcome.stanza] : sent;
  }

  /** What is stored of dialogs. */
  async kept(): Promise<readonly unknown[]> {
    return (await this.store.list("bot echo@bots.example dialogs")).map(({ value }) => value);
  }

  #begin(): World {
    return world({ echo: this.#routes }, this.#options);
  }
}

/** Routes with a dialog that `go` starts, a command, and an echo for everything else. */
export function leads(run: DialogFunction, options?: DialogOptions): Routes {
  return (bot) => {
    bot.hears("!help", () => "no help");
    const dialog = bot.dialog("play", run, options);
    bot.hears("go", (ctx) => dialog.start(ctx));
    bot.on("message:body", (ctx) => `echo ${ctx.body}`);
  };
}
