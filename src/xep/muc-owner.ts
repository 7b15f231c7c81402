import { type Element, el, type Jid } from "../stanza/index.ts";
import { readJid } from "./addresses.ts";

/** XEP-0045: Multi-User Chat, what an owner configures. */
export const NS_MUC_OWNER = "http://jabber.org/protocol/muc#owner";

/** Why a room is no more, and where to go instead (XEP-0045 §10.9). */
export interface RoomEnd {
  readonly venue: Jid | undefined;
  /** What the other room wants to hear at the door. */
  readonly password: string | undefined;
  readonly reason: string | undefined;
}

/** Accepts the default configuration of a room that a join has made, which lets others in (§10.1.2). */
export function buildInstantRoom(): Element {
  return el("query", { xmlns: NS_MUC_OWNER }, el("x", { xmlns: "jabber:x:data", type: "submit" }));
}

/** Asks for the form of a room's configuration (§10.2). */
export function buildRoomFormQuery(): Element {
  return el("query", { xmlns: NS_MUC_OWNER });
}

/** Hands in the form of a room's configuration, filled in. */
export function buildRoomForm(form: Element): Element {
  return el("query", { xmlns: NS_MUC_OWNER }, form);
}

/** An end to be built; what is left out is not said. */
export type RoomEndInit = { readonly [Key in keyof RoomEnd]?: RoomEnd[Key] | undefined };

/** Has a room destroyed (§10.9). */
export function buildRoomDestruction(end: RoomEndInit = {}): Element {
  return el("query", { xmlns: NS_MUC_OWNER }, buildRoomEnd(end));
}

/** What a `<destroy/>` says, of an owner who asks for it or a room that tells its occupants. */
export function readRoomEnd(destroy: Element): RoomEnd {
  return {
    venue: readJid(destroy.attr("jid")),
    password: destroy.childText("password"),
    reason: destroy.childText("reason"),
  };
}

/** @internal */
export function buildRoomEnd({ venue, password, reason }: RoomEndInit): Element {
  return el(
    "destroy",
    { jid: venue?.bare.toString() },
    password !== undefined && el("password", {}, password),
    reason !== undefined && el("reason", {}, reason),
  );
}
