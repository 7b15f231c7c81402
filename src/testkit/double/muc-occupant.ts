import type { Element } from "../../stanza/index.ts";
import {
  type Affiliation,
  buildOccupant,
  type Departure,
  NS_MUC,
  NS_MUC_USER,
  type Role,
  type RoomEnd,
  type RoomStatus,
} from "../../xep/index.ts";

/** Somebody in a room. */
export interface MucOccupant {
  readonly realJid: string;
  readonly nickJid: string;
  affiliation: Affiliation;
  role: Role;
  presence: Element;
}

/** How an occupant's presence is told to the room. */
export interface Notice {
  readonly role: Role;
  readonly statuses?: readonly RoomStatus[];
  readonly departure?: Departure;
  readonly newNick?: string;
  readonly by?: By | undefined;
  /** Why they are out, whose room is no more. */
  readonly end?: RoomEnd | undefined;
}

/** Who did something to an occupant, and why. */
export interface By {
  /** A nickname. */
  readonly actor?: string | undefined;
  readonly reason?: string | undefined;
}

/** An occupant's presence as the room tells it to somebody in it. */
export function presenceOf(
  about: MucOccupant,
  to: string,
  seesRealJid: boolean,
  { role, statuses, departure, newNick, by, end }: Notice,
): Element {
  const { affiliation, realJid } = about;
  const self = to === realJid;
  const jid = seesRealJid || self ? realJid : undefined;
  const told = { affiliation, role, jid, self, departure, newNick, ...by, ...end };
  return about.presence.withAttrs({ from: about.nickJid, to }).append(buildOccupant(told, statuses));
}

export function nickOf(nickJid: string): string {
  return nickJid.slice(nickJid.indexOf("/") + 1);
}

/** Without what only the room itself may say. */
export function filtered(stanza: Element): Element {
  return stanza.withChildren(
    stanza.children.filter(
      (child) => typeof child === "string" || (child.ns !== NS_MUC && child.ns !== NS_MUC_USER),
    ),
  );
}
