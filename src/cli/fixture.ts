import { writeFile } from "node:fs/promises";
import { Command } from "commander";
import { JidError, StanzaShapeError, XmlReadError } from "../stanza/index.ts";
import { writeFixture } from "../testkit/index.ts";
import { letterOf } from "./dead/letter.ts";
import { complain, note, printable } from "./output.ts";
import { type ConfigFile, withStore } from "./with-store.ts";

interface FixtureOptions {
  readonly keepText?: boolean;
  readonly output?: string;
}

/** The command that makes a test out of a stanza of the inbox. */
export function fixtureCommand(configFile: ConfigFile): Command {
  return new Command("fixture")
    .description(
      "write a stanza of the inbox, put aside or waiting, as a fixture for a test, without what tells of people",
    )
    .argument("<id>", "as restanza dead list shows it")
    .option("-o, --output <file>", "a file that does not exist yet; default: show it")
    .option("--keep-text", "leave what people wrote as it is, but for addresses")
    .showHelpAfterError()
    .action((id: string, options: FixtureOptions) => show(configFile, id, options));
}

async function show(configFile: ConfigFile, id: string, options: FixtureOptions): Promise<void> {
  const entry = await withStore(configFile, (store) => store.find("inbox", id));
  if (entry === undefined)
    return complain(`the inbox has no ${printable(id)}; restanza dead list shows what was put aside`);
  const { xml, bot } = letterOf(entry);
  let fixture: string;
  try {
    fixture = writeFixture(xml, { bot, keepText: options.keepText ?? false });
  } catch (error) {
    if (![XmlReadError, StanzaShapeError, JidError].some((kind) => error instanceof kind)) throw error;
    return complain(
      `${printable(id)} is no stanza, so no bot has seen it: ${printable((error as Error).message)}`,
    );
  }
  if (options.output === undefined) process.stdout.write(fixture);
  else await save(fixture, options.output);
}

async function save(fixture: string, file: string): Promise<void> {
  try {
    await writeFile(file, fixture, { flag: "wx" });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return complain(
      code === "EEXIST"
        ? `${file} exists; name a file that does not`
        : `${file} cannot be written: ${message}`,
    );
  }
  note(
    `${file} is written. In a test: await replay(await readFixture(${JSON.stringify(file)}), bot), both from restanza/testkit`,
  );
}
