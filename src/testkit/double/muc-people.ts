import { type Element, el, NS_CLIENT } from "../../stanza/index.ts";
import type { Affiliation, Departure, Role, RoomEnd } from "../../xep/index.ts";
import { bareOf } from "./addresses.ts";
import { kickedPresence } from "./muc-kick.ts";
import { type By, filtered, type MucOccupant, type Notice, nickOf, presenceOf } from "./muc-occupant.ts";
import type { MucConfiguration } from "./muc-room-options.ts";

const GONE = el("presence", { xmlns: NS_CLIENT, type: "unavailable" });

/** Who is in a room and what they are to it (XEP-0045 §5), and how each change is told to the others. */
export class MucPeople {
  readonly #room: string;
  readonly #configuration: MucConfiguration;
  readonly #route: (stanza: Element) => void;
  /** By real JID, in the order of joining. */
  readonly #occupants = new Map<string, MucOccupant>();
  /** By bare JID; who is not in it has none. */
  readonly #affiliations = new Map<string, Affiliation>();

  constructor(
    room: string,
    configuration: MucConfiguration,
    route: (stanza: Element) => void,
    owner: string | undefined,
  ) {
    this.#room = room;
    this.#configuration = configuration;
    this.#route = route;
    if (owner !== undefined) this.#affiliations.set(owner, "owner");
  }

