import { tellRoomNews } from "../bot/index.ts";
import type { Jid, Stanza } from "../stanza/index.ts";
import { isFromRoom, readStatusCodes, STATUS_SELF } from "../xep/index.ts";
import type { MountedBot } from "./mount.ts";

/**
 * Whether a stanza is the bot's own, come back from a room, and so no news to it. That a room let it in under another
 * nickname is noted on the way; that it is out is news.
 *
 * @param racing when it came, where stanzas may come in another order than that in which they were sent.
 */
export function isEcho(stanza: Stanza, from: Jid, bot: MountedBot, racing?: number): boolean {
  const echo = judge(stanza, from, bot, racing);
  if (bot.rooms.isChanged) {
    bot.rooms.save().catch((error: unknown) => {
      bot.log.error({ err: error, room: String(from.bare) }, "what a room told could not be noted yet");
    });
  }
  return echo;
}

/**
 * The same where several nodes share the store: another one may have seen the bot come in.
 *
 * @throws StoreError where the store does not tell, or cannot be told.
 */
export async function isEchoAmongNodes(
  stanza: Stanza,
  from: Jid,
  bot: MountedBot,
  racing?: number,
): Promise<boolean> {
  const isRefusal = stanza.kind === "presence" && stanza.type === "error";
  if (!isRefusal && !isFromRoom(stanza) && !bot.rooms.has(from)) return false;
  await bot.rooms.refresh(from);
  const echo = judge(stanza, from, bot, racing);
  if (bot.rooms.isChanged) await bot.rooms.save();
  return echo;
}

function judge(stanza: Stanza, from: Jid, bot: MountedBot, racing: number | undefined): boolean {
  const { rooms, occupants, log } = bot;
  if (!rooms.has(from)) return false;
  const own = rooms.isOwn(stanza);
  if (stanza.kind === "message") {
    if (own && stanza.type === "groupchat") rooms.observeOwn(stanza);
    rooms.observeMessage(stanza);
  }
  if (stanza.kind !== "presence") return own;
  const news = rooms.observe(stanza);
  const isOwn = own || rooms.isOwn(stanza);
  occupants?.observe(stanza, racing, isOwn);
  if (news !== undefined) tellRoomNews(log, news);
  // That it is out, or was not let in, is news.
  if (news?.kind === "refused" || news?.kind === "out") {
    if (news.kind === "out") occupants?.forget(from);
    return false;
  }
  if (isOwn) return true;
  // By its status alone only where the bot has forgotten its nickname, as it leaves: some rooms pass on what others write.
  return rooms.nick(from) === undefined && readStatusCodes(stanza).includes(STATUS_SELF);
}
