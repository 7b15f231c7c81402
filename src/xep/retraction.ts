import { type Element, el, type Jid, type Message } from "../stanza/index.ts";
import { readJid } from "./addresses.ts";
import { NS_MODERATION } from "./moderation.ts";
import { buildOccupantId, readOccupantId } from "./occupant-id.ts";
import { readInstant, writeInstant } from "./values.ts";

/** XEP-0424: Message Retraction; also its feature. */
export const NS_RETRACTION = "urn:xmpp:message-retract:1";

/** That a message is taken back. */
export interface Retraction {
  /** The id of that message; in a room, the one that the room gave it (XEP-0359). */
  readonly id: string;
  /** Whether somebody else than its author took it back; only the room itself may say so (XEP-0425 §5). */
  readonly moderated: boolean;
  readonly reason: string | undefined;
  /** Who did, where it was `moderated` and the room tells. */
  readonly moderator?: Moderator | undefined;
}

/** Who takes back what another has said in a room. */
export interface Moderator {
  /** Their address in the room. */
  readonly jid: Jid | undefined;
  /** By what the room knows them (XEP-0421). */
  readonly id: string | undefined;
}

/** Which message is taken back. */
export function readRetraction(message: Message): Retraction | undefined {
  const retract = message.child("retract", NS_RETRACTION);
  const id = retract?.attr("id");
  if (retract === undefined || id === undefined) return undefined;
  const moderated = retract.child("moderated", NS_MODERATION);
  if (moderated && message.from?.resource !== undefined) return undefined;
  const moderator = moderated && readModerator(moderated);
  return {
    id,
    moderated: moderated !== undefined,
    reason: retract.childText("reason"),
    ...(moderator && { moderator }),
  };
}

function readModerator(moderated: Element): Moderator | undefined {
  const jid = readJid(moderated.attr("by"));
  const id = readOccupantId(moderated);
  return jid === undefined && id === undefined ? undefined : { jid, id };
}

/** Takes back a message of one's own. */
export function buildRetraction(id: string): Element {
  return el("retract", { xmlns: NS_RETRACTION, id });
}

/** Takes back what somebody has said in a room, as the room (XEP-0425 §3.1). For a component that has rooms of its own. */
export function buildModeratedRetraction({
  id,
  reason,
  moderator,
}: Pick<Retraction, "id" | "reason" | "moderator">): Element {
  return el(
    "retract",
    { xmlns: NS_RETRACTION, id },
    el(
      "moderated",
      { xmlns: NS_MODERATION, by: moderator?.jid?.toString() },
      moderator?.id !== undefined && buildOccupantId(moderator.id),
    ),
    reason !== undefined && el("reason", {}, reason),
  );
}

/** What an archive keeps in the place of a message that was taken back (XEP-0424 §4). */
export interface Tombstone {
  /** The id of the message that took it back. */
  readonly id: string | undefined;
  /** When that was. */
  readonly stamp: Date | undefined;
}

/** That an archived message was taken back; its words are gone. */
export function readTombstone(message: Message): Tombstone | undefined {
  const retracted = message.child("retracted", NS_RETRACTION);
  return retracted && { id: retracted.attr("id"), stamp: readInstant(retracted.attr("stamp")) };
}

/** Says that an archived message was taken back. */
export function buildTombstone({ id, stamp }: Tombstone): Element {
  return el("retracted", { xmlns: NS_RETRACTION, id, stamp: stamp && writeInstant(stamp) });
}
