import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pino } from "pino";
import { command, defineBot } from "../../src/bot/index.ts";
import { type Config, ConfigError, checkConfig, startServer } from "../../src/server/index.ts";

const MOUNT = {
  domain: "bots.example.org",
  rest: { url: "http://127.0.0.1:1/rest", token: "a-token" },
  callback: { auth: ["prosody:callback-secret"] },
};
const bot = defineBot({
  name: "switch",
  summary: "switches",
  routes: (composer) =>
    void composer.command(
      command({ name: "off", summary: "switches off", access: "admin", run: () => "off" }),
    ),
});

async function problemsOf(config: Partial<Config>): Promise<readonly string[]> {
  try {
    const checked = checkConfig({ mounts: [MOUNT], port: 0, ...config });
    const server = await startServer(checked, [bot], pino({ level: "silent" }));
    await server.stop();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("permissions in the configuration", () => {
  test("name groups, bots and commands that there are", async () => {
    assert.deepEqual(
      await problemsOf({
        groups: { admins: ["Alice@Example.org", "example.com", "affiliation:owner:lobby@rooms.example.org"] },
        permissions: [
          { bot: "switch", command: "off", allow: ["group:friends"], deny: ["everyone"] },
          { deny: ["x.example"] },
        ],
        trustedRooms: ["rooms.example.org"],
      }),
      [],
    );
    assert.deepEqual(await problemsOf({ permissions: [{ command: "of", deny: ["everyone"] }] }), [
      "permissions name the command of, which no bot has",
    ]);
    assert.deepEqual(
      await problemsOf({ permissions: [{ bot: "switch", command: "on", deny: ["everyone"] }] }),
      ["permissions name the command on, which switch does not have"],
    );
    assert.deepEqual(await problemsOf({ permissions: [{ bot: "swich", deny: ["everyone"] }] }), [
      "permissions name the bot swich, which is not there",
    ]);
  });

  test("warn of groups that are not there", async () => {
    const lines: string[] = [];
    const log = pino({ level: "warn" }, { write: (line: string) => void lines.push(JSON.parse(line).msg) });
    const bots = ["friends", "admin", "folk"].map((access) =>
      defineBot({
        name: access,
        summary: "x",
        routes: (on) => void on.command({ name: "off", summary: "x", access, run: () => "off" }),
      }),
    );
    const config = { groups: { folk: [] }, permissions: [{ deny: ["group:foes", "group:folk"] }] };
    const server = await startServer(checkConfig({ mounts: [MOUNT], port: 0, ...config }), bots, log);
    await server.stop();
    assert.deepEqual(
      lines.filter((line) => line.includes("group")).map((line) => line.replace(/, which .*/, "")),
      ["the command off is for the group friends", "permissions name the group foes"],
    );
  });

  test("have admins from the environment", () => {
    const { groups } = checkConfig(
      { mounts: [MOUNT], groups: { admins: ["eve@example.org"], friends: ["eve@example.org"] } },
      { RESTANZA_ADMINS: "alice@example.org, bob@example.org" },
    );
    assert.deepEqual(groups, {
      admins: ["alice@example.org", "bob@example.org"],
      friends: ["eve@example.org"],
    });
  });

  test("are refused where they name nobody, with what would", async () => {
    for (const who of ["", "alice@example.org/phone", "affiliation:owner", "group:"]) {
      const [problem, ...others] = await problemsOf({ permissions: [{ allow: [who] }] });
      assert.match(problem ?? "", /permissions\[0\]\.allow\[0\].* names nobody: give an account/, who);
      assert.deepEqual(others, []);
    }
    assert.match(
      (await problemsOf({ groups: { admins: ["group:friends"] } }))[0] ?? "",
      /^RESTANZA_ADMINS \(groups\.admins\[0\] in a file\) names nobody/,
    );
    assert.match((await problemsOf({ groups: { "A b": [] } }))[0] ?? "", /no name for a group/);
    assert.match(
      (await problemsOf({ trustedRooms: ["a@b/c"] }))[0] ?? "",
      /neither a room nor a room service/,
    );
  });
});
