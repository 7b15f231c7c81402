import type { Logger } from "pino";
import { Jid } from "../../stanza/index.ts";
import { type Clock, SYSTEM_CLOCK } from "../../store/index.ts";
import type { Rooms } from "./rooms.ts";
import type { KnownRoom } from "./stay.ts";

/** What a {@link RoomKeeper} takes. */
export interface RoomKeeperOptions {
  readonly rooms: Rooms;
  readonly log: Logger;
  /** Default: the real time. */
  readonly clock?: Clock | undefined;
  /** From 0 to 1; default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /**
   * Asks, before something is done about a room, whether it is this node's turn, so that others keep away from that for so many
   * milliseconds. Default: there are no other nodes.
   */
  readonly claim?: ((what: string, milliseconds: number) => Promise<boolean>) | undefined;
}

/** How long a room may be silent before it is asked whether the bot is in it, in milliseconds. */
const SILENCE = 10 * 60_000;
/** How soon a room is asked when there is a doubt. */
const DOUBT = 1_000;
/** How long a room may take to answer a join, before it is asked. */
const ANSWER = 5_000;
/** How soon a room is asked again that could not say. */
const UNSURE = 2_000;
/** How many rooms are looked after at once, and how long after them the next ones, so that a restart of Prosody's is no flood. */
const AT_ONCE = 4;
const PACE = 100;
/** How long other nodes leave a room alone that one of them enters. */
const TURN = 5_000;

/**
 * Keeps a bot in its rooms: enters those again that did not let it in or have lost it, asks those that have been silent for ten minutes
 * whether it is still in (XEP-0410), and takes its nickname back when that is free. A few at a time.
 */
export class RoomKeeper {
  readonly #options: RoomKeeperOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  /** When to ask each room that the bot is in, or waits to be let into. */
  readonly #checks = new Map<string, number>();
  /** Those to be entered though the bot may be in. */
  readonly #entering = new Set<string>();
  readonly #busy = new Set<string>();
  /** Until when each is left to another node. */
  readonly #left = new Map<string, number>();
  /** How often in a row each could not say whether the bot is in it. */
  readonly #unsure = new Map<string, number>();
  /** So that not too many are looked after at once. */
  #notBefore = 0;
  #timer: { readonly at: number; readonly stop: () => void } | undefined;
  #runs = false;

  constructor(options: RoomKeeperOptions) {
    this.#options = options;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#random = options.random ?? Math.random;
  }

  /** Enters all rooms that the bot is to be in, and goes on looking after them. */
  start(): void {
    this.#runs = true;
    const { rooms } = this.#options;
    rooms.work.book.onWork = (room, isRead) => {
      if (rooms.find(room) === undefined) this.#forget(room);
      else if (isRead) this.#plan();
      else this.#doubt(room);
    };
    for (const { room, state } of rooms.known)
      if (state !== "waiting" && !rooms.isJoinedHere(room)) this.#entering.add(room);
    this.#plan();
  }

  /** Looks after all of them soon, as when Prosody has started anew and its rooms know nobody. */
  checkAll(): void {
    if (!this.#runs) return;
    const { rooms } = this.#options;
    rooms.work.attending.hurry();
    for (const { room, state } of rooms.known) if (state !== "waiting") this.#check(room, DOUBT);
    this.#plan();
  }

  stop(): void {
    this.#runs = false;
    this.#options.rooms.work.book.onWork = undefined;
    this.#timer?.stop();
    this.#timer = undefined;
  }

  /** Something has changed about a room: it may be to be entered again, or to be asked. */
  #doubt(room: string): void {
    if (!this.#runs) return;
    const { rooms } = this.#options;
    if (rooms.work.book.noticed(room).heard === undefined) {
      const at = this.#checks.get(room) ?? Infinity;
      const soon = this.#clock.now() + DOUBT;
      if (at > soon && rooms.find(room)?.state === "in") this.#checks.set(room, soon);
    }
    this.#plan();
  }

  #check(room: string, after: number): void {
    this.#checks.set(room, this.#clock.now() + after * (0.75 + 0.5 * this.#random()));
  }

  /** When something is to be done about a room. */
  #due(known: KnownRoom): number {
    return Math.max(this.#wanted(known), this.#left.get(known.room) ?? 0);
  }

