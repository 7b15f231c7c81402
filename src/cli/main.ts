#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { register } from "tsx/esm/api";
import { BotLoadError, ConfigError, findConfigFile, namesProsody } from "../server/index.ts";
import { StoreError } from "../store/index.ts";
import { chat } from "./chat.ts";
import { deadCommand } from "./dead/command.ts";
import { fixtureCommand } from "./fixture.ts";
import { serve } from "./serve.ts";
import { storeCommand } from "./store/command.ts";
import { UnknownBotError } from "./unknown-bot-error.ts";

// Bots and the configuration may be TypeScript; run from its sources, restanza has tsx loaded already.
if (import.meta.url.endsWith(".js")) register();

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const program = new Command("restanza")
  .description("XMPP bots behind plain HTTP")
  .version(version)
  .option("-c, --config <file>", "the configuration file; default: restanza.config.{ts,js,json}")
  .showHelpAfterError();

program
  .command("start", { isDefault: true })
  .description("serve the configured Prosody; without one, chat with the bots in this terminal")
  .action(async () => {
    const file = await configFile();
    if (file !== undefined || namesProsody(process.env)) await serve(file);
    else await chat();
  });

program
  .command("serve")
  .description("serve the configured Prosody")
  .action(async () => serve(await configFile()));

program
  .command("chat")
  .description(
    "chat with the bots in this terminal, without any Prosody; with a text, say that, show the answer and end",
  )
  .argument("[bot]", "whom to chat with", "help")
  .argument("[text...]", "what to say")
  .option("-w, --wait <seconds>", "how long to wait for the answer to a text", "10")
  .action(async (bot: string, text: string[], { wait }: { wait: string }) => {
    await chat({ bot, text: text.length > 0 ? text.join(" ") : undefined, wait: Number(wait) });
  });

program.addCommand(deadCommand(configFile));
program.addCommand(storeCommand(configFile));
program.addCommand(fixtureCommand(configFile));

async function configFile(): Promise<string | undefined> {
  const { config } = program.opts<{ config?: string }>();
  return config ?? (await findConfigFile(process.cwd()));
}

try {
  await program.parseAsync();
} catch (error) {
  // What its user can mend is told without a stack.
  const mendable =
    error instanceof ConfigError ||
    error instanceof BotLoadError ||
    error instanceof UnknownBotError ||
    error instanceof StoreError;
  process.stderr.write(
    `${mendable ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
}
