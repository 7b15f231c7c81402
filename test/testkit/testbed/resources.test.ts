import assert from "node:assert/strict";
import { it } from "node:test";
import { defineBot } from "restanza";
import { testbed } from "restanza/testkit";

const closed: string[] = [];
const shop = defineBot({
  name: "shop",
  summary: "sells",
  async setup(_, { cleanup }) {
    cleanup.defer(() => void closed.push("shop"));
    return { price: async (_ware: string) => 1 };
  },
  routes(bot, _, { price }) {
    bot.hears(/^how much is (\w+)$/, async (ctx) => String(await price(ctx.match[1] ?? "")));
  },
});

it("a testbed sets its bots up, and closes what they had", async () => {
  {
    await using bed = await testbed(shop);
    (await bed.alice.says("how much is tea")).expect("1");
    assert.deepEqual(closed, []);
  }
  assert.deepEqual(closed.splice(0), ["shop"]);
});

it("what stands in for resources is there through restarts, also for several bots", async () => {
  const asked: string[] = [];
  const resources = {
    price: async (ware: string) => {
      asked.push(ware);
      return 7;
    },
  };
  // @ts-expect-error: it is not what the bot sets up
  const wrong: Parameters<typeof testbed<never, { price: () => string }>>[1] = { resources };
  assert.ok(wrong);
  await using bed = await testbed(shop, { resources });
  (await bed.alice.says("how much is tea")).expect("7");
  await bed.restart();
  (await bed.alice.says("how much is cocoa")).expect("7");
  assert.deepEqual(asked, ["tea", "cocoa"]);
  assert.deepEqual(closed, [], "its setup did not run");

  const other = defineBot({ name: "other", summary: "is beside it", routes: () => undefined });
  await using both = await testbed([shop, other], { resources: { shop: resources } });
  (await both.alice.to("shop").says("how much is milk")).expect("7");
});

it("a setup that fails fails the test, with its reason", async () => {
  const broken = defineBot({
    name: "broken",
    summary: "has no database",
    setup: () => {
      throw new Error("no database");
    },
    routes: () => undefined,
  });
  await assert.rejects(testbed(broken), { name: "TestbedError", message: /no database/ });
});
