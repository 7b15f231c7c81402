import assert from "node:assert/strict";
import { it } from "node:test";
import { onBothServers } from "../../prosody/support.ts";
import { startEchoServer } from "./echo.ts";
import { goldens } from "./golden.ts";

onBothServers("the golden pairs of mod_rest's JSON", (suite) => {
  it("are what this server makes", async () => {
    await using server = await startEchoServer(suite);
    for (const pair of goldens) {
      assert.deepEqual(await server.record(pair), pair, pair.name);
    }
    assert.ok(goldens.length > 300);
  });
});
