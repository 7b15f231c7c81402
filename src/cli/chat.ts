import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline/promises";
import { userInfo } from "node:os";
import { styleText } from "node:util";
import { Jid, message, type Stanza } from "../stanza/index.ts";
import { buildChatState, readChatState } from "../xep/index.ts";
import { ConfigError } from "../server/index.ts";
import { PLAYGROUND_DOMAIN, type Playground, startPlayground } from "./playground.ts";

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
  return Jid.isValid(`${username}@localhost`) ? Jid.parse(`${username}@localhost`).local ?? "me" : "me";
}

/** A bot by its name, or anything that looks like an address. */
function address({ bots }: Playground, bot: string): string {
  const known = bots.get(bot) ?? (Jid.isValid(bot) && (bot.includes("@") || bot === PLAYGROUND_DOMAIN) ? bot : undefined);
  if (known !== undefined) return known;
  throw new ConfigError([`there is no bot called ${bot}; there are ${[...bots.keys()].join(", ")}`]);
}

function words(to: string, body: string): ReturnType<typeof message> {
  return message({ to, type: "chat", id: randomUUID(), body }, buildChatState("active"));
}

async function sayOnce({ prosody }: Playground, name: string, to: string, text: string, wait: number): Promise<void> {
  const user = await prosody.user(`${name}@localhost/terminal`);
  user.send(words(to, text));
  try {
    const answer = await user.next((stanza) => spoken(stanza) !== undefined, { signal: AbortSignal.timeout(wait * 1000) });
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
  const { prosody, bots } = playground;
  let partner = address(playground, bot);
  const user = await prosody.user(`${name}@localhost/terminal`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout, terminal: process.stdout.isTTY });
  const prompt = (): string => styleText("bold", `${partner} > `);
  const print = (line: string): void => {
    // Over the prompt and whatever was typed so far, which are put back below.
    if (process.stdout.isTTY) process.stdout.write("\r\x1b[K");
    process.stdout.write(`${line}\n`);
    terminal.prompt(true);
  };

  process.stdout.write(
    [
      "",
      "The bots run here on a stand-in for Prosody; nothing leaves this machine.",
      `You are ${user.jid}. There are:`,
      "",
      ...[...bots].map(([each, jid]) => `  ${styleText("bold", each.padEnd(10))} ${jid}`),
      "",
      "Type to talk; /to BOT talks to another, /quit ends. Bots are reloaded when you save them.",
      "",
      "",
    ].join("\n"),
  );
  let pending = 0;
  const idle = new Set<() => void>();
  const stop = user.listen((stanza) => {
    const from = stanza.from?.toString() ?? "";
    const text = spoken(stanza);
    if (text !== undefined) {
      pending -= 1;
      print(`${styleText("cyan", from)}  ${text}`);
      if (pending <= 0) for (const wake of idle) wake();
    } else if (stanza.kind === "message" && readChatState(stanza) === "composing") {
      print(styleText("dim", `${from} is typing…`));
    } else if (stanza.kind === "presence" && stanza.type !== "available") {
      print(styleText("dim", `${from} is ${stanza.type}`));
    }
  });

  terminal.setPrompt(prompt());
  terminal.prompt();
  for await (const line of terminal) {
    const text = line.trim();
    const switched = /^\/to\s+(\S+)$/.exec(text);
    if (text === "/quit") break;
    if (switched) {
      try {
        partner = address(playground, switched[1] as string);
      } catch (error) {
        process.stdout.write(`${(error as Error).message}\n`);
      }
      terminal.setPrompt(prompt());
    } else if (text.startsWith("/")) {
      process.stdout.write("There are /to BOT and /quit.\n");
    } else if (text !== "") {
      pending += 1;
      user.send(words(partner, text));
    }
    terminal.prompt();
  }
  // What was piped in may end before the last answer has come.
  if (!process.stdin.isTTY && pending > 0) {
    await new Promise<void>((resolve) => {
      idle.add(resolve);
      setTimeout(resolve, 10_000).unref();
    });
  }
  stop();
  terminal.close();
}
