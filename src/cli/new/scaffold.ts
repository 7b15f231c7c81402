import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { checkBotName } from "./bot-name.ts";
import { completed, type Manifest, newManifest } from "./manifest.ts";
import { ScaffoldError } from "./scaffold-error.ts";
import { botText, gitignoreText, json, readmeText, testText, tsconfigText } from "./templates.ts";

/** What was made. */
export interface Scaffold {
  /** The absolute path of the project. */
  readonly project: string;
  /** The files that were written, from the project's folder. */
  readonly written: readonly string[];
  /** Whether there is something to install now. */
  readonly installs: boolean;
  /** Whether the project is restanza itself, which has its own ways to run. */
  readonly isOwn: boolean;
}

/**
 * Writes a bot and its test, and around them what a project lacks. No file is written over; of `package.json` what it says stays.
 *
 * @param own the `package.json` of restanza.
 * @throws {@link ScaffoldError} before anything is written.
 */
export async function scaffold(name: string, directory: string, own: Manifest): Promise<Scaffold> {
  checkBotName(name);
  const project = resolve(directory);
  const bot = join(project, "bots", name);
  if (await entries(bot))
    throw new ScaffoldError(`${shown(bot)} exists; choose another name, or go on there`);
  const file = join(project, "package.json");
  const manifest = await readManifest(file);
  if (manifest === undefined) await refuseInside(project);
  const wanted =
    manifest === undefined ? newManifest(basename(project), own) : completed(manifest, file, own);
  const written: string[] = [];
  const write = async (path: string, text: string, flag: "w" | "wx" = "wx"): Promise<void> => {
    await mkdir(dirname(path), { recursive: true });
    if (await wrote(path, text, flag)) written.push(relative(project, path));
  };
  await write(join(bot, "bot.ts"), botText(name));
  await write(join(bot, "bot.test.ts"), testText());
  if (wanted !== undefined) {
    await write(file, json(wanted), "w");
    await write(join(project, "tsconfig.json"), tsconfigText());
    await write(join(project, ".gitignore"), gitignoreText());
    await write(join(project, "README.md"), readmeText(basename(project), name));
  }
  return { project, written, installs: wanted !== undefined, isOwn: manifest?.name === own.name };
}

/** A path as the person at the terminal would write it. */
function shown(path: string): string {
  return relative(process.cwd(), path) || path;
}

async function wrote(path: string, text: string, flag: "w" | "wx"): Promise<boolean> {
  try {
    await writeFile(path, text, { flag });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function entries(folder: string): Promise<readonly string[] | undefined> {
  return await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    if (error.code === "ENOTDIR") throw new ScaffoldError(`${shown(folder)} is no folder, or in none`);
    throw error;
  });
}

async function readManifest(file: string): Promise<Manifest | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as Manifest;
  } catch {
    throw new ScaffoldError(`${shown(file)} is no JSON; mend it, or begin in an empty folder`);
  }
}

/** Whoever stands in a subfolder of a project would get another project in it. */
async function refuseInside(project: string): Promise<void> {
  for (let folder = dirname(project); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = await readManifest(join(folder, "package.json")).catch(() => undefined);
    const uses = manifest?.name === "restanza" || manifest?.dependencies?.["restanza"] !== undefined;
    if (uses) throw new ScaffoldError(`${project} is inside the project ${folder}; run this there`);
  }
}
