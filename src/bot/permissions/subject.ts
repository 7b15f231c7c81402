import type { Jid } from "../../stanza/index.ts";
import type { Affiliation, Role } from "../../xep/index.ts";
import type { Context } from "../context.ts";

/**
 * Who wants something, as far as that is certain. Addresses are compared as the server wrote them, letter by letter: what two
 * spellings have in common is for the server to say, which may take two accounts for two that another rule takes for one.
 */
export interface Subject {
  /** The account (a bare JID); `undefined` where it is not known, as behind most occupants of a room. */
  readonly account: Jid | undefined;
  /** Who it is in the room that it comes from; `undefined` for who does not come from a room. */
  readonly occupant:
    | {
        readonly room: Jid;
        readonly nick: string | undefined;
        readonly affiliation: Affiliation;
        readonly role: Role;
      }
    | undefined;
}

/**
 * Whether a room's word for whose account an occupant's is counts: any service could say that of anybody.
 *
 * @param trusted rooms and services whose word counts for every account; default: none, but each service is believed about accounts of
 *   the domain that it is a part of, as `rooms.example.com` is of `example.com`.
 */
export function isBelieved(room: Jid, account: Jid, trusted?: ReadonlySet<string>): boolean {
  if (trusted !== undefined) return trusted.has(room.domain) || trusted.has(room.bare.toString());
  return room.domain.endsWith(`.${account.domain}`);
}

/** Who has sent a stanza. The address of an occupant is never taken for an account. */
export function subjectOf(
  ctx: Pick<Context, "from" | "inRoom" | "bot">,
  trusted?: ReadonlySet<string>,
): Subject {
  const { from, bot } = ctx;
  if (!ctx.inRoom && !isRoomService(from.domain, bot.rooms.joined))
    return { account: from.bare, occupant: undefined };
  const known = bot.occupants?.get(from);
  const { affiliation = "none", role = "none", jid } = known ?? {};
  const account = jid !== undefined && isBelieved(from.bare, jid.bare, trusted) ? jid.bare : undefined;
  return { account, occupant: { room: from.bare, nick: from.resource, affiliation, role } };
}

/** Who is at the same service as a room is an occupant of some room there, be it one that the bot has left. */
function isRoomService(domain: string, rooms: readonly string[]): boolean {
  return rooms.some((room) => room.endsWith(`@${domain}`));
}
