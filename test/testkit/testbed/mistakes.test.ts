import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defineBot, message } from "restanza";
import { TestbedError, testbed } from "restanza/testkit";
import { z } from "zod";
import { counter, echo } from "./support.ts";

describe("what a test has wrong", () => {
  it("is another reply than expected", async () => {
    await using bed = await testbed(echo);
    const replies = await bed.alice.says("tea");
    assert.throws(() => replies.expect("cake"), {
      name: "TestbedError",
      message:
        'alice: the replies should have been "cake", and were "tea"\n\n  alice → echo: tea\n  echo → alice: tea\n',
    });
    assert.throws(() => replies.expect(), /should have been none, and were "tea"/);
    assert.throws(() => replies.expect("tea", /x/), /should have been "tea", \/x\/, and were "tea"/);
  });

  it("is a reply that there is not", async () => {
    await using bed = await testbed(
      defineBot({ name: "mute", summary: "says nothing", routes: () => undefined }),
    );
    const replies = await bed.alice.says("tea");
    assert.equal(replies.length, 0);
    assert.throws(() => replies.body, /no reply with words: no handler took it[\s\S]*alice → mute: tea/);
    assert.throws(() => replies.last, /there was no reply/);
    await assert.rejects(bed.alice.hears(/tea/), /alice did not hear \/tea\/, but nothing/);
  });

  it("is something said that was to be silence", async () => {
    await using bed = await testbed([echo, counter]);
    await bed.bob.to("echo").sends(message({ type: "chat", body: "hi" }));
    await bed.bob.hearsNothing();
    const lobby = await bed.room("lobby", { bots: ["echo"] });
    await bed.bob.joins(lobby);
    await bed.alice.in(lobby).says("hi");
    await assert.rejects(bed.bob.hearsNothing(), /bob should have heard nothing, and heard "hi", "hi"/);
  });

  it("is a bot, a room or a person that there is not", async () => {
    await using bed = await testbed([echo, counter]);
    const { alice } = bed;
    await assert.rejects(
      alice.says("hi"),
      /several bots \(echo, counter\), so say which: alice\.to\("echo"\)/,
    );
    assert.throws(() => alice.to("ecko"), /no bot called ecko; there are echo, counter/);
    assert.throws(
      () => alice.in("loby"),
      /no room called loby; there are none yet: await bed\.room\("loby"\) makes one/,
    );
    const lobby = await bed.room("lobby", { bots: [] });
    await assert.rejects(alice.in(lobby).says("hi"), /no bot is in lobby/);
    await assert.rejects(alice.leaves(lobby), /alice is not in lobby/);
    await assert.rejects(lobby.kicks("bob"), /nobody in lobby is called bob; there are none/);
    await assert.rejects(testbed([]), /without a bot/);
  });

  it("is a nickname that is taken", async () => {
    await using bed = await testbed(echo);
    const lobby = await bed.room("lobby");
    await assert.rejects(bed.alice.joins(lobby, "echo"), /alice could not be echo in lobby/);
    await lobby.affiliates(bed.bob, "outcast");
    await assert.rejects(bed.bob.joins(lobby), /bob could not be bob in lobby/);
  });

  it("is a configuration that does not fit", async () => {
    const bot = defineBot({
      name: "strict",
      summary: "wants a number",
      config: z.object({ size: z.number() }),
      routes: (on, { size }) => void on.on("message:body", () => `size ${size}`),
    });
    // @ts-expect-error: a text is no number
    await assert.rejects(testbed(bot, { config: { size: "large" } }), { name: "ZodError" });
    await using bed = await testbed(bot, { config: { size: 3 } });
    (await bed.alice.says("hi")).expect("size 3");
    await using both = await testbed([bot, echo], { config: { strict: { size: 4 } } });
    (await both.alice.to("strict").says("hi")).expect("size 4");
  });

  it("is a bot that cannot start, or fails when nobody awaits it", async () => {
    const broken = defineBot({
      name: "broken",
      summary: "does not start",
      routes: () => undefined,
      start: () => {
        throw new RangeError("no");
      },
    });
    await assert.rejects(testbed(broken), (error) => {
      assert.ok(error instanceof TestbedError);
      assert.match(error.message, /broken failed to start: RangeError: no/);
      return true;
    });
    const stops = defineBot({
      name: "stops",
      summary: "does not stop",
      routes: () => undefined,
      stop: () => Promise.reject(new RangeError("never")),
    });
    const bed = await testbed(stops);
    await assert.rejects(bed[Symbol.asyncDispose](), /stops failed to stop: RangeError: never/);
  });
});
