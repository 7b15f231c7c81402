import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { styleText } from "node:util";
import { Jid, message } from "../../stanza/index.ts";
import { NothingArrivedError } from "../../testkit/index.ts";
import { buildChatState } from "../../xep/index.ts";
import { complain, print } from "../output.ts";
import { PLAYGROUND_DOMAIN, type Playground, startPlayground } from "../playground.ts";
import { Terminal } from "../terminal.ts";
import { addressOf, Conversation } from "./conversation.ts";
import { rendered, spoken } from "./rendered.ts";
import { runSlash, SLASHES, slashHelp } from "./slash.ts";
import { answerRequests } from "./terminal-client.ts";

/** Says one thing to a bot, shows what comes back, and ends. */
export async function ask(file: string | undefined, bot: string, text: string, wait: number): Promise<void> {
  const name = localpart();
  const playground = await startPlayground({ user: name, file });
  try {
    await sayOnce(playground, name, addressOf(playground, bot), text, wait);
  } finally {
    await playground.stop();
  }
}

async function sayOnce(
  { prosody }: Playground,
  name: string,
  to: string,
  text: string,
  wait: number,
): Promise<void> {
  const user = await prosody.user(`${name}@localhost/terminal`);
  answerRequests(user);
  user.send(message({ to, type: "chat", id: randomUUID(), body: text }, buildChatState("active")));
  try {
    const answer = await user.next((stanza) => spoken(stanza) !== undefined, {
      signal: AbortSignal.timeout(wait * 1000),
    });
    print(spoken(answer) ?? "");
  } catch (error) {
    if (!(error instanceof NothingArrivedError)) throw error;
    complain(`${to} has not answered within ${wait} s; --wait grants more`);
  }
}

/**
 * A chat with the bots in this terminal, over the real callback server and a stand-in for Prosody. Bots are reloaded when they
 * are saved; what they store stays, and what fails is shown with its place.
 */
export async function chat(file: string | undefined, bot: string | undefined): Promise<void> {
  const name = localpart();
  const terminal = new Terminal();
  const playground = await startPlayground({ user: name, file, watch: (text) => terminal.write(text) });
  try {
    await converse(playground, terminal, name, bot ?? firstOf(playground));
  } finally {
    await playground.stop();
  }
}

/** The person's name on this machine, where it can be a localpart. */
function localpart(): string {
  const { username } = userInfo();
  return Jid.isValid(`${username}@localhost`) ? (Jid.parse(`${username}@localhost`).local ?? "me") : "me";
}

/** Whom to talk to first: whoever tells who there is, or else anybody. */
function firstOf({ bots }: Playground): string {
  if (bots.has("help") || bots.size === 0) return PLAYGROUND_DOMAIN;
  return [...bots.keys()][0] as string;
}

async function converse(
  playground: Playground,
  terminal: Terminal,
  name: string,
  bot: string,
): Promise<void> {
  const user = await playground.prosody.user(`${name}@localhost/terminal`);
  answerRequests(user);
  terminal.write(greeting(user.jid, playground));
  let unanswered = 0;
  let answered: (() => void) | undefined;
  const conversation = new Conversation(playground, user, bot, (stanza) => {
    const text = rendered(stanza);
    if (text !== undefined) terminal.write(text);
    if (spoken(stanza) === undefined) return;
    unanswered -= 1;
    if (unanswered <= 0) answered?.();
  });
  const completions = (): readonly string[] => [
    ...SLASHES,
    ...[...playground.bots.keys()].map((each) => `/to ${each}`),
  ];
  for await (const line of terminal.lines(() => `${conversation.partner} > `, completions)) {
    const text = line.trim();
    if (text === "/quit") break;
    if (text.startsWith("/")) terminal.write((await runSlash(text, conversation)) ?? "");
    else if (text !== "") {
      unanswered += 1;
      conversation.say(text);
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

function greeting(jid: string, { bots, server }: Playground): string {
  const web = server.webAddress;
  return [
    "",
    "The bots run here on a stand-in for Prosody; nothing leaves this machine.",
    `You are ${jid}. There are:`,
    "",
    ...[...bots].map(([name, address]) => `  ${styleText("bold", name.padEnd(10))} ${address}`),
    ...(web ? ["", `Their web hooks are at http://127.0.0.1:${web.port}/bots/NAME/.`] : []),
    "",
    "Type to talk. Bots are reloaded when you save them.",
    "",
    slashHelp(),
    "",
  ].join("\n");
}
