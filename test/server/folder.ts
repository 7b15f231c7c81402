import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder for a test that is gone afterwards. */
export interface Folder extends AsyncDisposable {
  readonly path: string;
  /** Writes a file, and the folders above it. */
  write(name: string, text: string): Promise<void>;
}

/** Makes one that holds ES modules. */
export async function makeFolder(files: Readonly<Record<string, string>> = {}): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), "restanza-test-"));
  const write = async (name: string, text: string): Promise<void> => {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  };
  await write("package.json", '{"type":"module"}');
  for (const [name, text] of Object.entries(files)) await write(name, text);
  return { path, write, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

/** The framework, as a file outside of the project has to name it. */
export const FRAMEWORK = new URL("../../src/bot/index.ts", import.meta.url).href;

/** The text of a bot that says one thing to everybody. */
export function botText(name: string, says: string, before = ""): string {
  return `import { defineBot } from ${JSON.stringify(FRAMEWORK)};
${before}
export default defineBot({
  name: ${JSON.stringify(name)},
  summary: "says one thing",
  routes(bot) {
    bot.on("message:body", () => ${says});
  },
});
`;
}
