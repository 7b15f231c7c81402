import {
  Composer,
  type Context,
  type FrameworkText,
  isInvitationAccepted,
  languageOf,
  MOST_ROOMS_BY_INVITATION,
  permissionsOf,
  textsOf,
} from "../bot/index.ts";
import { message } from "../stanza/index.ts";
import { buildDecline, type Invitation } from "../xep/index.ts";

/** How long a password may be that somebody sends: it is stored. */
const LONGEST_PASSWORD = 1_024;

/**
 * Follows invitations into rooms (XEP-0249, XEP-0045 §7.8.2) where the bot's policy lets it, and else declines: by way of the room that has
 * passed the invitation on, or in words to who sent it.
 */
export function invitations(): Composer {
  const service = new Composer();
  service.on("message:invitation", async (ctx) => {
    const { invitation, bot } = ctx;
    const { rooms } = bot;
    const { room, password } = invitation;
    const permissions = permissionsOf(ctx);
    const isBelieved = permissions.isBelieved.bind(permissions);
    if (!isInvitationAccepted(invitation, bot.invitations, bot.jid, isBelieved))
      return await decline(ctx, invitation, "invitationRefused");
    const byInvitation = rooms.known.filter(({ listed }) => !listed);
    if (!rooms.has(room) && byInvitation.length >= MOST_ROOMS_BY_INVITATION)
      return await decline(ctx, invitation, "invitationTooMany");
    ctx.log.info(
      { room: String(room), inviter: invitation.from && String(invitation.from) },
      "the bot follows an invitation into a room",
    );
    rooms.want(room, undefined, {
      invited: true,
      password: password !== undefined && password.length <= LONGEST_PASSWORD ? password : undefined,
    });
    await rooms.save();
  });
  return service;
}

async function decline(
  ctx: Context,
  { from, room, mediated }: Invitation,
  why: FrameworkText,
): Promise<void> {
  ctx.log.info(
    { room: String(room), inviter: from && String(from) },
    "the bot does not follow an invitation into a room: see `rooms.invitations` of defineBot",
  );
  const reason = textsOf(ctx.bot).say(why, await languageOf(ctx));
  if (!mediated) await ctx.reply(reason);
  else if (from !== undefined) await ctx.send(room, message({}, buildDecline(from, reason)));
}
