import type { Context } from "./context.ts";
import { occupantIdOf } from "./occupant-id.ts";
import { permissionsOf } from "./permissions/index.ts";

/**
 * Who is behind a stanza, as one text for each person: to count votes by, or to find again what somebody has stored. Outside of
 * rooms it is the bare JID. In a room it is the account, where the room tells it and is believed (as for permissions: about accounts of
 * the domain that it is a part of, unless the operator says otherwise); else, in that room alone, the account that it tells, or its
 * own id for the occupant (XEP-0421), which a new nickname does not change; else the occupant's address, which it does.
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
  const { from, bot } = ctx;
  const account = bot.occupants?.get(from)?.jid?.bare;
  if (account !== undefined && permissionsOf(ctx).isBelieved(from, account)) return account.toString();
  // Any service could name any account and any id, so elsewhere these are nobody.
  if (account !== undefined) return `${from.bare} account ${account}`;
  const id = occupantIdOf(ctx);
  return id === undefined ? from.toString() : `${from.bare} occupant ${id}`;
}
