import { Jid } from "../../stanza/index.ts";

/** After how many nicknames it is given up for a while. */
const MOST = 9;

/** The nickname to try after one that somebody has: `Poll`, `Poll-2`, up to `Poll-9`; `undefined` after the last. */
export function nextNickname(wish: string, taken: string): string | undefined {
  const number = taken === wish ? 1 : Number(taken.slice(wish.length + 1));
  return number >= 1 && number < MOST ? `${wish}-${number + 1}` : undefined;
}

/** The nickname of a bot to which nobody has given one. */
export function nicknameOf(bot: Jid): string {
  return bot.local ?? bot.domain;
}

/** The address of an occupant whose nickname the room has told: rooms let more through than a bot may choose (see {@link Jid.fromWire}). */
export function occupantAt(room: Jid, nick: string): Jid {
  return Jid.fromWire(`${room.bare}/${nick}`);
}
