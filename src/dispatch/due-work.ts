import {
  BufferedStorage,
  type Chain,
  type Context,
  dueFailed,
  runDue,
  type TimerPayload,
  timerName,
} from "../bot/index.ts";
import type { Clock, Store, Write } from "../store/index.ts";
import type { MountedBot } from "./mount.ts";

/** Where it happens. */
interface Surroundings {
  readonly store: Store;
  readonly clock: Clock;
}

/** What a timer that is due has a bot do, in the place of what a stanza has it do. */
export class DueWork {
  /** The same for every attempt. */
  readonly name: string;
  readonly chain: Chain<Context>;
  readonly #payload: TimerPayload;
  readonly #bot: MountedBot;

  constructor(payload: TimerPayload, bot: MountedBot) {
    this.name = timerName(payload);
    this.chain = runDue(payload, bot.timetable);
    this.#payload = payload;
    this.#bot = bot;
  }

  /** What follows when it has failed: `again` says that this has it tried once more, later. */
  async failed(
    where: Surroundings,
    final = false,
  ): Promise<{ readonly again: boolean; readonly writes: readonly Write[] }> {
    const { jid, timetable } = this.#bot;
    const { store, clock } = where;
    const effects = new BufferedStorage(store, jid.toString(), clock);
    const again = await dueFailed(this.#payload, timetable, { effects, bot: jid, now: clock.now(), final });
    return { again, writes: effects.conclude() };
  }

  /** What follows when it is not tried any more. */
  async givenUp(where: Surroundings): Promise<readonly Write[]> {
    return (await this.failed(where, true)).writes;
  }
}
