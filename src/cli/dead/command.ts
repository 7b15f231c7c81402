import { Command, Option } from "commander";
import { type ConfigFile, withStore } from "../with-store.ts";
import { type Change, changeAll, changeSome } from "./change.ts";
import type { LetterFilter } from "./find.ts";
import { LETTER_QUEUES, type LetterQueue } from "./letter.ts";
import { listDead, showDead } from "./show.ts";

/**
 * The commands for stanzas that were put aside: their handler failed, or they could never be sent. They work beside a running
 * server, which notices a replay within seconds.
 */
export function deadCommand(configFile: ConfigFile): Command {
  const dead = new Command("dead")
    .description("stanzas that were put aside: their handler failed, or they could never be sent")
    .showHelpAfterError();

  dead
    .command("list")
    .description("a line for each, those that came in first, oldest first")
    .addOption(queueOption())
    .addOption(botOption())
    .addOption(errorOption())
    .option("--json", "an object of JSON on each line")
    .action(({ json = false, ...filter }: LetterFilter & { json?: boolean }) =>
      withStore(configFile, (store) => listDead(store, filter, json)),
    );
  dead
    .command("show")
    .description("all there is of one, its stanza and the whole error included")
    .argument("<id>", "as restanza dead list shows it")
    .addOption(queueOption())
    .option("--json", "as an object of JSON")
    .action((id: string, { queue, json = false }: { queue?: LetterQueue; json?: boolean }) =>
      withStore(configFile, (store) => showDead(store, id, queue, json)),
    );
  dead.addCommand(
    changeCommand(
      "replay",
      "have them handled or sent again, after what waits in their conversation",
      configFile,
    ),
  );
  dead.addCommand(changeCommand("drop", "give them up for good", configFile));
  return dead;
}

interface ChangeOptions extends LetterFilter {
  readonly all?: boolean;
  readonly yes?: boolean;
}

function changeCommand(change: Change, description: string, configFile: ConfigFile): Command {
  const command = new Command(change)
    .description(description)
    .argument("[id...]", "as restanza dead list shows them")
    .addOption(queueOption())
    .option("--all", "all that were put aside, or those that --queue, --bot and --error leave")
    .addOption(botOption())
    .addOption(errorOption())
    .option("--yes", "do not ask")
    .showHelpAfterError();
  return command.action(async (ids: string[], { all, yes = false, ...filter }: ChangeOptions) => {
    if (all === true && ids.length > 0) return command.error("give ids, or --all, not both");
    if (all !== true && ids.length === 0) return command.error(`say which to ${change}: ids, or --all`);
    if (all !== true && (filter.bot !== undefined || filter.error !== undefined))
      return command.error("--bot and --error choose among --all; an id needs no such choice");
    await withStore(configFile, (store) =>
      all === true ? changeAll(store, change, filter, yes) : changeSome(store, change, ids, filter.queue),
    );
  });
}

function queueOption(): Option {
  return new Option(
    "-q, --queue <queue>",
    "inbox: what came in, and its handler failed; outbox: what could never be sent; default: both",
  ).choices(LETTER_QUEUES);
}

function botOption(): Option {
  return new Option("-b, --bot <bot>", "only what is for or from this bot: its name or its address");
}

function errorOption(): Option {
  return new Option("-e, --error <text>", "only those whose error holds this text, whatever its case");
}
