import { readDelay, readUnquoted } from "../../xep/index.ts";
import type { Context } from "../context.ts";
import { readMention } from "../filters/mention.ts";
import { hasWords } from "../filters/words.ts";

/** What a message says to the bot, as a command would be said. */
export interface Spoken {
  /** The first word, in lower case and without a prefix: the name of a command, if it is one. */
  readonly name: string;
  /** What stands behind it. */
  readonly line: string;
  /** How it was said: as it is, behind a prefix, or to the bot by name. */
  readonly how: "plain" | "prefix" | "mention";
  readonly prefix: string | undefined;
  /** Whether everybody in a room hears it. */
  readonly inGroupchat: boolean;
}

/** The prefix in rooms that have no other. */
export const DEFAULT_PREFIX = "!";

/** What can be a prefix: up to three characters that no word begins with. */
export const PREFIX = /^[^\p{L}\p{N}\s@<>"'“„«]{1,3}$/u;

const PREFIXED = /^([^\p{L}\p{N}\s@<>"'“„«]{1,3})(?=\p{L})/u;
const DIRECT_PREFIXES: readonly string[] = ["!", "/"];

/** Every set of commands asks of the same message. */
const known = new WeakMap<Context, Spoken | undefined>();

/**
 * Reads a message as a command might be said: in a chat as it is or behind `!` or `/`, in a room behind a prefix or to the bot by
 * name. Whether the prefix is that of the room is not known yet.
 *
 * @returns `undefined` where it cannot be one, such as what was said in a room before the bot came.
 */
export function readSpoken(ctx: Context): Spoken | undefined {
  if (known.has(ctx)) return known.get(ctx);
  const spoken = read(ctx);
  known.set(ctx, spoken);
  return spoken;
}

/** Keeps the prefix of a room. */
export function setPrefix(ctx: Context, prefix: string): void {
  settings(ctx).set(prefixKey(ctx), prefix);
}

/** Whether the prefix of what was said is that of the room. */
export async function hasRoomPrefix(ctx: Context, { prefix }: Spoken): Promise<boolean> {
  return prefix === (await roomPrefix(ctx));
}

/** What was said behind a prefix, whether or not there is such a command. */
export interface PrefixedCommand {
  readonly prefix: string;
  /** The first word behind it, in lower case. */
  readonly name: string;
  /** All behind it. */
  readonly words: string;
}

/** Reads a text as a command behind a prefix: in a room the room's own, in a chat `!` or `/`. */
export async function prefixedCommand(ctx: Context, text: string): Promise<PrefixedCommand | undefined> {
  const prefix = PREFIXED.exec(text)?.[1];
  if (prefix === undefined) return undefined;
  const isOne =
    ctx.stanza.kind === "message" && ctx.stanza.type === "groupchat"
      ? prefix === (await roomPrefix(ctx))
      : DIRECT_PREFIXES.includes(prefix);
  const words = text.slice(prefix.length);
  return isOne ? { prefix, name: /^\S*/.exec(words)?.[0].toLowerCase() ?? "", words } : undefined;
}

async function roomPrefix(ctx: Context): Promise<string> {
  return (await settings(ctx).get<string>(prefixKey(ctx))) ?? DEFAULT_PREFIX;
}

function settings(ctx: Context): ReturnType<Context["effects"]["area"]> {
  return ctx.effects.area("commands");
}

function prefixKey({ from }: Context): string {
  return `prefix ${from.bare}`;
}

function read(ctx: Context): Spoken | undefined {
  const { stanza } = ctx;
  if (stanza.kind !== "message" || stanza.type === "error" || stanza.type === "headline") return undefined;
  if (!hasWords(stanza)) return undefined;
  const text = readUnquoted(stanza)?.trim();
  if (text === undefined || text === "") return undefined;
  if (stanza.type !== "groupchat") return direct(text);
  if (readDelay(stanza) !== undefined) return undefined;
  const mentioned = readMention(stanza, ctx);
  if (mentioned !== undefined) {
    const { 1: prefix = "" } = PREFIXED.exec(mentioned) ?? [];
    return spokenOf(mentioned.slice(prefix.length), "mention", undefined, true);
  }
  const prefix = PREFIXED.exec(text)?.[1];
  return prefix === undefined ? undefined : spokenOf(text.slice(prefix.length), "prefix", prefix, true);
}

function direct(text: string): Spoken | undefined {
  const prefix = DIRECT_PREFIXES.find((each) => text.startsWith(each) && PREFIXED.exec(text)?.[1] === each);
  if (prefix === undefined) return spokenOf(text, "plain", undefined, false);
  // What somebody says they do (XEP-0245) is no command.
  return text.startsWith("/me ") ? undefined : spokenOf(text.slice(1), "prefix", prefix, false);
}

function spokenOf(
  text: string,
  how: Spoken["how"],
  prefix: string | undefined,
  inGroupchat: boolean,
): Spoken | undefined {
  const [word] = /^\S{1,64}(?=\s|$)/.exec(text) ?? [];
  if (word === undefined) return undefined;
  return { name: word.toLowerCase(), line: text.slice(word.length).trim(), how, prefix, inGroupchat };
}
