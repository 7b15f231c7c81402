import { readFileSync } from "node:fs";
import { Command } from "commander";
import { register } from "tsx/esm/api";
import {
  BotLoadError,
  ConfigError,
  configuresProsody,
  findConfigFile,
  namesProsody,
} from "../server/index.ts";
import { StoreError } from "../store/index.ts";
import { ask, chat } from "./chat/chat.ts";
import { check } from "./check/check.ts";
import { deadCommand } from "./dead/command.ts";
import { fixtureCommand } from "./fixture.ts";
import { newCommand } from "./new/command.ts";
import type { Manifest } from "./new/manifest.ts";
import { ScaffoldError } from "./new/scaffold-error.ts";
import { complain, printable, shellWord } from "./output.ts";
import { serve } from "./serve.ts";
import { storeCommand } from "./store/command.ts";
import { UnknownBotError } from "./unknown-bot-error.ts";

// Bots and the configuration may be TypeScript; run from its sources, restanza has tsx loaded already.
if (import.meta.url.endsWith(".js")) register();

const own = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as Manifest & {
  readonly version: string;
};

const program = new Command("restanza")
  .description("XMPP bots behind plain HTTP")
  .version(own.version)
  .option("-c, --config <file>", "the configuration file; default: restanza.config.{ts,js,json}")
  .showHelpAfterError();

program
  .command("start", { isDefault: true })
  .description("serve the configured Prosody; without one, chat with the bots in this terminal")
  // As the default it is given every word that is no command.
  .allowExcessArguments()
  .action(async (_options: object, { args: [word] }: Command) => {
    if (word !== undefined) program.error(`error: there is no command ${shellWord(printable(word))}`);
    const file = await configFile();
    // Whoever has written a configuration and forgotten the Prosody is told so, as nobody may be at the terminal.
    if (file !== undefined || namesProsody(process.env)) await serve(file);
    else await chat(file, undefined);
  });

program
  .command("serve")
  .description("serve the configured Prosody")
  .action(async () => serve(await configFile()));

program
  .command("dev")
  .description(
    "the same as start for who writes bots: they are reloaded as you save, and errors are shown with their place",
  )
  .argument("[bot]", "whom to chat with, where no Prosody is configured")
  .action(async (bot: string | undefined) => {
    const file = await configFile();
    if (!(await configuresProsody(file, process.env))) return await chat(file, bot);
    if (bot === undefined) return await serve(file, { reload: true });
    return complain(
      "a Prosody is configured, so talk to the bot with an XMPP client; restanza chat does without",
    );
  });

program
  .command("chat")
  .description(
    "chat with the bots in this terminal, without any Prosody; with a text, say that, show the answer and end",
  )
  .argument("[bot]", "whom to chat with; default: help, where there is such a bot")
  .argument("[text...]", "what to say")
  .option("-w, --wait <seconds>", "how long to wait for the answer to a text", "10")
  .action(async (bot: string | undefined, text: string[], { wait }: { wait: string }) => {
    const file = await configFile();
    if (bot === undefined || text.length === 0) await chat(file, bot);
    else await ask(file, bot, text.join(" "), Number(wait));
  });

program
  .command("check")
  .description(
    "look at everything: types, configuration, bots, routes, commands, permissions; status 1 where something is wrong",
  )
  .option("--json", "as an object of JSON")
  .action(async ({ json = false }: { json?: boolean }) => check(await configFile(), json));

program.addCommand(newCommand(own));
program.addCommand(deadCommand(configFile));
program.addCommand(storeCommand(configFile));
program.addCommand(fixtureCommand(configFile));

async function configFile(): Promise<string | undefined> {
  const { config } = program.opts<{ config?: string }>();
  return config ?? (await findConfigFile(process.cwd()));
}

// Who pipes into head has read enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

try {
  await program.parseAsync();
} catch (error) {
  // What its user can mend is told without a stack.
  const mendable =
    error instanceof ConfigError ||
    error instanceof BotLoadError ||
    error instanceof UnknownBotError ||
    error instanceof ScaffoldError ||
    error instanceof StoreError;
  process.stderr.write(
    `${mendable ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
}
