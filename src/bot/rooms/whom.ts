import { Jid, StanzaError } from "../../stanza/index.ts";
import type { RoomAsker } from "./asker.ts";
import type { Occupants } from "./occupants.ts";
import { type RoomAction, RoomError } from "./room-error.ts";

/** The nickname that is meant. @throws TypeError where it is an address that is none of an occupant of the room. */
export function nickIn(room: Jid, who: string | Jid): string {
  if (typeof who === "string") return who;
  if (who.resource === undefined || !who.bare.equals(room))
    throw new TypeError(`${who} is no occupant of ${room}: give a nickname, or an address such as ctx.from`);
  return who.resource;
}

/**
 * The account that is meant, also by the address of an occupant.
 *
 * @throws RoomError where the room does not tell whose account that is; JidError where it is no address.
 */
export async function accountOf(
  action: RoomAction,
  who: Jid | string,
  asker: RoomAsker,
  occupants: Pick<Occupants, "get"> | undefined,
): Promise<Jid> {
  const jid = Jid.parse(who);
  if (!jid.bare.equals(asker.room)) return jid.bare;
  const { resource: nick } = jid;
  const known = occupants?.get(jid)?.jid;
  const account = known ?? (nick === undefined ? undefined : await lookUp(nick, asker));
  if (account !== undefined) return account.bare;
  const text = "the room does not tell the bot whose account that is";
  throw new RoomError(action, asker.room, new StanzaError("item-not-found", { text }), nick ?? String(jid));
}

/** Asks the room whose a nickname is: who has just come may not be known yet, or only to another node. */
async function lookUp(nick: string, asker: RoomAsker): Promise<Jid | undefined> {
  for (const role of ["participant", "visitor", "moderator"] as const) {
    const found = (await asker.list({ role })).find((entry) => entry.nick === nick);
    if (found !== undefined) return found.jid;
  }
  return undefined;
}
