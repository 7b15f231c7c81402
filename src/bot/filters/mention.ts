import type { Message } from "../../stanza/index.ts";
import { readMentions, readUnquoted } from "../../xep/index.ts";
import type { Context } from "../context.ts";
import { occupantAt } from "../rooms/nicknames.ts";

/**
 * @internal What a message says to the bot by name: the text without the name, where it begins with one, followed by `:` or `,`
 * (or stands after `@`); the whole text where a reference (XEP-0372) inside it names the bot; else `undefined`.
 */
export function readMention(message: Message, { bot, from }: Context): string | undefined {
  const { body } = message;
  const unquoted = readUnquoted(message);
  if (body === undefined || unquoted === undefined) return undefined;
  const text = unquoted.trim();
  const nick = bot.rooms.nick(from);
  for (const name of nick === undefined || nick === bot.name ? [bot.name] : [nick, bot.name]) {
    const rest = afterName(text, name);
    if (rest !== undefined) return rest;
  }
  const occupant = nick === undefined ? undefined : occupantAt(from, nick);
  const reference = readMentions(message).find(
    ({ jid }) => jid.bare.equals(bot.jid) || (occupant !== undefined && jid.equals(occupant)),
  );
  if (reference === undefined) return undefined;
  const { begin, end } = reference;
  if (begin === undefined || end === undefined) return text;
  const points = Array.from(body);
  const quoted = body.endsWith(unquoted) ? points.length - Array.from(unquoted).length : 0;
  const first = begin >= quoted && points.slice(quoted, begin).join("").trim() === "";
  return first
    ? points
        .slice(end)
        .join("")
        .replace(/^\s*[:,]?/, "")
        .trim()
    : text;
}

function afterName(text: string, name: string): string | undefined {
  const at = text.startsWith("@") ? 1 : 0;
  const end = at + name.length;
  if (text.slice(at, end).toLowerCase() !== name.toLowerCase()) return undefined;
  const following = text.charAt(end);
  if (following === ":" || following === ",") return text.slice(end + 1).trim();
  return at === 1 && following.trim() === "" ? text.slice(end).trim() : undefined;
}