  #wanted({ room, again, state }: KnownRoom): number {
    const now = this.#clock.now();
    if (this.#entering.has(room)) return now;
    if (again !== undefined) return again;
    if (!this.#checks.has(room)) this.#check(room, state === "in" ? SILENCE : ANSWER);
    return Math.min(this.#checks.get(room) ?? now, this.#wishFreeAt(room));
  }

  /** When to ask for the nickname that the bot is to have, where it has another one. */
  #wishFreeAt(room: string): number {
    const { book } = this.#options.rooms.work;
    const at = book.get(room)?.nick === undefined ? undefined : book.noticed(room).wishFreeAt;
    return at ?? Infinity;
  }

  #plan(): void {
    if (!this.#runs) return;
    let at = Infinity;
    for (const known of this.#options.rooms.known)
      if (!this.#busy.has(known.room)) at = Math.min(at, this.#due(known));
    if (at === Infinity) return;
    at = Math.max(at, this.#notBefore);
    if (this.#timer !== undefined && this.#timer.at <= at) return;
    this.#timer?.stop();
    const wait = at - this.#clock.now();
    const work = (): void => {
      this.#timer = undefined;
      this.#work();
    };
    // What is due is not left to a clock that may stand still, as that of a test does.
    this.#timer = { at, stop: wait > 0 ? this.#clock.after(wait, work) : soon(work) };
  }

  #work(): void {
    const now = this.#clock.now();
    const due = this.#options.rooms.known.filter(
      (known) => !this.#busy.has(known.room) && this.#due(known) <= now,
    );
    this.#notBefore = now + PACE;
    for (const { room } of due.slice(0, Math.max(0, AT_ONCE - this.#busy.size))) void this.#look(room);
    this.#plan();
  }

  async #look(room: string): Promise<void> {
    const { log, rooms } = this.#options;
    this.#busy.add(room);
    try {
      await this.#see(room, Jid.parse(room));
      await rooms.save();
    } catch (error) {
      log.warn({ err: error, room }, "a room could not be looked after; that is tried again");
      this.#check(room, UNSURE);
    } finally {
      this.#busy.delete(room);
      this.#plan();
    }
  }

  async #see(room: string, jid: Jid): Promise<void> {
    const { rooms, claim } = this.#options;
    const { book, joining, attending } = rooms.work;
    const isEntering = this.#entering.delete(room);
    if (claim !== undefined) {
      await rooms.refresh(jid);
      const turn = isEntering || rooms.find(room)?.state !== "in" ? TURN : SILENCE / 2;
      if (!(await claim(`${turn === TURN ? "enter" : "ask"} ${room}`, turn))) {
        this.#left.set(room, this.#clock.now() + turn);
        return await book.stays.giveIn(room);
      }
      this.#left.delete(room);
    }
    const known = rooms.find(room);
    if (known === undefined) return;
    if (isEntering || known.state === "waiting") {
      this.#checks.delete(room);
      return await joining.enter(jid);
    }
    if (this.#wishFreeAt(room) <= this.#clock.now()) return await joining.takeWish(jid);
    const silent = this.#clock.now() - (book.noticed(room).heard ?? -Infinity);
    if (known.state === "joining" || silent >= SILENCE / 2) return await this.#ask(jid, known);
    attending.settle(room);
    this.#check(room, SILENCE - silent);
  }

  /** What was planned for a room goes for nothing any more. */
  #forget(room: string): void {
    for (const known of [this.#checks, this.#entering, this.#left, this.#unsure]) known.delete(room);
  }

  async #ask(jid: Jid, { room, state }: KnownRoom): Promise<void> {
    const { rooms, log } = this.#options;
    const { attending } = rooms.work;
    const attendance = await attending.ask(jid);
    if (attendance === "unknown" && state === "in") {
      const tries = this.#unsure.get(room) ?? 0;
      this.#unsure.set(room, tries + 1);
      log.debug({ room, tries }, "it is not known whether the bot is in a room; the room is asked again");
      return this.#check(room, Math.min(SILENCE, UNSURE * 2 ** Math.min(tries, 20)));
    }
    this.#forget(room);
    if (attendance === "in") attending.confirm(jid);
    else if (attendance !== undefined) attending.lose(jid, attendance === "renamed" ? "renamed" : "unknown");
  }
}

/** Does something when the caller is through. @returns what keeps it from that. */
function soon(work: () => void): () => void {
  let stopped = false;
  queueMicrotask(() => {
    if (!stopped) work();
  });
  return () => {
    stopped = true;
  };
}
