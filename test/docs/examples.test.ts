import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Block, codeBlocks, documentationBlocks } from "./blocks.ts";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** What the compiler says about the blocks, by the places where they stand. */
async function compile(blocks: readonly Block[]): Promise<string[]> {
  const parent = join(ROOT, ".restanza");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "examples-"));
  try {
    for (const [index, { code }] of blocks.entries()) writeFileSync(join(folder, `block${index}.ts`), code);
    const tsconfig = {
      extends: "../../tsconfig.json",
      compilerOptions: {
        // An example is a module even where it imports nothing, and may show a value without using it.
        moduleDetection: "force",
        noUnusedLocals: false,
        noUnusedParameters: false,
        // A matter of style, which readers have set otherwise.
        noPropertyAccessFromIndexSignature: false,
      },
      include: ["*.ts"],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    const { stdout } = await promisify(execFile)(process.execPath, [tsc, "-p", folder, "--pretty", "false"], {
      cwd: folder,
      maxBuffer: 16 * 1024 * 1024,
    }).catch((error: { stdout?: string; message: string }) => {
      if (!error.stdout) throw new Error(`the compiler did not run: ${error.message}`);
      return { stdout: error.stdout };
    });
    return stdout.split("\n").flatMap((message) => located(message, blocks));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A message of the compiler about a block, told of the place where it stands, or about its own settings; none else. */
function located(message: string, blocks: readonly Block[]): string[] {
  if (message.startsWith("error ")) return [message];
  const found = /^block(\d+)\.ts\((\d+),\d+\): (.*)$/.exec(message);
  const block = found && blocks[Number(found[1])];
  return block ? [`${block.file}:${block.line + Number(found[2]) - 1}: ${found[3]}`] : [];
}

const COMMENT = [
  "/**",
  " * Text.",
  " *",
  " * @example",
  " * ```ts",
  ' * import { defineBot } from "restanza";',
  " *",
  ' * defineBot({ name: "a", summary: "b", routes: (bot) => void bot.on("message:body", () => 1) });',
  " * ```",
  " */",
].join("\n");
const PAGE = [
  "```ts",
  "const fine: number = 1;",
  "```",
  "```sh",
  "not code",
  "```",
  "```ts nocheck",
  "not checked",
  "```",
  "1. In a list:",
  "   ```ts",
  '   import { nothing } from "restanza/stanza";',
  "   ```",
];

describe("the examples of the documentation", async () => {
  const blocks = documentationBlocks(ROOT);
  const wrong = [...codeBlocks("wrong.ts", COMMENT), ...codeBlocks("wrong.md", PAGE.join("\n"))];
  // One run of the compiler, which takes its seconds.
  const errors = await compile([...blocks, ...wrong]);
  const isWrong = (error: string): boolean => error.startsWith("wrong.");

  it("compile, with the imports that they show", () => {
    assert.ok(blocks.some(({ file }) => file === "src/bot/define-bot.ts"));
    assert.deepEqual(
      errors.filter((error) => !isWrong(error)),
      [],
    );
  });

  it("that do not compile are found, with the place where they stand", () => {
    const [one, other, ...more] = errors.filter(isWrong);
    assert.match(one ?? "", /^wrong\.ts:8: error TS2345: .*number/);
    assert.match(other ?? "", /^wrong\.md:12: error TS2305: .*nothing/);
    assert.deepEqual(more, []);
  });

  it("that have no end are found", () => {
    assert.throws(
      () => codeBlocks("README.md", "```ts\nconst open = 1;"),
      /README\.md:2: the block has no end/,
    );
  });
});
