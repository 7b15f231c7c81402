import type { Jid, Presence } from "../../stanza/index.ts";
import { type Affiliation, type Role, readOccupant } from "../../xep/index.ts";

/** What a room has told of one of its occupants (XEP-0045 §7.2). */
export interface KnownOccupant {
  readonly nick: string;
  readonly affiliation: Affiliation;
  readonly role: Role;
  /** Whose account it is, where the room tells the bot; as far as the room is to be believed. */
  readonly jid: Jid | undefined;
  /** By what the room knows them, whatever their nickname is (XEP-0421), where it has such ids. */
  readonly id: string | undefined;
}

/** How many occupants one bot remembers; in larger rooms those that were heard of least lately are not known. */
const MOST_OCCUPANTS = 20_000;
/** How long the ids may be that are remembered: rooms make them up. */
const LONGEST_ID = 256;
/** How long a nickname may be (RFC 7622 §3.4). */
const LONGEST_NICK = 1_023;
/** How long after the bot's coming what a room tells of who was there before may still be on its way, where stanzas race; in milliseconds. */
const RACE = 5_000;

/**
 * Who is in the rooms of one bot, as their presence tells. It is to be fed with every presence from a room that the bot has
 * joined, its own included, in the order in which they come, and with no other: anybody can write what a room writes.
 */
export class Occupants {
  readonly #rooms = new Map<string, Map<string, KnownOccupant>>();
  /** The rooms of which everybody is known: since when, where stanzas race, else 0. */
  readonly #complete = new Map<string, number>();
  readonly #newcomers = new WeakSet<Presence>();
  readonly #before = new WeakMap<Presence, KnownOccupant>();
  readonly #most: number;
  #count = 0;

  /** @param most how many to remember at most; default 20,000. */
  constructor(most: number = MOST_OCCUPANTS) {
    this.#most = most;
  }

  /**
   * Learns from the presence of an occupant.
   *
   * @param racing the time, in milliseconds since 1970, where stanzas may come in another order than that in which they were sent;
   *   default: they do not.
   * @param isOwn whether it comes from the nickname that the bot has, or had until now: some rooms pass on what occupants write, such as that they are
   *   the bot. Default: it is believed.
   */
  observe(presence: Presence, racing?: number, isOwn = true): void {
    const occupant = readOccupant(presence);
    if (occupant === undefined) return;
    const { nick, departure, newNick } = occupant;
    const self = occupant.self && isOwn;
    const room = occupant.room.toString();
    const before = this.#rooms.get(room)?.get(nick);
    if (departure === undefined) {
      if (before !== undefined) this.#compare(presence, before, occupant);
      else if (
        !self &&
        this.#isComplete(room, racing) &&
        !(racing !== undefined && this.#isRenamed(room, occupant))
      )
        this.#newcomers.add(presence);
      this.#put(room, occupant);
      // The bot's own presence is the last that a room sends to who comes in (XEP-0045 §7.2.2).
      if (self && !this.#complete.has(room)) this.#complete.set(room, racing ?? 0);
    }
    // That the bot has left by itself may be news from before it came back.
    else if (self && !["renamed", "left"].includes(departure)) this.forget(occupant.room);
    else {
      this.#remove(room, nick);
      const isNew = newNick !== undefined && this.#rooms.get(room)?.has(newNick) !== true;
      if (before !== undefined && isNew && newNick.length <= LONGEST_NICK)
        this.#put(room, { ...before, nick: newNick });
    }
  }

  /**
   * Whether a presence has told that somebody came into a room in which the bot was already. To be asked of a presence that was
   * observed.
   */
  isNewcomer(presence: Presence): boolean {
    return this.#newcomers.has(presence);
  }

  /** What was known of an occupant before a presence told of another role or affiliation; `undefined` where it told of none. */
  before(presence: Presence): KnownOccupant | undefined {
    return this.#before.get(presence);
  }

  /** What is known of an occupant, by the address in the room; `undefined` where nothing is. */
  get(occupant: Jid): KnownOccupant | undefined {
    if (occupant.resource === undefined) return undefined;
    return this.#rooms.get(occupant.bare.toString())?.get(occupant.resource);
  }

  /** Everybody in a room that is known, the bot included; who was heard of last comes last. */
  in(room: Jid): KnownOccupant[] {
    return [...(this.#rooms.get(room.bare.toString())?.values() ?? [])];
  }

  /** Forgets a room, as the bot is not in it any more. */
  forget(room: Jid): void {
    const key = room.bare.toString();
    this.#count -= this.#rooms.get(key)?.size ?? 0;
    this.#rooms.delete(key);
    this.#complete.delete(key);
  }

  #compare(presence: Presence, before: KnownOccupant, { role, affiliation }: KnownOccupant): void {
    if (before.role !== role || before.affiliation !== affiliation) this.#before.set(presence, before);
  }

  #isComplete(room: string, racing: number | undefined): boolean {
    const since = this.#complete.get(room);
    return since !== undefined && (racing === undefined || racing - since >= RACE);
  }

  /** Whether somebody is there under another nickname already: that they have changed it may be told only then. */
  #isRenamed(room: string, { id, jid }: KnownOccupant): boolean {
    return [...(this.#rooms.get(room)?.values() ?? [])].some(
      (other) =>
        (id !== undefined && other.id === id) || (jid !== undefined && other.jid?.equals(jid) === true),
    );
  }

  #put(room: string, { nick, affiliation, role, jid, id }: KnownOccupant): void {
    this.#remove(room, nick);
    const occupants = this.#rooms.get(room) ?? new Map<string, KnownOccupant>();
    // What was heard of last comes last, the rooms among each other too, so that the first may go.
    this.#rooms.delete(room);
    const kept = id !== undefined && id.length <= LONGEST_ID ? id : undefined;
    this.#rooms.set(room, occupants.set(nick, { nick, affiliation, role, jid, id: kept }));
    this.#count += 1;
    if (this.#count > this.#most) this.#removeOldest();
  }

  #remove(room: string, nick: string): void {
    const occupants = this.#rooms.get(room);
    if (occupants?.delete(nick) !== true) return;
    this.#count -= 1;
    if (occupants.size === 0) this.#rooms.delete(room);
  }

  #removeOldest(): void {
    const [room] = this.#rooms.keys();
    const [nick] = (room === undefined ? undefined : this.#rooms.get(room)?.keys()) ?? [];
    if (room === undefined || nick === undefined) return;
    this.#remove(room, nick);
    // Who is heard of again there need not be new.
    this.#complete.delete(room);
  }
}
