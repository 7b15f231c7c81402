import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { typeErrors } from "../../src/cli/check/types.ts";
import { botText, FRAMEWORK, makeFolder } from "../server/folder.ts";
import { restanza } from "./run.ts";

function routesText(name: string, routes: string): string {
  return `import { defineBot } from ${JSON.stringify(FRAMEWORK)};

export default defineBot({
  name: ${JSON.stringify(name)},
  summary: "is checked",
  routes(bot) {
    ${routes}
  },
});
`;
}

describe("restanza check", { concurrency: 3 }, () => {
  test("a project in which all is well, where no setup runs", async () => {
    const setup = `async setup() { throw new Error("it ran"); },\n  routes(bot, _, { db }) {\n    bot.hears("x", () => db.rows());`;
    await using folder = await makeFolder({
      "bots/fine/bot.ts": botText("fine", '"fine"').replace("routes(bot) {", setup),
    });
    assert.deepEqual(await restanza(["check"], { cwd: folder.path }), {
      code: 0,
      stdout: "1 bot (fine): all is well\n",
      stderr:
        "types: not checked, as there is no TypeScript here, or no tsconfig.json\nconfig: no Prosody is configured, which does for restanza dev\n",
    });
  });

  test("a configuration of the bots alone is checked without a Prosody", async () => {
    const picky = botText("picky", "config.size").replace(
      "  routes(bot) {",
      '  config: { parse: ({ size }) => { if (size === 7) return { size }; throw new Error("what size"); } },\n  routes(bot, config) {',
    );
    await using folder = await makeFolder({
      "restanza.config.json": JSON.stringify({ bots: { picky: { size: 7 } } }),
      "bots/picky/bot.ts": picky,
    });
    const fine = await restanza(["check"], { cwd: folder.path });
    assert.deepEqual([fine.code, fine.stdout], [0, "1 bot (picky): all is well\n"]);
    assert.match(fine.stderr, /no Prosody is configured/);
    await folder.write(
      "restanza.config.json",
      JSON.stringify({ bot: { picky: { size: 7 } }, deadline: "soon" }),
    );
    const wrong = await restanza(["check"], { cwd: folder.path });
    assert.equal(wrong.code, 1);
    assert.match(
      wrong.stdout,
      /config: .*deadline[\s\S]*config: .*"bot"[\s\S]*picky: cannot be set up: what size/,
    );
  });

  test("tells everything at once, with its place", async () => {
    await using folder = await makeFolder({
      "restanza.config.json": JSON.stringify({
        mounts: [{ domain: "bots@example.org" }],
        groups: { staff: ["alice@example.org"] },
        profiles: { bare: { avatar: "bots/bare/bot.ts" } },
      }),
      "bots/bare/bot.ts": routesText("bare", ""),
      "bots/broken/bot.ts": "export default {",
      "bots/dead/bot.ts": routesText(
        "dead",
        'bot.on("message:body", () => "all");\n    bot.hears("x", () => "never");\n    bot.command({ name: "late", summary: "never", run: () => "never" });',
      ),
      "bots/torn/bot.ts": routesText("torn", 'throw new Error("torn");'),
      "bots/groups/bot.ts": routesText(
        "groups",
        'for (const access of ["staff", "stuff", "everyone"]) bot.command({ name: "for-" + access, summary: "x", access, examples: ["for-" + access, "!wrong"], run: () => "x" });',
      ),
    });
    const { code, stdout, stderr } = await restanza(["check", "--json"], { cwd: folder.path });
    assert.equal(code, 1, stderr);
    const { ok, bots, findings } = JSON.parse(stdout) as {
      ok: boolean;
      bots: string[];
      findings: { area: string; bot?: string; message: string; place?: string }[];
    };
    assert.equal(ok, false);
    assert.deepEqual(bots, ["bare", "dead", "groups", "torn"]);
    const told = (area: string, bot?: string) =>
      findings.filter((finding) => finding.area === area && finding.bot === bot);
    assert.match(told("config")[0]?.message ?? "", /RESTANZA_DOMAIN .* is no domain/);
    assert.match(told("bots")[0]?.message ?? "", /broken\/bot\.ts:1:\d+: ERROR/);
    assert.match(told("bots", "torn")[0]?.message ?? "", /cannot be set up: torn/);
    assert.match(
      told("bots", "bare")[0]?.message ?? "",
      /cannot be set up: the avatar bots\/bare\/bot\.ts is no picture/,
    );
    const dead = told("routes", "dead");
    assert.equal(dead.length, 2, stdout);
    assert.match(dead[0]?.place ?? "", /dead\/bot\.ts:8/);
    assert.match(dead[1]?.message ?? "", /^command\(.* can never run/);
    assert.deepEqual(
      told("permissions", "groups").map(({ message }) => /group (\w+)/.exec(message)?.[1]),
      ["stuff"],
    );
    assert.equal(told("commands", "groups").length, 3);
  });

  test("in words, a line each", async () => {
    await using folder = await makeFolder({
      "bots/torn/bot.ts": routesText("torn", 'throw new Error("torn");'),
    });
    const { code, stdout, stderr } = await restanza(["check"], { cwd: folder.path });
    assert.deepEqual([code, stdout], [1, "bots: torn: cannot be set up: torn\n"]);
    assert.match(stderr, /1 problem\n$/);
  });

  test("what the compiler says is read with its explanations", () => {
    const said = [
      "bots/a/bot.ts(3,5): error TS2322: Type 'number' is not assignable to type 'string'.",
      "  The expected type comes from there.",
      "error TS18003: No inputs were found.",
      "",
    ].join("\n");
    assert.deepEqual(typeErrors(said), [
      {
        area: "types",
        place: "bots/a/bot.ts:3",
        message:
          "TS2322: Type 'number' is not assignable to type 'string'.\n  The expected type comes from there.",
      },
      { area: "types", message: "TS18003: No inputs were found." },
    ]);
  });
});
