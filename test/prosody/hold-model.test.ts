import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { provision } from "../../prosody/script.ts";
import { needsProsody } from "./support.ts";

const seeds = 300;

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const library = (name: string): string =>
  `local ${name}_lib = (function ()\n${read(`../../prosody/modules/mod_restanza_callback/${name}.lib.lua`)}\nend)()\n`;

it(
  `keeps its promises through ${seeds} random histories of a web server that comes and goes`,
  needsProsody,
  async (t) => {
    const { root } = await provision("trixie");
    const program = [
      "local clock = 0",
      'package.preload["util.time"] = function () return { now = function () return clock; end }; end',
      library("lanes"),
      library("holding"),
      `local from_seed, to_seed = 1, ${seeds}`,
      read("./hold-model.lua"),
    ].join("\n");
    const output = execFileSync("chroot", [root, "lua5.4", "-"], { input: program, encoding: "utf8" });
    t.diagnostic(output.trim());
    const counts = new Map(
      [...output.matchAll(/(\w+) (\d+)/g)].map(([, name, count]) => [name, Number(count)]),
    );
    for (const name of ["answered", "kept", "outages", "overdue", "own", "poisoned", "refused", "reloads"]) {
      assert.ok((counts.get(name) ?? 0) > 10, `${name}: the histories do not reach it`);
    }
  },
);
