import type { Logger } from "pino";
import { Jid, readStanza } from "../stanza/index.ts";
import type { Lease } from "../store/index.ts";
import type { Delivery } from "./delivery.ts";
import { DueWork } from "./due-work.ts";
import { explanation } from "./explanation.ts";
import { Handling } from "./handling.ts";
import type { HandlingEnvironment } from "./handling-environment.ts";
import type { Handlings } from "./handlings.ts";
import type { InboxEntry } from "./inbox.ts";
import type { MountedBot } from "./mount.ts";
import { isPassing, pauseAfter } from "./store-failure.ts";

/** What {@link InboxWork} is made with. */
export interface InboxWorkOptions {
  readonly environment: HandlingEnvironment;
  readonly handlings: Handlings;
  /** The bot that an address belongs to. */
  readonly resolve: (to: Jid) => MountedBot | undefined;
  readonly log: Logger | undefined;
}

/** How many processes may end over one stanza before it is put aside. */
const MOST_ATTEMPTS = 3;

/** Handles what the inbox holds. */
export class InboxWork {
  readonly #options: InboxWorkOptions;
  /** What ends each wait for a store that fails. */
  readonly #pauses = new Set<() => void>();
  #aborted = false;

  constructor(options: InboxWorkOptions) {
    this.#options = options;
  }

  /** Leaves what waits to the next process, all of it: a later stanza must not go ahead of one that the store keeps back. */
  abort(): void {
    this.#aborted = true;
    for (const end of this.#pauses) end();
  }

  /**
   * Handles an entry when its turn has come; read only then, as there may be much. Where the store fails, its conversation waits
   * until that is over. It never rejects.
   *
   * @param attempted whether an earlier process has been at it.
   */
  async resume(id: string, attempted: boolean): Promise<void> {
    const { environment, log } = this.#options;
    for (let failures = 0; !this.#aborted; failures += 1) {
      try {
        const entry = await environment.inbox.find(id);
        if (entry !== undefined) await this.takeUp(entry, attempted);
        return;
      } catch (error) {
        if (!isPassing(error)) {
          log?.error(
            { err: error, id },
            "a stanza from before could not be handled; it waits for the next start",
          );
          return;
        }
        const pause = pauseAfter(failures);
        log?.error(
          { err: error, id },
          `the store fails; a stanza from before waits, and is taken up again in ${pause} ms`,
        );
        await this.#pause(pause);
      }
    }
  }

  async #pause(milliseconds: number): Promise<void> {
    if (this.#aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#pauses.add(resolve);
    const stop = this.#options.environment.clock.after(milliseconds, resolve);
    await promise;
    stop();
    this.#pauses.delete(resolve);
  }

  /**
   * Handles an entry, or puts it aside where too many processes have ended over it.
   *
   * @param lease what has to be good for that, where several nodes share the store.
   * @throws StoreError where the store does not let it.
   */
  async takeUp(entry: InboxEntry, attempted: boolean, lease?: Lease): Promise<void> {
    const { environment, handlings } = this.#options;
    const { inbox } = environment;
    const { id, attempts } = entry;
    const fence = lease === undefined ? [] : [{ fence: lease }];
    const delivery = this.#delivery(entry);
    if (typeof delivery === "string") return await inbox.bury(id, delivery, fence);
    if (attempted && attempts >= MOST_ATTEMPTS) {
      delivery.bot.log.error(
        { id, attempts },
        "a stanza was put aside, as every process that handled it has ended",
      );
      const along = [...fence, ...((await delivery.due?.givenUp(environment)) ?? [])];
      await inbox.bury(id, `${attempts} processes have ended over it`, along);
      return await apologise(id, delivery);
    }
    if (attempted) await inbox.retry(id, "the process ended before it was handled", fence);
    const handling = new Handling(delivery, environment);
    handling.resume(id);
    await handlings.track(handling, lease === undefined ? handling.run() : handling.runUnder(lease));
  }

  /** What the inbox holds as something to handle; a string says why it is none. */
  #delivery({ bot: address, xml, conversation, id, timer }: InboxEntry): Delivery | string {
    const bot = this.#options.resolve(Jid.parse(address));
    if (bot === undefined) return `there is no bot at ${address} any more`;
    const stanza = readStanza(xml);
    if (stanza.from === undefined) return "it has no sender";
    const due = timer && new DueWork({ bot: address, conversation, xml, timer }, bot);
    return { stanza, from: stanza.from, bot, conversation, inline: false, id, seen: undefined, due };
  }
}

/** Tells the sender of what was put aside, if anybody waits for an answer. */
async function apologise(id: string, { stanza, bot, due }: Delivery): Promise<void> {
  const texts = bot.texts && { texts: bot.texts };
  const words =
    due === undefined ? explanation(stanza, { kind: "crash", again: false, ...texts }) : undefined;
  if (words === undefined) return;
  try {
    await bot.sender.send(words, { once: `${id} apology` });
  } catch (error) {
    bot.log.error({ err: error, id }, "the sender of what was put aside could not be told");
  }
}
