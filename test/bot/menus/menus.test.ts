import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defineBot } from "../../../src/bot/index.ts";
import { el, message, StanzaError } from "../../../src/stanza/index.ts";
import { testbed } from "../../../src/testkit/index.ts";
import {
  buildCommandRequest,
  buildDataForm,
  buildDiscoInfoQuery,
  buildDiscoItemsQuery,
  buildSubmit,
  NS_COMMANDS,
  NS_DATA,
  readCommandAnswer,
  readDiscoInfo,
  readDiscoItems,
} from "../../../src/xep/index.ts";
import { menuBot, orders, refusal } from "./support.ts";

describe("the menu of a bot", () => {
  it("lists the commands that the person may run, and none that needs a room", async () => {
    await using bed = await testbed(orders);
    const menu = await bed.bob.menu();
    assert.deepEqual([...menu.keys()], ["order", "hello", "help", "why"]);
    assert.equal(menu.get("order"), "order: orders a pizza");
  });

  it("lists more for an admin", async () => {
    await using bed = await testbed(orders, { permissions: { groups: { admins: ["alice@localhost"] } } });
    assert.equal((await bed.alice.menu()).get("secret"), "secret: is for admins");
    assert.equal((await bed.bob.menu()).has("secret"), false);
  });

  it("is told of by service discovery (§2.2), and so is each command", async () => {
    await using bed = await testbed(orders);
    const { alice } = bed;
    const info = async (node?: string) => {
      const { payload } = await alice.asks(buildDiscoInfoQuery(node));
      return readDiscoInfo(payload ?? assert.fail());
    };
    assert.ok((await info()).features.has(NS_COMMANDS));
    assert.deepEqual(
      (await info(NS_COMMANDS)).identities.map(({ category, type }) => [category, type]),
      [["automation", "command-list"]],
    );
    const command = await info("order");
    assert.deepEqual(
      command.identities.map(({ category, type, name }) => [category, type, name]),
      [["automation", "command-node", "order: orders a pizza"]],
    );
    assert.deepEqual([...command.features], [NS_COMMANDS, NS_DATA]);
    assert.equal((await refusal(info("secret"))).condition, "forbidden");
    assert.equal((await refusal(info("nothing"))).condition, "item-not-found");
    const { payload } = await alice.asks(buildDiscoItemsQuery());
    assert.ok(readDiscoItems(payload ?? assert.fail()).some(({ node }) => node === NS_COMMANDS));
  });

  it("is empty where a bot has no commands, which then has no such feature", async () => {
    await using bed = await testbed(menuBot((bot) => void bot.hears("hi", () => "hello")));
    const { alice } = bed;
    assert.deepEqual([...(await alice.menu())], []);
    const { payload } = await alice.asks(buildDiscoInfoQuery());
    assert.equal(readDiscoInfo(payload ?? assert.fail()).features.has(NS_COMMANDS), false);
    assert.equal((await refusal(alice.runs("hi"))).condition, "service-unavailable");
  });
});

