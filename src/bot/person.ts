import { readOccupantId } from "../xep/index.ts";
import type { Context } from "./context.ts";

/**
 * Who is behind a stanza, as one text for each person: to count votes by, or to find again what somebody has stored. Outside of
 * rooms it is the bare JID. In a room it is the account, where the room tells it; else the room's own id for the occupant
 * (XEP-0421), which a new nickname does not change; else the occupant's address, which it does.
 *
 * @example
 * ```ts
 * import { defineBot, personOf } from "restanza";
 *
 * defineBot({
 *   name: "greeter",
 *   summary: "greets everybody once",
 *   routes(bot) {
 *     bot.on("message:body", async (ctx) => {
 *       const person = personOf(ctx);
 *       if (await ctx.storage.get(person)) return;
 *       ctx.storage.set(person, true);
 *       return "Welcome!";
 *     });
 *   },
 * });
 * ```
 */
export function personOf(ctx: Context): string {
  if (!ctx.inRoom) return ctx.from.bare.toString();
  const { jid } = ctx.bot.occupants?.get(ctx.from) ?? {};
  if (jid !== undefined) return jid.bare.toString();
  const id = readOccupantId(ctx.stanza);
  // Whatever the id is, it is not taken for an address.
  return id === undefined ? ctx.from.toString() : `occupant ${id}`;
}
