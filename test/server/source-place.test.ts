import assert from "node:assert/strict";
import { test } from "node:test";
import { placeInBots } from "../../src/server/source-place.ts";

test("the place of an error is the innermost of the bots' own code, however it was loaded", () => {
  const stack = [
    "JidError: no JID",
    "    at parse (/project/node_modules/restanza/dist/stanza/jid.js:1:1)",
    "    at helper (/project/bots/a/node_modules/x/index.js:2:2)",
    "    at Object.run (file:///project/bots/a/bot.ts?restanza-generation=3:12:5)",
    "    at other (/project/bots/a/bot.ts:20:1)",
  ].join("\n");
  assert.deepEqual(placeInBots(stack, "/project/bots"), {
    file: "/project/bots/a/bot.ts",
    line: 12,
    column: 5,
  });
  assert.equal(placeInBots(stack, "/elsewhere"), undefined);
});
