import assert from "node:assert/strict";
import { existsSync, globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ROOT, restanza, run } from "../cli/run.ts";

/** Every page that somebody reads. */
const pages = globSync(["README.md", "CONTRIBUTING.md", "prosody/README.md", "docs/**/*.md"], {
  cwd: ROOT,
}).sort();

interface Block {
  readonly page: string;
  readonly language: string;
  readonly text: string;
}

const blocks: Block[] = [];
for (const page of pages) {
  const text = await readFile(join(ROOT, page), "utf8");
  for (const [, language = "", body = ""] of text.matchAll(/^```(\w*).*\n([\s\S]*?)^```$/gm)) {
    blocks.push({ page, language, text: body });
  }
}

/** How links name the headings of a page. */
function headings(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe("what the docs show", { concurrency: true }, () => {
  for (const { page, text } of blocks.filter(({ language }) => language === "console")) {
    for (const [, command = "", output = ""] of text.matchAll(/^\$ (.+)\n((?:(?!\$ |# ).*\n)*)/gm)) {
      test(`${page}: ${command}`, async () => {
        const { stdout, stderr } = await run("bash", ["-c", command], {
          env: { npm_config_loglevel: "error" },
        });
        assert.equal(stdout, output, stderr);
      });
    }
  }

  test("every npm script that a page names exists", async () => {
    const { scripts } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { scripts: object };
    const named = blocks
      .filter(({ language }) => language === "sh" || language === "console")
      .flatMap(({ page, text }) =>
        [...text.matchAll(/\bnpm (?:run )?(\w+)/g)].map(([, name = ""]) => [page, name] as const),
      );
    assert.ok(named.length > 0);
    const builtIn = new Set(["ci", "install", "pkg", "run"]);
    for (const [page, name] of named)
      assert.ok(builtIn.has(name) || name in scripts, `${page} names npm ${name}`);
  });

  test("every command of restanza that a page names exists, with its options", async () => {
    const named = new Map<string, Set<string>>();
    for (const page of pages) {
      const text = await readFile(join(ROOT, page), "utf8");
      const written =
        /(?:npm start(?: --silent)? -- |npx restanza |`restanza |`(?=(?:dead|store) ))((?:(?:dead|store) )?\w+)([^`\n]*)/g;
      for (const [, command = "", rest = ""] of text.matchAll(written)) {
        const options = named.get(command) ?? new Set();
        named.set(command, options);
        // What is said to a bot has options of its own.
        if (command !== "chat")
          for (const [option] of rest.matchAll(/(?<=\s)--\w[\w-]*/g)) options.add(option);
      }
    }
    assert.ok(named.size > 10);
    await Promise.all(
      [...named].map(async ([command, options]) => {
        const { code, stdout } = await restanza([...command.split(" "), "--help"]);
        assert.equal(code, 0, command);
        assert.ok(stdout.startsWith(`Usage: restanza ${command} `), `there is no ${command}`);
        for (const option of options)
          assert.match(stdout, new RegExp(`^ +(-\\w, )?${option}\\b`, "m"), command);
      }),
    );
  });

  test("the service of systemd starts what there is", async () => {
    const unit = blocks.find(({ text }) => text.startsWith("[Unit]"))?.text ?? "";
    const [, command = ""] = /^ExecStart=(.*)$/m.exec(unit) ?? [];
    assert.match(command, / serve$/);
    const { code, stdout } = await run("bash", ["-c", `${command.replaceAll("/opt/restanza", ".")} --help`]);
    assert.equal(code, 0);
    assert.match(stdout, /^Usage: restanza serve/);
  });

  test("every link to a file leads somewhere", async () => {
    const broken: string[] = [];
    for (const page of pages) {
      const text = await readFile(join(ROOT, page), "utf8");
      for (const [, target = ""] of text.matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g)) {
        const path = join(ROOT, page, "..", target);
        const exists = await readFile(path).then(
          () => true,
          (error: NodeJS.ErrnoException) => error.code === "EISDIR",
        );
        if (!exists) broken.push(`${page} → ${target}`);
      }
    }
    assert.deepEqual(broken, []);
  });

  test("every link to a heading leads to one", async () => {
    const broken: string[] = [];
    for (const page of pages) {
      const text = await readFile(join(ROOT, page), "utf8");
      for (const [, target = "", anchor = ""] of text.matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)) {
        const linked = target === "" ? text : await readFile(join(ROOT, page, "..", target), "utf8");
        if (!headings(linked).includes(anchor)) broken.push(`${page} → ${target}#${anchor}`);
      }
    }
    assert.deepEqual(broken, []);
  });

  test("every file of the source, the tests and the benchmarks that a page names exists", async () => {
    const missing: string[] = [];
    for (const page of pages) {
      const text = await readFile(join(ROOT, page), "utf8");
      for (const [, path = ""] of text.matchAll(/(?<![\w./-])((?:src|test|bench)\/[\w./-]*\w)/g)) {
        if (!existsSync(join(ROOT, path))) missing.push(`${page} → ${path}`);
      }
    }
    assert.deepEqual(missing, []);
  });

  test("every promise names a test", async () => {
    const readme = await readFile(join(ROOT, "README.md"), "utf8");
    const table = readme.split("## What it promises")[1]?.match(/^\| [^-|].*/gm) ?? [];
    const promises = table.slice(
      0,
      table.findIndex((row) => row.includes("](docs/")),
    );
    assert.ok(promises.length > 10);
    for (const promise of promises) assert.match(promise, /`test\/[\w/-]+\.test\.ts`/);
  });

  test("the architecture tells what every dependency is for, and names no other", async () => {
    const { dependencies, devDependencies } = JSON.parse(
      await readFile(join(ROOT, "package.json"), "utf8"),
    ) as { dependencies: object; devDependencies: object };
    const libraries = (await readFile(join(ROOT, "docs/ARCHITECTURE.md"), "utf8")).split("## Libraries")[1];
    const tables = (libraries ?? "")
      .split("node:sqlite")
      .map((table) =>
        [...table.matchAll(/^\| ([^-| ][^|]*) \| [^|]/gm)]
          .flatMap(([, names = ""]) => names.split(", "))
          .sort(),
      );
    assert.deepEqual(tables, [Object.keys(dependencies).sort(), Object.keys(devDependencies).sort()]);
  });

  test("every setting in the docs is one, and every one is in the docs", async () => {
    const { VARIABLES } = await import("../../src/server/environment.ts");
    const operating = await readFile(join(ROOT, "docs/OPERATING.md"), "utf8");
    const documented = [...operating.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name);
    assert.deepEqual(documented.sort(), Object.keys(VARIABLES).sort());
    for (const { page, text } of blocks) {
      for (const [name] of text.matchAll(/\bRESTANZA_[A-Z_]+/g)) {
        assert.ok(name in VARIABLES || name in prosodys, `${page} names ${name}`);
      }
    }
  });
});

/** Variables that Prosody's side reads, and not restanza itself. */
const prosodys = {
  RESTANZA_CACHE: true,
  RESTANZA_DEBIAN_MIRROR: true,
  RESTANZA_ACCOUNTS: true,
  RESTANZA_PEOPLE: true,
};
