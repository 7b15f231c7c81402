import type { JsonValue } from "../../store/index.ts";
import type { Effects, Storage } from "../storage.ts";

/** A timer that is not due yet. */
export interface Pending {
  readonly name: string;
  /** When it is due, in milliseconds since 1970. */
  readonly due: number;
  readonly data: JsonValue;
  /** Who will read what it says: a person, an occupant, or a room. */
  readonly reader: string;
}

/** What is kept of the timers of one conversation. */
interface Kept {
  /** The highest number that was given. */
  readonly last: number;
  readonly timers: Readonly<Record<string, Pending>>;
}

/** How many timers a conversation can have, and how large their data may be together, in bytes as JSON. */
const MOST_TIMERS = 1_000;
const MOST_BYTES = 262_144;

/** How long the numbers are remembered when there are no timers: longer than any queue remembers its ids, in milliseconds. */
const REMEMBERED = 30 * 24 * 60 * 60 * 1_000;

const AREA = "timers";
const NONE: Kept = { last: 0, timers: {} };

/** Thrown when a conversation has too many timers, or too much in them. */
export class TooManyTimersError extends RangeError {
  override name = "TooManyTimersError";
}

/**
 * @internal The timers of a conversation. That one is still to run is noted here, under the care of the conversation's turn, so that
 * it can be cancelled and runs once; the queue only tells when.
 */
export class PendingTimers {
  readonly #area: Storage;
  readonly #key: string;

  constructor(effects: Effects, conversation: string) {
    this.#area = effects.area(AREA, { guarded: true });
    this.#key = conversation;
  }

  /**
   * @returns its number.
   * @throws {@link TooManyTimersError}
   */
  async add(timer: Pending): Promise<number> {
    const kept = await this.#read();
    const number = kept.last + 1;
    const timers = { ...kept.timers, [number]: timer };
    const count = Object.keys(timers).length;
    const bytes = Buffer.byteLength(JSON.stringify(timers));
    if (count > MOST_TIMERS || bytes > MOST_BYTES) {
      throw new TooManyTimersError(
        `one more timer would make ${count} in this conversation, of ${bytes} bytes; there may be ${MOST_TIMERS}, of ${MOST_BYTES} bytes together`,
      );
    }
    this.#write({ last: number, timers });
    return number;
  }

  /** Takes one away that is due; `undefined` where it was cancelled. */
  async take(number: number): Promise<Pending | undefined> {
    const kept = await this.#read();
    const timer = kept.timers[number];
    if (timer === undefined) return undefined;
    this.#write({ last: kept.last, timers: without(kept.timers, number) });
    return timer;
  }

  async list(reader: string): Promise<readonly (Pending & { readonly number: number })[]> {
    const { timers } = await this.#read();
    return Object.entries(timers)
      .map(([number, timer]) => ({ ...timer, number: Number(number) }))
      .filter((timer) => timer.reader === reader)
      .sort((one, other) => one.due - other.due || one.number - other.number);
  }

  /** @returns whether there was one. */
  async cancel(number: number, reader: string): Promise<boolean> {
    const { timers, last } = await this.#read();
    const timer = Object.hasOwn(timers, number) ? timers[number] : undefined;
    if (timer?.reader !== reader) return false;
    this.#write({ last, timers: without(timers, number) });
    return true;
  }

  async #read(): Promise<Kept> {
    return ((await this.#area.get(this.#key)) as unknown as Kept | undefined) ?? NONE;
  }

  #write(kept: Kept): void {
    const isEmpty = Object.keys(kept.timers).length === 0;
    this.#area.set(this.#key, kept as unknown as JsonValue, isEmpty ? { ttl: REMEMBERED } : undefined);
  }
}

function without(timers: Kept["timers"], number: number): Kept["timers"] {
  return Object.fromEntries(Object.entries(timers).filter(([key]) => key !== String(number)));
}
