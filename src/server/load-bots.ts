import { readdir, readFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Bot, isBot } from "../bot/index.ts";
import { freshImport } from "./fresh-import.ts";

/** A bot as it was found in its folder. */
export interface LoadedBot {
  readonly bot: Bot;
  /** The absolute path of its folder. */
  readonly folder: string;
}

/** A folder that holds no bot which can be loaded. */
export class BotLoadError extends Error {
  override name = "BotLoadError";
}

const folders = new WeakMap<Bot, string>();

/** The folder that a bot was loaded from; `undefined` where it was not. */
export function folderOf(bot: Bot): string | undefined {
  return folders.get(bot);
}

const fileNames = ["bot.ts", "bot.js", "bot.mjs"];

/**
 * Loads every bot of a folder: each subfolder with a `bot.ts` or `bot.js` is one.
 *
 * @param onBroken is told of a bot that does not load, which is left out then; default: it is thrown.
 * @throws {@link BotLoadError} when the folder cannot be read, a file exports no bot, or two bots have one name.
 */
export async function loadBots(
  directory: string,
  onBroken?: (error: BotLoadError) => void,
): Promise<LoadedBot[]> {
  const root = resolve(directory);
  const entries = await readdir(root, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new BotLoadError(
      error.code === "ENOENT"
        ? `there are no bots here, as ${root} does not exist: make the first by restanza new NAME, or set RESTANZA_BOTS_DIR to where they are`
        : `the folder of the bots cannot be read (${error.code}): ${root}; set RESTANZA_BOTS_DIR to the right one`,
    );
  });
  const loaded: LoadedBot[] = [];
  for (const entry of entries.sort((one, other) => one.name.localeCompare(other.name, "en"))) {
    if (!entry.isDirectory() || entry.name.startsWith(".")) continue;
    const found = await loadBot(join(root, entry.name)).catch((error: unknown) => {
      if (onBroken === undefined || !(error instanceof BotLoadError)) throw error;
      onBroken(error);
      return undefined;
    });
    if (found === undefined) continue;
    const twin = loaded.find(({ bot }) => bot.name === found.bot.name);
    if (twin) {
      throw new BotLoadError(
        `two bots are called ${found.bot.name}: ${twin.folder} and ${found.folder}; rename one of them`,
      );
    }
    loaded.push(found);
  }
  return loaded;
}

/**
 * Loads the bot of a name, anew each time: from the folder that is called so, else from whichever has it.
 *
 * @throws {@link BotLoadError} when there is none, or it does not load.
 */
export async function loadBotNamed(directory: string, name: string): Promise<Bot> {
  const own = await loadBot(join(resolve(directory), name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
    return undefined;
  });
  if (own?.bot.name === name) return own.bot;
  const broken: BotLoadError[] = [];
  const found = (await loadBots(directory, (error) => void broken.push(error))).find(
    ({ bot }) => bot.name === name,
  );
  if (found !== undefined) return found.bot;
  // What does not load tells no name, so it may be the one.
  throw (
    broken[0] ??
    new BotLoadError(`no bot in ${resolve(directory)} is called ${name}: was it renamed, or moved away?`)
  );
}

/**
 * Loads the bot of one folder, anew each time.
 *
 * @returns `undefined` when the folder has no `bot.ts` or `bot.js`.
 * @throws {@link BotLoadError}
 */
export async function loadBot(folder: string): Promise<LoadedBot | undefined> {
  const names = await readdir(folder);
  const name = fileNames.find((each) => names.includes(each));
  if (name === undefined) return undefined;
  const file = join(folder, name);
  await checkModuleType(file);
  let module: { default?: unknown };
  try {
    module = (await freshImport(file, folder)) as { default?: unknown };
  } catch (error) {
    throw new BotLoadError(
      `${file} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
  if (!isBot(module.default))
    throw new BotLoadError(`${file} exports no bot: write export default defineBot({ … })`);
  folders.set(module.default, resolve(folder));
  return { bot: module.default, folder };
}

/** ES modules load anew under another URL; a package that says nothing is CommonJS, whose modules do not. */
async function checkModuleType(file: string): Promise<void> {
  if (file.endsWith(".mjs")) return;
  const manifest = findPackageJSON(pathToFileURL(file));
  // Where there is no package.json, Node 24 names the file itself.
  const found = manifest?.endsWith("package.json") ? manifest : undefined;
  const { type } =
    found === undefined ? {} : (JSON.parse(await readFile(found, "utf8")) as { type?: string });
  if (type === "module") return;
  throw new BotLoadError(
    `${file} is no ES module, because ${found ?? "no package.json"} says so: run npm pkg set type=module in the folder of your project`,
  );
}
