import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CONTRACT } from "./cases/all.ts";

test("docs/MOD_REST.md names each case once, with its file, and nothing that is no case", () => {
  const page = readFileSync(new URL("../../docs/MOD_REST.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^- \[(.+?)\]\(\.\.\/test\/contract\/cases\/(\w+)\.ts\)/gm)];
  assert.deepEqual(
    rows.map(([, name, file]) => `${file}: ${name?.replaceAll("\\", "")}`).sort(),
    Object.entries(CONTRACT)
      .flatMap(([file, cases]) => cases.map(({ name }) => `${file}: ${name}`))
      .sort(),
  );
});
