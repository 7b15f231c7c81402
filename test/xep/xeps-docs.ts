import * as xep from "../../src/xep/index.ts";
import { EXTENSIONS, type Extension } from "../../src/xep/registry.ts";
import { allGoldens } from "./all-goldens.ts";
import type { Golden } from "./golden.ts";

/** The page with the table of extensions. */
export const XEPS_DOCS = new URL("../../docs/XEPS.md", import.meta.url);

const begin = "<!-- extensions: written by test/xep/write-docs.ts -->";
const end = "<!-- end of extensions -->";

/** The page with the table in it as it is now. */
export async function withExtensions(page: string): Promise<string> {
  const [before, rest] = cut(page, begin);
  const [, after] = cut(rest, end);
  return `${before}${begin}\n\n${await table()}\n\n${end}${after}`;
}

/** What the files of an extension offer under names that begin so. */
export async function exported(
  { files }: Pick<Extension, "files">,
  ...prefixes: string[]
): Promise<string[]> {
  const modules = await Promise.all(
    files.map((file) => import(new URL(`../../src/xep/${file}`, import.meta.url).href) as Promise<object>),
  );
  return modules
    .flatMap((module) => Object.keys(module))
    .filter((name) => name in xep && prefixes.some((prefix) => new RegExp(`^${prefix}[A-Z]`).test(name)));
}

async function table(): Promise<string> {
  const goldens = new Map((await allGoldens()).map(({ xep, pairs }) => [xep, pairs]));
  const rows = await Promise.all(
    EXTENSIONS.map(async (extension) => {
      const { xep, name, files, features = [], use = "" } = extension;
      return [
        `[${xep}](https://xmpp.org/extensions/xep-${xep}.html)`,
        name,
        code(await exported(extension, ...READS)),
        code(await exported(extension, ...BUILDS)),
        use,
        code(features),
        code(files),
        json(goldens.get(xep) ?? []),
        String(goldens.get(xep)?.length ?? 0),
      ];
    }),
  );
  const pairs = [...goldens.values()].flat();
  return [
    `${EXTENSIONS.length} extensions, ${pairs.length} golden pairs, all of them read and built again without loss.`,
    [
      ["XEP", "Name", "Readable", "Sendable", "In a bot", "Feature", "File", "JSON", "Goldens"],
      ["---", "---", "---", "---", "---", "---", "---", "---", "--:"],
      ...rows,
    ]
      .map((cells) => `| ${cells.join(" | ")} |`)
      .join("\n"),
  ].join("\n\n");
}

/** What the names of readers begin with. */
export const READS = ["read", "is", "without"];

/** What the names of builders begin with. */
export const BUILDS = ["build"];

/** How many of the examples come through mod_rest's JSON whole. */
function json(pairs: readonly Golden[]): string {
  const whole = pairs.map((pair) => pair.isJson()).filter((is) => is !== undefined);
  if (whole.length === 0) return "";
  if (whole.every((is) => is)) return "yes";
  return whole.some((is) => is) ? "in part" : "no";
}

function code(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(", ");
}

function cut(text: string, mark: string): [before: string, after: string] {
  const index = text.indexOf(mark);
  if (index === -1) throw new Error(`docs/XEPS.md has lost its mark ${mark}`);
  return [text.slice(0, index), text.slice(index + mark.length)];
}
