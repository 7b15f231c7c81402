import type { Context } from "../context.ts";
import { occupantIdOf } from "../occupant-id.ts";
import { keyOf } from "../session/key.ts";

/**
 * By what it is known who a dialog is held with, wherever they answer from: in a room the occupant, whatever they call themselves
 * by then, where the room tells who they are (by XEP-0421, or by their account).
 */
export function answererOf(ctx: Context): string {
  if (!ctx.inRoom) return keyOf(ctx, "occupant");
  const { from, bot } = ctx;
  const id = occupantIdOf(ctx);
  if (id !== undefined) return `${from.bare} occupant ${id}`;
  const account = bot.occupants?.get(from)?.jid?.bare;
  return account === undefined ? from.toString() : `${from.bare} account ${account}`;
}
