import assert from "node:assert/strict";
import { test } from "node:test";
import type { Dispatcher } from "../../src/dispatch/index.ts";
import { type JsonValue, PostgresStore } from "../../src/store/index.ts";
import { RecordingSender, world } from "../dispatch/support.ts";
import { PostgresServer } from "../store/postgres/server.ts";

test("a schedule of three nodes on PostgreSQL runs once each second, also when one of them ends", {
  timeout: 120_000,
}, async () => {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await PostgresServer.start());
  const url = await server.createDatabase();
  const sender = new RecordingSender();
  const enough = Promise.withResolvers<void>();
  const half = Promise.withResolvers<void>();
  sender.onSend = () => {
    if (sender.sent.length === 2) half.resolve();
    if (sender.sent.length === 5) enough.resolve();
  };
  const nodes: { readonly store: PostgresStore; readonly dispatcher: Dispatcher }[] = [];
  for (let index = 0; index < 3; index += 1) {
    const store = stack.use(await PostgresStore.open({ url }));
    const { dispatcher } = world(
      {
        echo: (bot) =>
          bot.every("1s", { name: "second" }, async (tick) => {
            const done = (await tick.storage.get<number[]>("done")) ?? [];
            tick.storage.set("done", [...done, tick.due]);
            await tick.send("ann@example.com", String(tick.due));
          }),
      },
      { store, senders: () => sender },
    );
    await dispatcher.startTimers();
    nodes.push({ store, dispatcher });
  }
  const end = async (gone: (typeof nodes)[number] | undefined): Promise<void> => {
    gone?.dispatcher.retire();
    await gone?.dispatcher.stopTimers();
    await gone?.dispatcher.idle();
  };
  await half.promise;
  await end(nodes[0]);
  await enough.promise;
  await end(nodes[1]);
  await end(nodes[2]);
  const record = await nodes[2]?.store.get("bot echo@bots.example", "done");
  const done = record?.value as readonly JsonValue[] as number[];
  assert.ok(done.length >= 5);
  assert.deepEqual(
    done,
    [...new Set(done)].sort((one, other) => one - other),
  );
  assert.deepEqual(sender.words, done.map(String));
  assert.equal(new Set(sender.names).size, sender.names.length);
});
