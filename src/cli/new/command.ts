import { relative } from "node:path";
import { Command } from "commander";
import { note, print, shellWord } from "../output.ts";
import type { Manifest } from "./manifest.ts";
import { scaffold } from "./scaffold.ts";

/** The command that makes a bot and its test, and a project around them where there is none. */
export function newCommand(own: Manifest): Command {
  return new Command("new")
    .description("make a bot with its test, ready to run; in an empty folder, a project around it")
    .argument("<bot>", "its name, which becomes its address")
    .option("-d, --dir <folder>", "the folder of the project", ".")
    .showHelpAfterError()
    .action(async (name: string, { dir }: { dir: string }) => {
      const { project, written, installs, isOwn } = await scaffold(name, dir, own);
      for (const file of written) print(file);
      const to = relative(process.cwd(), project);
      const commands = [
        ...(to === "" ? [] : [`cd ${shellWord(to)}`]),
        ...(installs ? ["npm install"] : []),
        ...(isOwn
          ? ["npm start -- dev", `npx tsx --test bots/${name}/bot.test.ts`]
          : ["npm run dev", "npm test"]),
      ];
      note(`\nNext:\n\n${commands.map((line) => `  ${line}`).join("\n")}\n`);
    });
}
