import { type Element, el, type Iq, type Jid } from "../stanza/index.ts";
import { readJid } from "./addresses.ts";
import { AFFILIATIONS, type Affiliation, ROLES, type Role } from "./occupant.ts";

/** XEP-0045: Multi-User Chat, what moderators and admins ask of a room. */
export const NS_MUC_ADMIN = "http://jabber.org/protocol/muc#admin";

/** Somebody in a list of a room (XEP-0045 §9.5, §9.8, §10.5). */
export interface RoomEntry {
  readonly affiliation: Affiliation | undefined;
  readonly role: Role | undefined;
  /** Whose account it is; a list of affiliations names it, one of roles where the asker may see it. */
  readonly jid: Jid | undefined;
  /** The nickname in the room, or the one that is kept for them. */
  readonly nick: string | undefined;
  readonly reason: string | undefined;
}

/** Somebody to be listed; what is left out is not said. */
export interface RoomEntryInit {
  readonly affiliation?: Affiliation | undefined;
  readonly role?: Role | undefined;
  readonly jid?: Jid | string | undefined;
  readonly nick?: string | undefined;
  readonly reason?: string | undefined;
}

/** What is to become of somebody: by nickname and role, or by account and affiliation. */
export type RoomChange =
  | { readonly nick: string; readonly role: Role; readonly reason?: string | undefined }
  | {
      readonly jid: Jid;
      readonly affiliation: Affiliation;
      /** A nickname to keep for them. */
      readonly nick?: string | undefined;
      readonly reason?: string | undefined;
    };

/** Changes roles (§8: kick, voice, moderators) or affiliations (§9, §10: bans, members, admins, owners). */
export function buildRoomChanges(...changes: readonly RoomChange[]): Element {
  return el("query", { xmlns: NS_MUC_ADMIN }, changes.map(buildChange));
}

function buildChange(change: RoomChange): Element {
  const what =
    "role" in change
      ? { nick: change.nick, role: change.role }
      : { affiliation: change.affiliation, jid: change.jid.bare.toString(), nick: change.nick };
  return el("item", what, change.reason !== undefined && el("reason", {}, change.reason));
}

/** Asks who has an affiliation (§9.2, §9.5, §10.5, §10.8) or a role (§8.5, §9.8). */
export function buildRoomListQuery(
  of: { readonly affiliation: Affiliation } | { readonly role: Role },
): Element {
  return el("query", { xmlns: NS_MUC_ADMIN }, el("item", of));
}

/** Answers who is in the list that was asked for. For a component that has rooms of its own. */
export function buildRoomList(entries: readonly RoomEntryInit[]): Element {
  return el(
    "query",
    { xmlns: NS_MUC_ADMIN },
    entries.map(({ affiliation, role, jid, nick, reason }) =>
      el(
        "item",
        { affiliation, role, jid: jid?.toString(), nick },
        reason !== undefined && el("reason", {}, reason),
      ),
    ),
  );
}

/** Who is in the list that was asked for; `undefined` where the answer is none. */
export function readRoomList(iq: Iq): RoomEntry[] | undefined {
  if (iq.payload?.is("query", NS_MUC_ADMIN) !== true) return undefined;
  return iq.payload.childrenNamed("item").map((item) => ({
    affiliation: AFFILIATIONS.find((known) => known === item.attr("affiliation")),
    role: ROLES.find((known) => known === item.attr("role")),
    jid: readJid(item.attr("jid")),
    nick: item.attr("nick"),
    reason: item.childText("reason"),
  }));
}
