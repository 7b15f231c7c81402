import { readOccupantId } from "../xep/index.ts";
import type { Context } from "./context.ts";

/**
 * @internal By what a room knows the occupant that a stanza is from, whatever their nickname is (XEP-0421); `undefined` where the room
 * gives no such ids, be there one in the stanza or not: there it is what the occupant has made up.
 */
export function occupantIdOf({
  bot,
  from,
  stanza,
}: Pick<Context, "bot" | "from" | "stanza">): string | undefined {
  return bot.rooms.givesIds(from) ? readOccupantId(stanza) : undefined;
}
