import { type Element, el, type Jid, type Presence } from "../stanza/index.ts";
import { readJid } from "./addresses.ts";
import { NS_MUC_USER, readNewNick, readStatusCodes, STATUS_NEW_NICK, STATUS_SELF } from "./muc.ts";
import { buildRoomEnd, readRoomEnd } from "./muc-owner.ts";
import { buildStatus, ROOM_STATUSES, type RoomStatus } from "./muc-status.ts";
import { readOccupantId } from "./occupant-id.ts";

/** XEP-0045 §5.2. */
export type Affiliation = "owner" | "admin" | "member" | "outcast" | "none";

/** XEP-0045 §5.1. */
export type Role = "moderator" | "participant" | "visitor" | "none";

/**
 * Why somebody is not in the room any more, or not under this nickname: `left` of their own accord, `renamed` (§7.6), `kicked`
 * (§8.2), `banned` (§9.1), lost the membership that the room asks for (`affiliation`, §9.4; `members-only`, §10.2.1), the room's
 * service went down (`shutdown`, §11.2), or the room could not reach them (`error`).
 */
export type Departure =
  | "left"
  | "renamed"
  | "kicked"
  | "banned"
  | "affiliation"
  | "members-only"
  | "shutdown"
  | "error"
  | "destroyed";

/** What a presence tells of an occupant of a room (XEP-0045 §7.2, §16.6). */
export interface Occupant {
  readonly room: Jid;
  readonly nick: string;
  readonly affiliation: Affiliation;
  readonly role: Role;
  /** Who it is, where the room tells. */
  readonly jid: Jid | undefined;
  /** By what the room knows them, whatever their nickname is (XEP-0421); only to be believed of a room that has the feature. */
  readonly id: string | undefined;
  /** Whether it is the bot itself. */
  readonly self: boolean;
  /** Why they are gone; `undefined` while they are there. */
  readonly departure: Departure | undefined;
  /** The next nickname, for who is `renamed`. */
  readonly newNick: string | undefined;
  /** Who did it, by nickname or address, where somebody did and the room tells. */
  readonly actor: string | undefined;
  readonly reason: string | undefined;
  /** Where to go instead, for who is out as the room was `destroyed`. */
  readonly venue: Jid | undefined;
  /** What the room in its place wants to hear at the door, where that is told. */
  readonly password?: string | undefined;
}

/** An occupant to be told of; what is left out is not said. */
export interface OccupantInit {
  readonly affiliation: Affiliation;
  readonly role: Role;
  readonly jid?: Jid | string | undefined;
  readonly self?: boolean | undefined;
  readonly departure?: Departure | undefined;
  readonly newNick?: string | undefined;
  /** A nickname. */
  readonly actor?: string | undefined;
  readonly reason?: string | undefined;
  readonly venue?: Jid | undefined;
  readonly password?: string | undefined;
}

/** @internal */
export const AFFILIATIONS: readonly Affiliation[] = ["owner", "admin", "member", "outcast", "none"];
/** @internal */
export const ROLES: readonly Role[] = ["moderator", "participant", "visitor", "none"];

/** By status code; the first that applies. Who is kicked by an error has 307 as well (§11.1). */
const departures: readonly (readonly [code: number, departure: Departure])[] = [
  [STATUS_NEW_NICK, "renamed"],
  [333, "error"],
  [301, "banned"],
  [321, "affiliation"],
  [322, "members-only"],
  [332, "shutdown"],
  [307, "kicked"],
];

/** What a presence tells of an occupant; `undefined` where it is not an occupant's, or is an error. */
export function readOccupant(presence: Presence): Occupant | undefined {
  const { from } = presence;
  const user = presence.child("x", NS_MUC_USER);
  if (user === undefined || from?.resource === undefined) return undefined;
  if (presence.type !== "available" && presence.type !== "unavailable") return undefined;
  const item = user.child("item");
  const codes = readStatusCodes(presence);
  const departure = presence.type === "available" ? undefined : departureOf(presence, codes);
  const actor = item?.child("actor");
  const destroy = user.child("destroy");
  const end = destroy && readRoomEnd(destroy);
  return {
    room: from.bare,
    nick: from.resource,
    affiliation: AFFILIATIONS.find((known) => known === item?.attr("affiliation")) ?? "none",
    role: ROLES.find((known) => known === item?.attr("role")) ?? "none",
    jid: readJid(item?.attr("jid")),
    id: readOccupantId(presence),
    self: codes.includes(STATUS_SELF),
    departure,
    newNick: departure === "renamed" ? readNewNick(presence) : undefined,
    actor: actor?.attr("nick") ?? actor?.attr("jid"),
    reason: item?.childText("reason") ?? end?.reason,
    venue: end?.venue,
    ...(end?.password !== undefined && { password: end.password }),
  };
}

/**
 * Tells of an occupant: the payload of a presence from the room, which has its nickname in the address, and its id beside this
 * ({@link buildOccupantId}). For a component that has rooms of its own, as nobody believes anybody else.
 *
 * @param others what else is said by status codes, beside what `self` and `departure` say.
 */
export function buildOccupant(occupant: OccupantInit, others: readonly RoomStatus[] = []): Element {
  const { affiliation, role, jid, self, departure, newNick, actor, reason, venue, password } = occupant;
  const isDestroyed = departure === "destroyed";
  const [code] = departures.find(([, each]) => each === departure) ?? [];
  return el(
    "x",
    { xmlns: NS_MUC_USER },
    el(
      "item",
      { affiliation, role, jid: jid?.toString(), nick: newNick },
      actor !== undefined && el("actor", { nick: actor }),
      reason !== undefined && !isDestroyed && el("reason", {}, reason),
    ),
    isDestroyed && buildRoomEnd({ venue, password, reason }),
    code !== undefined && buildStatus(code),
    others.map((status) => buildStatus(ROOM_STATUSES[status])),
    self === true && buildStatus(STATUS_SELF),
  );
}

function departureOf(presence: Presence, codes: readonly number[]): Departure {
  if (presence.child("x", NS_MUC_USER)?.child("destroy") !== undefined) return "destroyed";
  return departures.find(([code]) => codes.includes(code))?.[1] ?? "left";
}
