import { type Element, el, type Message, type Presence } from "../stanza/index.ts";
import { NS_MUC_USER, readStatusCodes } from "./muc.ts";

/** What the status codes of a room say (XEP-0045 §16.6). */
export const ROOM_STATUSES = {
  /** Everybody in the room sees whose accounts the occupants are. */
  "non-anonymous": 100,
  /** An affiliation has changed while its owner was not in the room. */
  "affiliation-changed": 101,
  /** Members who are not there are shown now. */
  "shows-absent": 102,
  /** Members who are not there are not shown any more. */
  "hides-absent": 103,
  /** Something of the configuration has changed that has nothing to do with privacy. */
  "configuration-changed": 104,
  /** This presence is about yourself. */
  self: 110,
  /** What is said is kept from now on. */
  "logging-on": 170,
  /** What is said is not kept any more. */
  "logging-off": 171,
  /** From now on everybody sees whose accounts the occupants are. */
  "now-non-anonymous": 172,
  /** From now on only moderators see that. */
  "now-semi-anonymous": 173,
  /** This join has made the room. */
  created: 201,
  /** The room has given another nickname than was asked for. */
  "nickname-assigned": 210,
  banned: 301,
  /** The occupant goes on under another nickname. */
  renamed: 303,
  kicked: 307,
  /** Out, as an affiliation has changed. */
  "affiliation-lost": 321,
  /** Out, as the room is for members alone now. */
  "members-only": 322,
  /** Out, as the room's service goes down. */
  shutdown: 332,
  /** Out, as the room could not reach the occupant. */
  error: 333,
} as const;

/** By its name, what a status code of a room says. */
export type RoomStatus = keyof typeof ROOM_STATUSES;

/** What a room says by status codes, in a presence, or in a message about its configuration (§10.2.1). Codes that it does not know it leaves out. */
export function readRoomStatuses(stanza: Presence | Message): RoomStatus[] {
  const names = Object.keys(ROOM_STATUSES) as RoomStatus[];
  const codes = readStatusCodes(stanza);
  return codes.flatMap((code) => names.find((name) => ROOM_STATUSES[name] === code) ?? []);
}

/**
 * Says something by status codes, in a message from a room about its configuration (§10.2.1), or in a presence of which nothing else is
 * said. For a component that has rooms of its own, as nobody believes anybody else.
 */
export function buildRoomStatuses(statuses: readonly RoomStatus[]): Element {
  return el(
    "x",
    { xmlns: NS_MUC_USER },
    statuses.map((status) => buildStatus(ROOM_STATUSES[status])),
  );
}

/** @internal */
export function buildStatus(code: number): Element {
  return el("status", { code });
}