describe("a command in a menu", () => {
  it("without arguments runs at once, and its words are a note", async () => {
    await using bed = await testbed(orders);
    const step = await bed.alice.runs("hello");
    assert.equal(step.status, "completed");
    assert.deepEqual(step.notes, ["Hello!"]);
    await bed.alice.hearsNothing();
  });

  it("is refused to who may not run it, and item-not-found where there is none (§4.4)", async () => {
    await using bed = await testbed(orders);
    const { alice } = bed;
    const forbidden = await refusal(alice.runs("secret"));
    assert.deepEqual([forbidden.condition, forbidden.error.type], ["forbidden", "cancel"]);
    assert.equal(forbidden.error.text, "You may not use secret.");
    assert.equal((await refusal(alice.runs("nothing"))).condition, "item-not-found");
    assert.equal((await refusal(alice.runs("here"))).condition, "item-not-found");
  });

  it("says all that it says until it is through in notes, what streams too, and sends what is more than words", async () => {
    await using bed = await testbed(
      menuBot((bot) => {
        bot.command({
          name: "talk",
          summary: "talks",
          run: async (ctx) => {
            await ctx.reply("one");
            await ctx.stream(
              (async function* () {
                yield "two ";
                yield "three";
              })(),
            );
            await ctx.reply(
              message({ body: "a file" }, el("x", { xmlns: "jabber:x:oob" }, el("url", {}, "https://a/"))),
            );
            await ctx.send(ctx.from, "by the way");
            return "four";
          },
        });
        bot.command({ name: "nothing", summary: "says nothing", run: () => undefined });
        bot.command({
          name: "sends",
          summary: "sends",
          run: async (ctx) => void (await ctx.send(ctx.from, "there")),
        });
      }),
    );
    const { alice } = bed;
    assert.deepEqual((await alice.runs("talk")).notes, ["one", "two three", "four"]);
    await alice.hears("a file");
    await alice.hears("by the way");
    assert.deepEqual((await alice.runs("nothing")).notes, ["Done."]);
    assert.deepEqual((await alice.runs("sends")).notes, ["I have sent you the answer in a message."]);
  });

  it("shows the form that it answers with as a result", async () => {
    const table = buildDataForm({
      type: "result",
      reported: [{ var: "who", label: "Who" }],
      items: [[{ var: "who", values: ["Romeo"] }]],
    });
    await using bed = await testbed(
      menuBot((bot) =>
        bot.command({ name: "list", summary: "lists", run: () => message({ body: "Romeo" }, table) }),
      ),
    );
    const step = await bed.alice.runs("list");
    assert.deepEqual(step.notes, ["Romeo"]);
    assert.equal(step.form?.type, "result");
    assert.deepEqual(
      step.form?.items.map((item) => item[0]?.values),
      [["Romeo"]],
    );
    // Whoever says its name sees both, too.
    const said = await bed.alice.says("list");
    assert.equal(said.body, "Romeo");
    assert.ok(said.last.form);
  });

  it("keeps what it has set, and meets the plugins, filters and boundaries that it would meet if it was said", async () => {
    await using bed = await testbed(
      menuBot((bot) => {
        const inside = bot
          .on("message:body")
          .extend({ add: (ctx) => ({ name: ctx.from.local ?? "" }) })
          .boundary((error) => `It was ${(error as Error).message}.`);
        inside.command({
          name: "count",
          summary: "counts",
          run: async (ctx) => {
            const count = ((await ctx.storage.get<number>("count")) ?? 0) + 1;
            ctx.storage.set("count", count);
            return `${ctx.name} ${count}`;
          },
        });
        inside.command({
          name: "break",
          summary: "breaks",
          run: () => {
            throw new Error("mischief");
          },
        });
      }),
    );
    const { alice } = bed;
    assert.deepEqual((await alice.runs("count")).notes, ["alice 1"]);
    assert.equal((await alice.says("count")).body, "alice 2");
    await bed.restart();
    assert.deepEqual((await alice.runs("count")).notes, ["alice 3"]);
    assert.deepEqual((await alice.runs("break")).notes, ["It was mischief."]);
  });

  it("takes its turn in the conversation, so that what both it and a message change loses nothing", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    await using bed = await testbed(
      menuBot((bot) => {
        bot.command({
          name: "count",
          summary: "counts",
          run: async (ctx) => {
            const count = (await ctx.storage.get<number>("count")) ?? 0;
            if (count === 0) await promise;
            ctx.storage.set("count", count + 1);
            return String(count + 1);
          },
        });
      }),
    );
    const { alice } = bed;
    const said = alice.says("count");
    const chosen = alice.runs("count");
    resolve();
    (await said).expect("1");
    assert.deepEqual((await chosen).notes, ["2"]);
  });

  it("counts for the rate limits, also those inside the bot", async () => {
    const limited = defineBot({
      name: "clerk",
      summary: "does as it is told",
      rateLimit: { points: 5, duration: 60_000 },
      routes: (bot) =>
        void bot
          .limit({ points: 1, duration: 60_000, notice: "Once a minute." })
          .command({ name: "paint", summary: "paints", run: () => "a picture" }),
    });
    await using bed = await testbed(limited);
    const { alice } = bed;
    assert.deepEqual((await alice.runs("paint")).notes, ["a picture"]);
    assert.deepEqual((await alice.runs("paint")).notes, ["Once a minute."]);
    (await alice.says("paint")).expect();
    assert.equal((await refusal(alice.runs("paint"))).condition, "not-allowed");
    assert.equal((await refusal(alice.runs("paint"))).condition, "not-allowed");
    assert.equal((await refusal(alice.runs("paint"))).condition, "policy-violation");
    assert.equal((await alice.menu()).size > 0, true);
  });

  it("tells the error that it throws, and an error of its own where it fails", async () => {
    await using bed = await testbed(
      menuBot((bot) => {
        bot.command({
          name: "gone",
          summary: "is gone",
          run: () => {
            throw new StanzaError("gone", { text: "It is sold out." });
          },
        });
        bot.command({
          name: "crash",
          summary: "crashes",
          run: () => {
            throw new Error("a secret of the bot");
          },
        });
      }),
      { failures: "tell" },
    );
    const gone = await refusal(bed.alice.runs("gone"));
    assert.deepEqual([gone.condition, gone.error.text], ["gone", "It is sold out."]);
    const crash = await refusal(bed.alice.runs("crash"));
    assert.equal(crash.condition, "internal-server-error");
    assert.doesNotMatch(crash.error.text ?? "", /secret/);
  });

  it("that takes long is answered after ten seconds, and goes on in messages", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    await using bed = await testbed(
      menuBot((bot) =>
        bot.command({
          name: "bake",
          summary: "bakes",
          run: async (ctx) => {
            await ctx.reply("The oven is hot.");
            await promise;
            await ctx.reply("It smells good.");
            return "It is ready.";
          },
        }),
      ),
    );
    const { alice } = bed;
    const running = alice.runs("bake");
    await bed.clock.advance("10s");
    resolve();
    const step = await running;
    assert.equal(step.status, "completed");
    assert.deepEqual(step.notes, ["The oven is hot.", "This takes a while. I shall go on in a message."]);
    await alice.hears("It smells good.");
    await alice.hears("It is ready.");
  });
});

