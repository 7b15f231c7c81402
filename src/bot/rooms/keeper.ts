import type { Logger } from "pino";
import { Jid } from "../../stanza/index.ts";
import { type Clock, SYSTEM_CLOCK } from "../../store/index.ts";
import { RoomAgenda, SILENCE } from "./agenda.ts";
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

/** How many rooms are looked after at once, and how long after them the next ones, so that a restart of Prosody's is no flood. */
const AT_ONCE = 4;
const PACE = 100;
/** How long other nodes leave a room alone that one of them enters. */
const TURN = 5_000;
/** How soon a room is looked after again where that failed. */
const FAILED = 2_000;

/**
 * Keeps a bot in its rooms: enters those again that did not let it in or have lost it, asks those that have been silent for ten minutes
 * whether it is still in (XEP-0410), and takes its nickname back when that is free. A few at a time.
 */
export class RoomKeeper {
  readonly #options: RoomKeeperOptions;
  readonly #clock: Clock;
  readonly #agenda: RoomAgenda;
  readonly #busy = new Set<string>();
  /** So that not too many are looked after at once. */
  #notBefore = 0;
  #timer: { readonly at: number; readonly stop: () => void } | undefined;
  #runs = false;
  #isPlanning = false;

  constructor(options: RoomKeeperOptions) {
    this.#options = options;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#agenda = new RoomAgenda({
      rooms: options.rooms,
      clock: this.#clock,
      random: options.random ?? Math.random,
    });
  }

  /** Enters all rooms that the bot is to be in, and goes on looking after them. */
  start(): void {
    this.#runs = true;
    const { rooms } = this.#options;
    rooms.work.book.onWork = (room, isRead) => {
      if (rooms.find(room) === undefined) this.#agenda.forget(room);
      else if (!isRead) this.#agenda.changed(room);
      this.#planSoon();
    };
    for (const { room, state } of rooms.known)
      if (state !== "waiting" && !rooms.isJoinedHere(room)) this.#agenda.enter(room);
    this.#plan();
  }

  /** Looks after all of them soon, as when Prosody has started anew and its rooms know nobody. */
  checkAll(): void {
    if (!this.#runs) return;
    const { rooms } = this.#options;
    rooms.work.attending.hurry();
    for (const { room, state } of rooms.known) if (state !== "waiting") this.#agenda.checkSoon(room);
    this.#plan();
  }

  stop(): void {
    this.#runs = false;
    this.#options.rooms.work.book.onWork = undefined;
    this.#timer?.stop();
    this.#timer = undefined;
  }

  /** Plans once for all that comes at once. */
  #planSoon(): void {
    if (this.#isPlanning) return;
    this.#isPlanning = true;
    queueMicrotask(() => {
      this.#isPlanning = false;
      this.#plan();
    });
  }

  #plan(): void {
    if (!this.#runs) return;
    let at = Infinity;
    for (const known of this.#options.rooms.known)
      if (!this.#busy.has(known.room)) at = Math.min(at, this.#agenda.due(known));
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
      (known) => !this.#busy.has(known.room) && this.#agenda.due(known) <= now,
    );
    this.#notBefore = now + PACE;
    for (const { room } of due.slice(0, Math.max(0, AT_ONCE - this.#busy.size))) void this.#look(room);
    this.#plan();
  }

  async #look(room: string): Promise<void> {
    const { log, rooms } = this.#options;
    const agenda = this.#agenda;
    this.#busy.add(room);
    const isEntering = agenda.takeEntering(room);
    try {
      await this.#see(room, isEntering);
      await rooms.save();
    } catch (error) {
      log.warn({ err: error, room }, "a room could not be looked after; that is tried again");
      if (isEntering) agenda.enter(room);
      agenda.rest(room, FAILED);
    } finally {
      this.#busy.delete(room);
      this.#plan();
    }
  }

  async #see(room: string, isEntering: boolean): Promise<void> {
    const { rooms, claim } = this.#options;
    const { book, joining, attending } = rooms.work;
    const agenda = this.#agenda;
    const jid = Jid.fromWire(room);
    if (claim !== undefined) {
      await rooms.refresh(jid);
      const turn = isEntering || rooms.find(room)?.state !== "in" ? TURN : SILENCE / 2;
      if (!(await claim(`${turn === TURN ? "enter" : "ask"} ${room}`, turn))) {
        agenda.rest(room, turn);
        return await book.stays.giveIn(room);
      }
    }
    agenda.rest(room, 0);
    const known = rooms.find(room);
    if (known === undefined) return;
    if (isEntering || known.state === "waiting") {
      agenda.checked(room);
      return await joining.enter(jid);
    }
    if (agenda.wishFreeAt(room) <= this.#clock.now()) return await joining.takeWish(jid);
    const silent = this.#clock.now() - (book.noticed(room).heard ?? -Infinity);
    if (known.state === "joining" || silent >= SILENCE / 2) return await this.#ask(jid, known);
    attending.settle(room);
    agenda.check(room, SILENCE - silent);
  }

  async #ask(jid: Jid, { room, state }: KnownRoom): Promise<void> {
    const { rooms, log } = this.#options;
    const { attending } = rooms.work;
    const attendance = await attending.ask(jid);
    if (attendance === "unknown" && state === "in") {
      const tries = this.#agenda.unsure(room);
      log.debug({ room, tries }, "it is not known whether the bot is in a room; the room is asked again");
      return;
    }
    this.#agenda.forget(room);
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
