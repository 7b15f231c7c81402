import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PostgresServer } from "./server.ts";

describe("the PostgreSQL of the tests", () => {
  it("comes back with what it had after kill -9 and after a stop", async () => {
    await using server = await PostgresServer.start();
    const url = await server.createDatabase();
    await server.query("CREATE TABLE kept (it int); INSERT INTO kept VALUES (1)", url);
    await server.kill();
    await assert.rejects(server.query("SELECT 1", url), { code: "ECONNREFUSED" });
    await server.startAgain();
    assert.deepEqual(await server.query("SELECT it FROM kept", url), [{ it: 1 }]);
    await server.stop();
    await server.startAgain();
    assert.deepEqual(await server.query("SELECT it FROM kept", url), [{ it: 1 }]);
  });
});
