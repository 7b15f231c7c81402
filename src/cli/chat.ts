import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { styleText } from "node:util";
import { Jid, message, type Stanza } from "../stanza/index.ts";
import { buildChatState, readChatState } from "../xep/index.ts";
import { PLAYGROUND_DOMAIN, type Playground, startPlayground } from "./playground.ts";
import { Terminal } from "./terminal.ts";
import { UnknownBotError } from "./unknown-bot-error.ts";

/** What {@link chat} takes. */
export interface ChatOptions {
  /** Whom to chat with; default `help`. */
  readonly bot?: string | undefined;
  /** Say this, show what comes back, and end; default: a conversation. */
  readonly text?: string | undefined;
  /** How long to wait for the answer to `text`, in seconds; default 10. */
  readonly wait?: number | undefined;
}

/** A chat with the bots in this terminal, over the real callback server and a stand-in for Prosody. */
export async function chat({ bot = "help", text, wait = 10 }: ChatOptions = {}): Promise<void> {
  const name = localpart();
  const playground = await startPlayground(name, text === undefined);
  try {
    if (text === undefined) await converse(playground, name, bot);
    else await sayOnce(playground, name, address(playground, bot), text, wait);
  } finally {
    await playground.stop();
  }
}

/** The person's name on this machine, where it can be a localpart. */
function localpart(): string {
  const { username } = userInfo();
  return Jid.isValid(`${username}@localhost`) ? (Jid.parse(`${username}@localhost`).local ?? "me") : "me";
}

/** A bot by its name, or anything that looks like an address. */
function address({ bots }: Playground, bot: string): string {
  const known =
    bots.get(bot) ?? (Jid.isValid(bot) && (bot.includes("@") || bot === PLAYGROUND_DOMAIN) ? bot : undefined);
  if (known !== undefined) return known;
  throw new UnknownBotError(`there is no bot called ${bot}; there are ${[...bots.keys()].join(", ")}`);
}

function words(to: string, body: string): ReturnType<typeof message> {
  return message({ to, type: "chat", id: randomUUID(), body }, buildChatState("active"));
}

async function sayOnce(
  { prosody }: Playground,
  name: string,
  to: string,
  text: string,
  wait: number,
): Promise<void> {
  const user = await prosody.user(`${name}@localhost/terminal`);
  user.send(words(to, text));
  try {
    const answer = await user.next((stanza) => spoken(stanza) !== undefined, {
      signal: AbortSignal.timeout(wait * 1000),
    });
    process.stdout.write(`${spoken(answer)}\n`);
  } catch {
    process.stderr.write(`${to} has not answered within ${wait} s; --wait grants more\n`);
    process.exitCode = 1;
  }
}

/** What a stanza says to a person: its words, or its error. */
function spoken(stanza: Stanza): string | undefined {
  if (stanza.error) return `[error] ${stanza.error.message}`;
  return stanza.kind === "message" ? stanza.body : undefined;
}

async function converse(playground: Playground, name: string, bot: string): Promise<void> {
  const user = await playground.prosody.user(`${name}@localhost/terminal`);
  const terminal = new Terminal();
  terminal.write(greeting(user.jid, playground));
  let partner = address(playground, bot);
  let unanswered = 0;
  let answered: (() => void) | undefined;
  user.listen((stanza) => {
    const from = stanza.from?.toString() ?? "";
    const text = spoken(stanza);
    if (text !== undefined) {
      terminal.write(`${styleText("cyan", from)}  ${text}\n`);
      unanswered -= 1;
      if (unanswered <= 0) answered?.();
    } else if (stanza.kind === "message" && readChatState(stanza) === "composing") {
      terminal.write(styleText("dim", `${from} is typing…\n`));
    }
  });

  for await (const line of terminal.lines(() => `${partner} > `)) {
    const text = line.trim();
    const switched = /^\/to\s+(\S+)$/.exec(text);
    if (text === "/quit") break;
    if (switched) partner = switchTo(playground, switched[1] as string, partner, terminal);
    else if (text.startsWith("/")) terminal.write("There are /to BOT and /quit.\n");
    else if (text !== "") {
      unanswered += 1;
      user.send(words(partner, text));
    }
  }
  // What is piped in may end before the last answer has come.
  if (terminal.interactive || unanswered <= 0) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, 10_000);
    answered = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

function greeting(jid: string, { bots }: Playground): string {
  return [
    "",
    "The bots run here on a stand-in for Prosody; nothing leaves this machine.",
    `You are ${jid}. There are:`,
    "",
    ...[...bots].map(([name, address]) => `  ${styleText("bold", name.padEnd(10))} ${address}`),
    "",
    "Type to talk; /to BOT talks to another, /quit ends. Bots are reloaded when you save them.",
    "",
    "",
  ].join("\n");
}

function switchTo(playground: Playground, bot: string, before: string, terminal: Terminal): string {
  try {
    return address(playground, bot);
  } catch (error) {
    if (!(error instanceof UnknownBotError)) throw error;
    terminal.write(`${error.message}\n`);
    return before;
  }
}
