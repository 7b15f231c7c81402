import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Composer } from "../../../src/bot/index.ts";
import { type Received, testbed } from "../../../src/testkit/index.ts";
import { NS_QUICK_RESPONSE, readQuickResponses } from "../../../src/xep/index.ts";
import { menuBot } from "../menus/support.ts";

const jukebox = menuBot((bot) => {
  const play = bot.choice<{ asked: number }>(
    "play",
    (_, { choice, data }) => `playing ${choice}, asked ${data.asked}`,
  );
  const where = bot.choice("where", (_, { choice }) => `in the ${choice}`);
  let asked = 0;
  bot.command({
    name: "music",
    summary: "plays",
    run: (ctx) => {
      asked += 1;
      return play.ask(
        ctx,
        "What?",
        { bach: { en: "Bach", de: "Bach" }, bjork: "Björk" },
        { data: { asked } },
      );
    },
  });
  bot.command({
    name: "place",
    summary: "asks where",
    run: (ctx) => where.ask(ctx, "Where?", ["hall", "kitchen"], { timeout: 60_000 }),
  });
  bot.command({ name: "time", summary: "tells the time", run: () => "It is late." });
  bot.on("message:body", ({ body }) => `echo ${body}`);
});

const buttonsOf = ({ stanza }: Received): string[] =>
  stanza.kind === "message" ? readQuickResponses(stanza).map(({ value }) => value) : [];

describe("a choice", () => {
  for (const [how, says] of [
    ["the words", "björk"],
    ["the key", "bjork"],
    ["the number", "2"],
    ["the number as people write it", "2)"],
  ] as const)
    it(`is made by ${how}, once, also after a restart`, async () => {
      await using bed = await testbed(jukebox);
      (await bed.alice.says("music")).expect("What?\n1. Bach\n2. Björk");
      await bed.restart();
      (await bed.alice.says(says)).expect(/^playing bjork, asked \d+$/);
      (await bed.alice.says(says)).expect(`echo ${says}`);
    });

  it("is made by a reaction to the question, also to an earlier one", async () => {
    await using bed = await testbed(jukebox);
    const { alice } = bed;
    const what = await alice.says("music");
    const where = await alice.says("place");
    (await alice.reacts(what, "1️⃣")).expect(/^playing bach/);
    (await alice.reacts(where, "2️⃣")).expect("in the kitchen");
    (await alice.reacts(what, "1️⃣")).expect();
  });

  it("is made by words for the latest question, and by a reply for any", async () => {
    await using bed = await testbed(jukebox);
    const { alice } = bed;
    const what = await alice.says("music");
    await alice.says("place");
    (await alice.replies(what, "1")).expect(/^playing bach/);
    (await alice.says("1")).expect("in the hall");
  });

  for (const inRoom of [false, true])
    it(`is made by a reaction or a reply to the question of a command that was edited, by either id${inRoom ? ", in a room, too" : ""}`, async () => {
      await using bed = await testbed(jukebox);
      const alice = inRoom ? bed.alice.in(await bed.room("lobby", { archives: true })) : bed.alice;
      const prefix = inRoom ? "!" : "";
      for (const answered of ["first", "second"] as const)
        for (const how of ["reacts", "replies"] as const) {
          const first = await alice.says(`${prefix}time`);
          const second = await alice.edits(first, `${prefix}place`);
          assert.equal(second.last.corrects, first.last.id);
          const later = await alice.says(`${prefix}music`);
          (await alice[how]({ first, second }[answered].last, "2️⃣")).expect("in the kitchen");
          (await alice.reacts(later, "1️⃣")).expect(/^playing bach/);
        }
    });

  it("is asked once, in the place of what it was, where its command is edited", async () => {
    await using bed = await testbed(jukebox);
    const { alice } = bed;
    const what = await alice.says("music");
    const where = await alice.edits(what, "place");
    assert.equal(where.last.corrects, what.last.id);
    (await alice.reacts(what, "1️⃣")).expect("in the hall");
    (await alice.says("bach")).expect("echo bach");
  });

  it("waits for nothing: what else is said goes where it always goes", async () => {
    await using bed = await testbed(jukebox);
    const { alice, bob } = bed;
    await alice.says("place");
    (await alice.says("hello")).expect("echo hello");
    (await bob.says("hall")).expect("echo hall");
    (await alice.says("hall")).expect("in the hall");
  });

  it("is made in a room by who was asked, by the number or a reaction", async () => {
    await using bed = await testbed(jukebox);
    const room = await bed.room("lobby");
    const [alice, bob] = [bed.alice.in(room), bed.bob.in(room)];
    bed.alice.has(NS_QUICK_RESPONSE);
    const where = await alice.says("!place");
    where.expect("Where?\n1. hall\n2. kitchen");
    assert.deepEqual(buttonsOf(where.last), []);
    (await bob.says("1")).expect("echo 1");
    (await bob.reacts(where, "1️⃣")).expect();
    (await alice.reacts(where, "2️⃣")).expect("in the kitchen");
    await alice.says("!place");
    (await alice.says("1")).expect("in the hall");
  });

  it("is open for as long as it says, and five of a person at most", async () => {
    await using bed = await testbed(jukebox);
    const { alice } = bed;
    await alice.says("place");
    await bed.clock.advance("61s");
    (await alice.says("hall")).expect("echo hall");
    const first = await alice.says("music");
    for (let count = 0; count < 5; count += 1) await alice.says("place");
    (await alice.reacts(first, "1️⃣")).expect();
  });

  it("has buttons where the client has such (XEP-0439), besides the list, and none elsewhere", async () => {
    await using bed = await testbed(jukebox);
    const { alice, bob } = bed;
    alice.has(NS_QUICK_RESPONSE);
    const asked = await alice.says("music");
    assert.equal(asked.body, "What?\n1. Bach\n2. Björk");
    assert.deepEqual(buttonsOf(asked.last), ["Bach", "Björk"]);
    (await alice.says("Bach")).expect(/^playing bach/);
    assert.deepEqual(buttonsOf((await bob.says("music")).last), []);
  });

  it("that a command in a menu asks for is asked in the chat", async () => {
    await using bed = await testbed(jukebox);
    const { alice } = bed;
    assert.deepEqual((await alice.runs("place")).notes, ["I have sent you the answer in a message."]);
    await alice.hears("Where?\n1. hall\n2. kitchen");
    (await alice.says("2")).expect("in the kitchen");
  });

  it("has a name of its own, something to choose from, and an end", async () => {
    const bot = new Composer();
    bot.choice("a", () => undefined);
    assert.throws(() => bot.choice("a", () => undefined), /there are two choices called "a"/);
    await using bed = await testbed(
      menuBot((bot) => {
        const never = bot.choice("never", () => undefined);
        bot.hears("none", (ctx) => never.ask(ctx, "?", []));
        bot.hears("late", (ctx) => never.ask(ctx, "?", ["a"], { timeout: Number.POSITIVE_INFINITY }));
      }),
    );
    await assert.rejects(bed.alice.says("none"), /nothing to choose from/);
    await assert.rejects(bed.alice.says("late"), /the timeout is Infinity/);
  });
});

