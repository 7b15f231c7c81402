import { UnknownBotError } from "../unknown-bot-error.ts";
import { type Conversation, ConversationError } from "./conversation.ts";

interface Slash {
  readonly usage: string;
  readonly does: string;
  /** What it takes; absent for what takes nothing. */
  readonly pattern: RegExp;
  run(conversation: Conversation, argument: string): void | Promise<void>;
}

const COMMANDS: Readonly<Record<string, Slash>> = {
  to: {
    usage: "/to BOT",
    does: "talks to another bot, or a room",
    pattern: /^\S+$/,
    run: (conversation, bot) => conversation.turnTo(bot),
  },
  join: {
    usage: "/join ROOM [BOT…]",
    does: "goes into a room, and takes bots along",
    pattern: /^\S/,
    run: async (conversation, words) => {
      const [room = "", ...bots] = words.split(/\s+/);
      await conversation.join(room, bots);
    },
  },
  leave: {
    usage: "/leave BOT",
    does: "goes out of the room, back to a bot",
    pattern: /^\S+$/,
    run: (conversation, bot) => conversation.leave(bot),
  },
  edit: {
    usage: "/edit TEXT",
    does: "corrects what you said last",
    pattern: /^./s,
    run: (conversation, text) => conversation.edit(text),
  },
  react: {
    usage: "/react [EMOJI…]",
    does: "reacts to what you heard last, or takes that back",
    pattern: /^/,
    run: (conversation, emojis) => conversation.react(emojis.split(/\s+/).filter((emoji) => emoji !== "")),
  },
};

/** All of them, a line each. */
export function slashHelp(): string {
  const rows = [...Object.values(COMMANDS), { usage: "/quit", does: "ends, as Ctrl-D does" }];
  return rows.map(({ usage, does }) => `  ${usage.padEnd(18)} ${does}\n`).join("");
}

/** The names of all, with their slash. */
export const SLASHES: readonly string[] = [...Object.keys(COMMANDS), "quit", "help"].map(
  (name) => `/${name}`,
);

/**
 * Does what a line that begins with a slash asks for.
 *
 * @returns what to tell the person, if anything.
 */
export async function runSlash(line: string, conversation: Conversation): Promise<string | undefined> {
  const [, name = "", argument = ""] = /^\/(\S*)\s*(.*)$/s.exec(line) ?? [];
  const slash = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (slash === undefined)
    return name === "help" ? slashHelp() : `there is no /${name}; what there is:\n${slashHelp()}`;
  if (!slash.pattern.test(argument)) return `write ${slash.usage}\n`;
  try {
    await slash.run(conversation, argument.trim());
  } catch (error) {
    if (!(error instanceof UnknownBotError || error instanceof ConversationError)) throw error;
    return `${error.message}\n`;
  }
  return undefined;
}
