import assert from "node:assert/strict";
import { it } from "node:test";
import { defineBot } from "restanza";
import { testbed } from "restanza/testkit";

it("commands go by the groups that the test has", async () => {
  const bot = defineBot({
    name: "door",
    summary: "opens",
    routes: (on) =>
      void on.command({ name: "open", summary: "opens", access: "admin", run: () => "It is open." }),
  });
  await using bed = await testbed(bot, { permissions: { groups: { admins: ["alice@localhost"] } } });
  (await bed.alice.says("!open")).expect("It is open.");
  assert.doesNotMatch((await bed.bob.says("!open")).body, /It is open/);
});
