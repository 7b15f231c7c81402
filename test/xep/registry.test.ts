import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import * as xep from "../../src/xep/index.ts";
import { EXTENSIONS } from "../../src/xep/registry.ts";
import { allGoldens } from "./all-goldens.ts";
import { BUILDS, exported, READS, withExtensions, XEPS_DOCS } from "./xeps-docs.ts";

/** What many extensions need, and is none. */
const HELPERS: readonly string[] = ["index.ts", "registry.ts", "addresses.ts", "values.ts"];

describe("the registry of extensions", () => {
  it("has each once, in the order of their numbers", () => {
    const numbers = EXTENSIONS.map(({ xep }) => xep);
    assert.deepEqual(numbers, [...new Set(numbers)].sort());
    for (const number of numbers) assert.match(number, /^\d{4}$/);
  });

  it("has every reader and every builder", async () => {
    const registered = await Promise.all(EXTENSIONS.map((each) => exported(each, ...READS, ...BUILDS)));
    const named = new RegExp(`^(?:${[...READS, ...BUILDS].join("|")})[A-Z]`);
    const missing = Object.keys(xep).filter((name) => named.test(name) && !registered.flat().includes(name));
    assert.deepEqual(missing, [], "register these in src/xep/registry.ts");
  });

  it("has every file", () => {
    const registered = new Set(EXTENSIONS.flatMap(({ files }) => files));
    const missing = readdirSync(new URL("../../src/xep/", import.meta.url)).filter(
      (file) => !registered.has(file) && !HELPERS.includes(file),
    );
    assert.deepEqual(missing, [], "register these in src/xep/registry.ts");
  });

  it("has examples of every extension, and no examples of another", async () => {
    const withExamples = (await allGoldens()).filter(({ pairs }) => pairs.length > 0).map(({ xep }) => xep);
    assert.deepEqual(
      withExamples,
      EXTENSIONS.map(({ xep }) => xep),
      "put a pair into test/xep/goldens, and the extension into src/xep/registry.ts",
    );
  });
});

describe("docs/XEPS.md", () => {
  it("has the table as it is now", async () => {
    const text = readFileSync(XEPS_DOCS, "utf8");
    assert.ok((await withExtensions(text)) === text, "run: node --import tsx test/xep/write-docs.ts");
  });
});
