import type { Context } from "../context.ts";

/**
 * What a session belongs to: `user`, the person, wherever they talk to the bot (in a room that does not tell who its occupants are,
 * the occupant); `occupant`, the person, in each room their own; `room`, everybody in a room together (outside of one, the person);
 * `conversation`, whoever reads a reply: a room, an occupant in private, or a person. Or a function that names it.
 */
export type SessionKey = "user" | "occupant" | "room" | "conversation" | ((ctx: Context) => string);

/** @internal The name of what a session belongs to. */
export function keyOf(ctx: Context, key: SessionKey): string {
  if (typeof key === "function") return key(ctx);
  const { from, stanza } = ctx;
  if (key === "room" || !ctx.inRoom) return from.bare.toString();
  const toAll = stanza.kind === "message" && stanza.type === "groupchat";
  return (key === "conversation" && toAll ? from.bare : from).toString();
}
