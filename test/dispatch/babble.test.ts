import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Bot, defineBot } from "../../src/bot/index.ts";
import type { RemoteBot } from "../../src/dispatch/index.ts";
import { testbed } from "../../src/testkit/index.ts";
import { stanza, world } from "./support.ts";

/** A bot that says back whatever it hears, and counts it. */
function parrot(name: string): { readonly bot: Bot; readonly heard: () => number } {
  let count = 0;
  const bot = defineBot({
    name,
    summary: "says back what it hears",
    routes(bot) {
      bot.hears(/^tell (\S+)$/, async (ctx) => {
        await ctx.send(`${ctx.match[1]}@bots.localhost`, "hello");
      });
      bot.on("message:body", (ctx) => {
        count += 1;
        return ctx.body;
      });
    },
  }) as Bot;
  return { bot, heard: () => count };
}

describe("two bots that answer whatever they hear", () => {
  it("come to an end, in a chat, and go on answering people", async () => {
    const [one, other] = [parrot("one"), parrot("other")];
    await using bed = await testbed([one.bot, other.bot], { patience: 60_000, failures: "tell" });
    await bed.alice.to("one").says("tell other");
    await bed.idle();
    assert.deepEqual([one.heard(), other.heard()], [300, 300]);
    for (const name of ["one", "other"])
      (await bed.alice.to(name).says("still there?")).expect("still there?");
    // A minute later they may talk again.
    await bed.clock.advance("1m");
    await bed.alice.to("one").says("tell other");
    await bed.idle();
    assert.deepEqual([one.heard(), other.heard()], [361, 361]);
  });

  it("come to an end in a room, whatever they are called there, and people are not kept from talking", async () => {
    const [one, other] = [parrot("one"), parrot("other")];
    await using bed = await testbed([one.bot, other.bot], { patience: 60_000, failures: "tell" });
    const lobby = await bed.room("lobby");
    await bed.alice.in(lobby).says("hello");
    await bed.idle();
    assert.deepEqual([one.heard(), other.heard()], [301, 301]);
    await bed.clock.advance("10m");
    const calm = parrot("calm");
    await using quiet = await testbed(calm.bot, { patience: 60_000 });
    const hall = await quiet.room("hall");
    for (let times = 0; times < 320; times += 1) await quiet.alice.in(hall).says("and another thing");
    assert.equal(calm.heard(), 320);
  });

  it("come to an end in a room when they have processes of their own, and hear people and themselves there", async () => {
    const { bot, mount, dispatcher } = world({ one: () => undefined, other: () => undefined });
    const heard: Record<string, number> = { One: 0, Other: 0, Juliet: 0 };
    for (const name of ["one", "other"]) {
      await bot(name).rooms.join("lobby@rooms.example", name === "one" ? "One" : "Other");
      const remote: RemoteBot = {
        isUp: true,
        isFull: false,
        dispatch: async ({ from }) => {
          heard[from?.resource ?? ""] = (heard[from?.resource ?? ""] ?? 0) + 1;
          return { kind: "silent" };
        },
        expect: () => undefined,
        takeDue: async () => undefined,
      };
      mount.put({ ...bot(name), remote });
    }
    for (let times = 0; times < 400; times += 1)
      for (const nick of ["One", "Other", "Juliet"])
        await dispatcher.dispatch(
          stanza(
            `<message type='groupchat' from='lobby@rooms.example/${nick}' to='one@bots.example'><body>${times}</body></message>`,
          ),
        );
    assert.equal(heard["Juliet"], 400);
    assert.equal(heard["One"], 400);
    const { Other = 0 } = heard;
    assert.ok(Other >= 300 && Other < 400, `${Other}`);
  });
});