describe("the session of a command in a menu", () => {
  it("goes on after a restart", async () => {
    await using bed = await testbed(orders);
    const step = await bed.alice.runs("order");
    await bed.restart();
    assert.equal((await step.next({ kind: "funghi" })).status, "completed");
  });

  it("is called off, and over then (§2.4.3)", async () => {
    await using bed = await testbed(orders);
    const step = await bed.alice.runs("order");
    const end = await step.cancel();
    assert.deepEqual([end.status, end.answer.sessionId], ["canceled", step.answer.sessionId]);
    const late = await refusal(step.next({ kind: "funghi" }));
    assert.deepEqual([late.condition, late.reason], ["not-allowed", "session-expired"]);
  });

  it("is over when the command has run, and an hour after the last step", async () => {
    await using bed = await testbed(orders);
    const step = await bed.alice.runs("order");
    await step.next({ kind: "funghi" });
    assert.equal((await refusal(step.next({ kind: "funghi" }))).reason, "session-expired");
    const other = await bed.alice.runs("order");
    await bed.clock.advance("59m");
    const again = await other.next({ kind: "none" });
    await bed.clock.advance("59m");
    assert.equal((await again.next({ kind: "none" })).status, "executing");
    await bed.clock.advance("61m");
    assert.equal((await refusal(again.next({ kind: "funghi" }))).reason, "session-expired");
  });

  it("is of one resource, one command, and given out by the bot", async () => {
    await using bed = await testbed(orders);
    const { alice, bob } = bed;
    const { sessionId } = (await alice.runs("order")).answer;
    const take = (who: typeof alice, node: string, id: string | undefined) =>
      refusal(
        who.asks(buildCommandRequest({ node, sessionId: id, form: buildSubmit({ kind: "funghi" }) }), {
          type: "set",
        }),
      );
    assert.equal((await take(bob, "order", sessionId)).reason, "session-expired");
    assert.equal((await take(alice, "hello", sessionId)).reason, "bad-sessionid");
    assert.equal((await take(alice, "order", "made up by me")).reason, "bad-sessionid");
  });

  it("refuses an action that there is none of, and one that is not offered", async () => {
    await using bed = await testbed(orders);
    const step = await bed.alice.runs("order");
    const malformed = await refusal(
      bed.alice.asks(buildCommandRequest({ node: "order" }).withAttrs({ action: "dance" }), { type: "set" }),
    );
    assert.deepEqual([malformed.condition, malformed.reason], ["bad-request", "malformed-action"]);
    assert.equal((await refusal(step.prev())).reason, "bad-action");
    const begin = (action: "prev" | "cancel") =>
      refusal(bed.alice.asks(buildCommandRequest({ node: "order", action }), { type: "set" }));
    assert.equal((await begin("prev")).reason, "bad-action");
    assert.equal((await begin("cancel")).reason, "bad-sessionid");
  });

  it("need not begin with the form for who knows it (XEP-0004 §5.2)", async () => {
    await using bed = await testbed(orders);
    const form = buildSubmit({ kind: "margherita" });
    const { payload } = await bed.alice.asks(buildCommandRequest({ node: "order", form }), { type: "set" });
    const answer = readCommandAnswer(payload ?? assert.fail());
    assert.equal(answer.status, "completed");
    assert.match(answer.notes[0]?.text ?? "", /margherita/);
  });

  it("makes room for another where a person has eight", async () => {
    await using bed = await testbed(orders);
    const { alice } = bed;
    const steps = [];
    for (let count = 0; count < 9; count += 1) steps.push(await alice.runs("order"));
    const [first, second] = steps;
    assert.equal((await refusal(first?.next({ kind: "funghi" }) ?? assert.fail())).reason, "session-expired");
    assert.equal((await second?.next({ kind: "funghi" }))?.status, "completed");
  });
});