describe("the questions of a dialog", () => {
  it("have buttons where the client has such", async () => {
    await using bed = await testbed(
      menuBot((bot) => {
        const dialog = bot.dialog("order", async (d) => {
          const size = await d.choose("Which?", { s: "Small", l: "Large" });
          return (await d.confirm("Sure?")) ? size : "Nothing.";
        });
        bot.hears("order", (ctx) => dialog.start(ctx));
      }),
    );
    const { alice } = bed;
    alice.has(NS_QUICK_RESPONSE);
    const which = await alice.says("order");
    assert.deepEqual(buttonsOf(which.last), ["Small", "Large"]);
    const sure = await alice.reacts(which, "2️⃣");
    assert.deepEqual(buttonsOf(sure.last), ["yes", "no"]);
    (await alice.says("yes")).expect("l");
  });

  for (const named of ["first", "second"] as const)
    it(`take a reaction to the ${named} message where the command that has asked was edited`, async () => {
      await using bed = await testbed(
        menuBot((bot) => {
          const dialog = bot.dialog(
            "order",
            async (d) => await d.choose("Which?", { s: "Small", l: "Large" }),
          );
          bot.command({ name: "order", summary: "orders", run: (ctx) => dialog.start(ctx) });
        }),
      );
      const { alice } = bed;
      const first = await alice.says("!ordre");
      const second = await alice.edits(first, "!order");
      assert.equal(second.last.corrects, first.last.id);
      (await alice.reacts({ first, second }[named].last, "2️⃣")).expect("l");
    });
});
