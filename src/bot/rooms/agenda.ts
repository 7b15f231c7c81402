import type { Clock } from "../../store/index.ts";
import type { Rooms } from "./rooms.ts";
import type { KnownRoom } from "./stay.ts";

/** How long a room may be silent before it is asked whether the bot is in it, in milliseconds. */
export const SILENCE = 10 * 60_000;
/** How soon a room is asked when there is a doubt. */
const DOUBT = 1_000;
/** How long a room may take to answer a join, before it is asked. */
const ANSWER = 5_000;
/** How soon a room is asked again that could not say. */
const UNSURE = 2_000;

/** What a {@link RoomAgenda} is made with. */
export interface RoomAgendaOptions {
  readonly rooms: Pick<Rooms, "find" | "work">;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** When to look after each room that a bot is with, by their bare JIDs. */
export class RoomAgenda {
  readonly #options: RoomAgendaOptions;
  /** When to ask each room that the bot is in, or waits to be let into. */
  readonly #checks = new Map<string, number>();
  /** Those to be entered though the bot may be in. */
  readonly #entering = new Set<string>();
  /** Until when each is left alone. */
  readonly #resting = new Map<string, number>();
  /** How often in a row each could not say whether the bot is in it. */
  readonly #unsure = new Map<string, number>();

  constructor(options: RoomAgendaOptions) {
    this.#options = options;
  }

  /** It is to be entered though the bot may be in. */
  enter(room: string): void {
    this.#entering.add(room);
  }

  /** @returns whether it was to be entered. */
  takeEntering(room: string): boolean {
    return this.#entering.delete(room);
  }

  /** It is to be asked then. @param after in so many milliseconds, a quarter more or less. */
  check(room: string, after: number): void {
    const { clock, random } = this.#options;
    this.#checks.set(room, clock.now() + after * (0.75 + 0.5 * random()));
  }

  /** It need not be asked before something else has come of it. */
  checked(room: string): void {
    this.#checks.delete(room);
  }

  /** There is a doubt whether the bot is in it. */
  checkSoon(room: string): void {
    this.check(room, DOUBT);
  }

  /** Something has changed about it: it may be to be asked. */
  changed(room: string): void {
    const { rooms, clock } = this.#options;
    if (rooms.work.book.noticed(room).heard !== undefined) return;
    const soon = clock.now() + DOUBT;
    if ((this.#checks.get(room) ?? Infinity) > soon && rooms.find(room)?.state === "in")
      this.#checks.set(room, soon);
  }

  /** It could not say whether the bot is in it. @returns how often before in a row. */
  unsure(room: string): number {
    const tries = this.#unsure.get(room) ?? 0;
    this.#unsure.set(room, tries + 1);
    this.check(room, Math.min(SILENCE, UNSURE * 2 ** Math.min(tries, 20)));
    return tries;
  }

  /** It is left alone for so many milliseconds: another node looks after it, or something has failed. */
  rest(room: string, milliseconds: number): void {
    if (milliseconds === 0) this.#resting.delete(room);
    else this.#resting.set(room, this.#options.clock.now() + milliseconds);
  }

  /** What was planned for it goes for nothing any more. */
  forget(room: string): void {
    for (const known of [this.#checks, this.#entering, this.#resting, this.#unsure]) known.delete(room);
  }

  /** When something is to be done about it, in milliseconds since 1970. */
  due(known: KnownRoom): number {
    return Math.max(this.#wanted(known), this.#resting.get(known.room) ?? 0);
  }

  /** When to ask for the nickname that the bot is to have, where it has another one. */
  wishFreeAt(room: string): number {
    const { book } = this.#options.rooms.work;
    const at = book.get(room)?.nick === undefined ? undefined : book.noticed(room).wishFreeAt;
    return at ?? Infinity;
  }

  #wanted({ room, again, state }: KnownRoom): number {
    if (this.#entering.has(room)) return this.#options.clock.now();
    if (again !== undefined) return again;
    if (!this.#checks.has(room)) this.check(room, state === "in" ? SILENCE : ANSWER);
    return Math.min(this.#checks.get(room) ?? Infinity, this.wishFreeAt(room));
  }
}
