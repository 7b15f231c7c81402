import type { Jid } from "../../stanza/index.ts";
import type { Invitation } from "../../xep/index.ts";

/**
 * Which invitations into rooms a bot follows: `accept` all, `refuse` all, or those by certain accounts (`juliet@example.com`), by
 * anybody of certain domains (`example.com`), and into certain rooms or the rooms of certain services
 * (`lobby@rooms.example.com`, `rooms.example.com`). Default: those by people at the server that the bot is part of, as
 * `example.com` is for a bot at `bots.example.com`.
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
 * room says who it was, and is believed about accounts of the domain that it is a part of, as in permissions.
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
  if (policy === undefined) return inviter !== undefined && isAtHome(inviter, bot);
  const names = [inviter, room].flatMap((jid) =>
    jid === undefined ? [] : [jid.bare.toString(), jid.domain],
  );
  return policy.allow.some((allowed) => names.includes(allowed));
}

function isAtHome({ domain }: Jid, bot: Jid): boolean {
  return bot.domain === domain || bot.domain.endsWith(`.${domain}`);
}
