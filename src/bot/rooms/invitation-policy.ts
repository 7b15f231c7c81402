import type { Jid } from "../../stanza/index.ts";
import type { Invitation } from "../../xep/index.ts";

/**
 * Which invitations into rooms a bot follows: `accept` all, `refuse` all, or those by certain accounts (`juliet@example.com`), by
 * anybody of certain domains (`example.com`), and into certain rooms or the rooms of certain services
 * (`lobby@rooms.example.com`, `rooms.example.com`). Default: those by people at the server that the bot is part of, as
 * `example.com` is for a bot at `bots.example.com`, and those that its rooms pass on.
 */
export type InvitationPolicy = "accept" | "refuse" | { readonly allow: readonly string[] };

/** How a bot is with rooms. */
export interface RoomsSettings {
  /** Whose invitations it follows. */
  readonly invitations?: InvitationPolicy | undefined;
}

/** In how many rooms that it was asked into a bot is at most. */
export const MOST_ROOMS_BY_INVITATION = 100;

/**
 * Whether a bot follows an invitation. Who invites is certain where the invitation came from themselves. Where a room passed it on, the
 * room says who it was, often no more than a nickname; it is believed about accounts of the domain that it is a part of, as in permissions.
 *
 * @param bot the bot's address.
 * @param isBelieved whether a room's word for an account counts.
 */
export function isInvitationAccepted(
  { from, room, mediated }: Invitation,
  policy: InvitationPolicy | undefined,
  bot: Jid,
  isBelieved: (room: Jid, account: Jid) => boolean,
): boolean {
  if (policy === "accept" || policy === "refuse") return policy === "accept";
  const inviter = from !== undefined && (!mediated || isBelieved(room, from.bare)) ? from : undefined;
  if (policy === undefined) return isAtHome(bot, inviter) || (mediated && isNextDoor(bot, room));
  const names = [inviter, room].flatMap((jid) =>
    jid === undefined ? [] : [jid.bare.toString(), jid.domain],
  );
  return policy.allow.some((allowed) => names.includes(allowed));
}

/** Whether somebody has an account at the server that a bot is part of. */
function isAtHome(bot: Jid, somebody: Jid | undefined): boolean {
  return somebody !== undefined && [bot.domain, homeOf(bot)].includes(somebody.domain);
}

/** Whether a room is at a service of the server that a bot is part of: whom that lets in may ask others in. */
function isNextDoor(bot: Jid, room: Jid): boolean {
  const home = homeOf(bot);
  return home !== undefined && (homeOf(room) === home || homeOf(room) === bot.domain);
}

/** The domain that a service belongs to; `undefined` for what is a domain of its own, such as `example.com`. */
function homeOf({ domain }: Jid): string | undefined {
  const parent = domain.slice(domain.indexOf(".") + 1);
  return domain.includes(".") && (parent.includes(".") || parent === "localhost") ? parent : undefined;
}