  /** Who is in it, in the order of joining. */
  get occupants(): readonly MucOccupant[] {
    return [...this.#occupants.values()];
  }

  /** Who has an affiliation, by bare JID. */
  get affiliations(): ReadonlyMap<string, Affiliation> {
    return this.#affiliations;
  }

  /** What somebody is to the room. */
  affiliationOf(jid: string): Affiliation {
    return this.#affiliations.get(bareOf(jid)) ?? "none";
  }

  /** What somebody may do in it, who need not be in it. */
  roleOf(jid: string): Role {
    return this.#occupants.get(jid)?.role ?? this.#defaultRole(this.affiliationOf(jid));
  }

  /** The nicknames in it by real JID. */
  get nicks(): ReadonlyMap<string, string> {
    return new Map([...this.#occupants].map(([realJid, { nickJid }]) => [realJid, nickOf(nickJid)]));
  }

  /** Who is in it by this real JID. */
  at(realJid: string | undefined): MucOccupant | undefined {
    return realJid === undefined ? undefined : this.#occupants.get(realJid);
  }

  /** Who is in it by this nickname, which is the resource of a JID of the room's. */
  byNick(nickJid: string): MucOccupant | undefined {
    for (const occupant of this.#occupants.values()) if (occupant.nickJid === nickJid) return occupant;
    return undefined;
  }

  /** Changes what somebody may do in it (§8); returns false when nobody there has that nickname. */
  setRole(nick: string, role: Role, by: By = {}): boolean {
    const occupant = this.byNick(`${this.#room}/${nick}`);
    if (occupant === undefined) return false;
    if (role === "none") this.#remove(occupant, "kicked", by);
    else {
      occupant.role = role;
      this.#publish(occupant, { role, by });
    }
    return true;
  }

  /** Throws somebody out (XEP-0045 §8.2); returns false when nobody there has that nickname. */
  expel(nick: string, by: By = {}): boolean {
    const occupant = this.byNick(`${this.#room}/${nick}`);
    if (occupant !== undefined) this.#remove(occupant, "kicked", by);
    return occupant !== undefined;
  }

  /** Changes what somebody is to the room (§9); an outcast is thrown out. */
  affiliate(bare: string, affiliation: Affiliation, by: By = {}): void {
    this.#affiliations.set(bare, affiliation);
    for (const occupant of [...this.#occupants.values()]) {
      if (bareOf(occupant.realJid) !== bare) continue;
      const before = occupant.role;
      occupant.affiliation = affiliation;
      occupant.role = this.#defaultRole(affiliation);
      if (affiliation === "outcast") this.#remove(occupant, "banned", by);
      else if (occupant.role === "none") this.#remove(occupant, "affiliation", by);
      else {
        this.#publish(occupant, { role: occupant.role, by });
        const changes = (before === "moderator") !== (occupant.role === "moderator");
        if (changes && !this.#configuration.nonAnonymous) this.#tellAll(occupant);
      }
    }
  }

  /** Brings what was said to everybody. */
  broadcast(said: Element): void {
    for (const { realJid } of this.#occupants.values()) this.#route(said.withAttrs({ to: realJid }));
  }

  /** Lets somebody in, or tells the presence, and maybe the new nickname, of who is in already. */
  enter(
    stanza: Element,
    occupant: MucOccupant | undefined,
    joins: { joining: boolean; created: boolean },
  ): void {
    const realJid = stanza.attr("from") ?? "";
    const nickJid = stanza.attr("to") ?? "";
    const affiliation = this.affiliationOf(realJid);
    if (occupant !== undefined && occupant.nickJid !== nickJid) {
      this.leave(occupant, stanza.withAttrs({ type: "unavailable" }).withChildren(), {
        departure: "renamed",
        newNick: nickOf(nickJid),
      });
    }
    const role = occupant?.role ?? this.#defaultRole(affiliation);
    const entered: MucOccupant = { realJid, nickJid, affiliation, role, presence: filtered(stanza) };
    const seesAll = this.#seesRealJids(entered);
    if (joins.joining)
      for (const other of this.#occupants.values())
        if (other !== occupant) this.#tell(other, realJid, seesAll, { role: other.role });
    this.#occupants.set(realJid, entered);
    this.#publish(entered, { role, statuses: joins.created ? ["created"] : [] });
  }

  /** Drops somebody for an error that says that they cannot be reached. */
  kick(occupant: MucOccupant, stanza: Element): void {
    this.leave(occupant, kickedPresence(stanza), { departure: "error" });
  }

  /** Lets everybody go, as the room is no more. */
  dismiss(end: RoomEnd): void {
    for (const occupant of this.occupants) this.leave(occupant, GONE, { departure: "destroyed", end });
  }

  /** Forgets everybody, without a word. */
  forgetAll(): void {
    this.#occupants.clear();
  }

  /** Lets somebody go, and tells everybody. */
  leave(occupant: MucOccupant, presence: Element, notice: Omit<Notice, "role">): void {
    occupant.presence = filtered(presence);
    this.#publish(occupant, { ...notice, role: "none" });
    this.#occupants.delete(occupant.realJid);
  }

  #remove(occupant: MucOccupant, departure: Departure, by: By): void {
    this.leave(occupant, GONE, { departure, by });
  }

  #publish(occupant: MucOccupant, notice: Notice): void {
    for (const other of this.#occupants.values()) {
      if (other !== occupant) this.#tell(occupant, other.realJid, this.#seesRealJids(other), notice);
    }
    this.#tell(occupant, occupant.realJid, true, notice);
  }

  #seesRealJids(occupant: MucOccupant): boolean {
    return this.#configuration.nonAnonymous || occupant.role === "moderator";
  }

  /** Who becomes a moderator, or is one no more, sees others with or without their addresses from now on. */
  #tellAll(occupant: MucOccupant): void {
    for (const other of this.#occupants.values())
      if (other !== occupant)
        this.#tell(other, occupant.realJid, this.#seesRealJids(occupant), { role: other.role });
  }

  #defaultRole(affiliation: Affiliation): Role {
    if (affiliation === "owner" || affiliation === "admin") return "moderator";
    if (affiliation === "member") return "participant";
    if (affiliation === "outcast" || this.#configuration.membersOnly) return "none";
    return this.#configuration.moderated ? "visitor" : "participant";
  }

  #tell(about: MucOccupant, to: string, seesRealJid: boolean, notice: Notice): void {
    this.#route(presenceOf(about, to, seesRealJid, notice));
  }
}
