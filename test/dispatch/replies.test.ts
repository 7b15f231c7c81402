import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ReplyError } from "../../src/bot/index.ts";
import { APOLOGY } from "../../src/dispatch/index.ts";
import { el, message, presence, StanzaError } from "../../src/stanza/index.ts";
import { buildChatState } from "../../src/xep/index.ts";
import { ACTIVE, chat, ERROR, only, stanza, turns, WARN, words, world, xml } from "./support.ts";

describe("replies", () => {
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): void => void unhandled.push(reason);
  before(() => process.on("unhandledRejection", listener));
  after(async () => {
    await turns();
    process.off("unhandledRejection", listener);
    assert.deepEqual(unhandled, []);
  });

  it("of a handler that ends at once are known at once, and ride inline", () => {
    const { dispatcher, sender } = world({ echo: (bot) => bot.on("message:body", (ctx) => ctx.body) });
    const outcome = dispatcher.dispatch(chat("hello"));
    assert.ok(!(outcome instanceof Promise) && outcome.kind === "reply");
    assert.equal(
      xml(outcome.stanza),
      '<message to="juliet@example.com/balcony" from="echo@bots.example" type="chat"><body>hello</body></message>',
    );
    assert.deepEqual(sender.sent, []);
  });

  it("all go by POST where there is no time for them to ride, and only those to IQs do", async () => {
    const { dispatcher, sender } = world(
      {
        echo: (bot) => {
          bot.on("message:body", (ctx) => {
            if (ctx.body === "fail") throw new Error("no luck");
            return ctx.body;
          });
          bot.on("iq:get:urn:example:q", () => el("q", { xmlns: "urn:example:q" }));
        },
      },
      { deadline: 0 },
    );
    assert.deepEqual(await dispatcher.dispatch(chat("hello")), { kind: "silent" });
    assert.deepEqual(await dispatcher.dispatch(chat("fail")), { kind: "silent" });
    await turns();
    assert.deepEqual(sender.words, ["hello", APOLOGY]);
    const asked = await dispatcher.dispatch(
      stanza(
        "<iq type='get' id='1' from='juliet@example.com/b' to='echo@bots.example'><q xmlns='urn:example:q'/></iq>",
      ),
    );
    assert.equal(asked.kind, "reply");
    assert.equal(sender.sent.length, 2);
  });

  it("but the last go by POST before it rides inline", async () => {
    const { dispatcher, sender } = world({
      echo: (bot) =>
        bot.on("message:body", async (ctx) => {
          await ctx.reply("one");
          assert.deepEqual(sender.words, [], "held back, as it may be the last");
          await ctx.reply("two");
          assert.deepEqual(sender.words, ["one"], "gone when the next is accepted");
          return "three";
        }),
    });
    sender.onSend = turns;
    const outcome = await dispatcher.dispatch(chat("hello"));
    assert.ok(outcome.kind === "reply");
    assert.equal(words(outcome.stanza), "three");
    assert.deepEqual(sender.words, ["one", "two"]);
  });

  it("that nobody awaits keep their order, also from a handler that is no async function", async () => {
    const { dispatcher, sender } = world({
      echo: (bot) =>
        bot.on("message:body", (ctx) => {
          for (const word of ["one", "two", "three"]) void ctx.reply(word);
          return "four";
        }),
    });
    sender.onSend = async (sent) => {
      if (words(sent) === "one") for (let turn = 0; turn < 5; turn += 1) await turns();
    };
    const outcome = await dispatcher.dispatch(chat("hello"));
    assert.ok(outcome.kind === "reply");
    assert.deepEqual([...sender.words, words(outcome.stanza)], ["one", "two", "three", "four"]);
  });

  it("to somebody else go by POST, at their place in the order", async () => {
    const { dispatcher, sender } = world({
      echo: (bot) =>
        bot.on("message:body", async (ctx) => {
          await ctx.reply("one");
          await ctx.reply(message({ to: "romeo@example.com", body: "two" }));
          await ctx.send("juliet@example.com/orchard", "three");
          return "four";
        }),
    });
    const outcome = await dispatcher.dispatch(chat("hello"));
    assert.ok(outcome.kind === "reply");
    assert.equal(words(outcome.stanza), "four");
    assert.deepEqual(sender.words, ["one", "two", "three"]);
    assert.equal(
      xml(sender.sent[1] as never),
      '<message to="romeo@example.com" from="echo@bots.example" type="chat"><body>two</body></message>',
    );
  });

  it("past the deadline go by POST, the held one first; the callback is answered without them", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const gate = Promise.withResolvers<void>();
    const { dispatcher, sender } = world(
      {
        echo: (bot) =>
          bot.on("message:body", async (ctx) => {
            await ctx.reply("one");
            await gate.promise;
            await ctx.reply("two");
            return "three";
          }),
      },
      { deadline: 500 },
    );
    const outcome = dispatcher.dispatch(chat("hello"));
    t.mock.timers.tick(499);
    await turns();
    assert.deepEqual(sender.words, []);
    t.mock.timers.tick(1);
    assert.deepEqual(await outcome, { kind: "accepted" });
    assert.deepEqual(sender.words, ["one"]);
    gate.resolve();
    await dispatcher.idle();
    assert.deepEqual(sender.words, ["one", "two", "three"]);
  });

  it("show a person whose client wants it that the bot is typing, and that it has stopped", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    for (const reply of ["done", undefined]) {
      const gate = Promise.withResolvers<void>();
      const { dispatcher, sender } = world({
        echo: (bot) =>
          bot.on("message:body", async () => {
            await gate.promise;
            return reply;
          }),
      });
      void dispatcher.dispatch(chat("hello", "", ACTIVE));
      t.mock.timers.tick(500);
      await turns();
      assert.deepEqual(sender.words, ["<composing/>"]);
      gate.resolve();
      await dispatcher.idle();
      assert.equal(sender.sent.length, 2);
      const [, last] = sender.sent;
      assert.ok(last?.kind === "message" && last.body === reply);
      assert.ok(last.child("active", "http://jabber.org/protocol/chatstates"));
    }
  });

  it("come after the end of a typing that was shown for what waited before them", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const gates = { first: Promise.withResolvers<void>(), active: Promise.withResolvers<void>() };
    const { dispatcher, sender } = world({
      echo: (bot) => {
        bot.hears("first", () => gates.first.promise);
        bot.hears("second", () => undefined);
        bot.hears("third", () => "third");
      },
    });
    sender.onSend = (sent) => (words(sent) === "<active/>" ? gates.active.promise : undefined);
    void dispatcher.dispatch(chat("first"));
    void dispatcher.dispatch(chat("second", "", ACTIVE));
    void dispatcher.dispatch(chat("third"));
    t.mock.timers.tick(500);
    await turns();
    gates.first.resolve();
    await turns();
    assert.deepEqual(sender.words, ["<composing/>"]);
    gates.active.resolve();
    await dispatcher.idle();
    assert.deepEqual(sender.words, ["<composing/>", "<active/>", "third"]);
  });

  it("take a typing that the handler itself has shown back, where nothing follows", async () => {
    const { dispatcher, sender } = world({
      echo: (bot) =>
        bot.on("message:body", async (ctx) => {
          await ctx.reply(buildChatState("composing"));
          await ctx.send(ctx.from, message({ type: "chat" }, buildChatState("composing")));
        }),
    });
    await dispatcher.dispatch(chat("hello"));
    await dispatcher.idle();
    assert.deepEqual(sender.words, ["<composing/>", "<composing/>", "<active/>"]);
    const speaking = only(async (ctx) => {
      await ctx.send(ctx.from, message({ type: "chat" }, buildChatState("composing")));
      return "done";
    });
    assert.equal((await speaking.dispatcher.dispatch(chat("hello"))).kind, "reply");
    await speaking.dispatcher.idle();
    assert.deepEqual(speaking.sender.words, ["<composing/>"], "the words themselves tell that it is over");
  });

  it("show no typing where none is wanted, nor where the answer is there in time", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const gate = Promise.withResolvers<void>();
    const { dispatcher, sender } = world({ echo: (bot) => bot.on("message:body", () => gate.promise) });
    void dispatcher.dispatch(chat("slow"));
    t.mock.timers.tick(500);
    gate.resolve();
    await dispatcher.idle();
    const crashing = world({
      echo: (bot) =>
        bot.on("message:body", async () => {
          await turns();
          throw new Error("on purpose");
        }),
    });
    assert.deepEqual(await crashing.dispatcher.dispatch(chat("crash", "", ACTIVE)), {
      kind: "crash",
      again: false,
    });
    assert.deepEqual([...sender.words, ...crashing.sender.words], []);
  });

  it("that cannot be sent are logged, and nobody but their own maker is told", async () => {
    const caught: unknown[] = [];
    const { dispatcher, sender, log } = world({
      echo: (bot) =>
        bot.on("message:body", async (ctx) => {
          void ctx.reply("lost");
          const elsewhere = message({ to: "romeo@example.com", body: "lost too" });
          await ctx.reply(elsewhere).catch((error: unknown) => caught.push(error));
          void ctx.reply(elsewhere);
          return "kept";
        }),
    });
    const failure = new Error("Prosody is away");
    sender.onSend = () => {
      throw failure;
    };
    const outcome = await dispatcher.dispatch(chat("hello"));
    assert.ok(outcome.kind === "reply");
    assert.equal(words(outcome.stanza), "kept");
    assert.deepEqual(caught, [failure]);
    assert.deepEqual(
      log.map(({ level, msg }) => [level, msg]),
      Array(3).fill([ERROR, "a reply could not be sent"]),
    );
  });

  it("carry one chat state where the person's client wants them: their own, else that typing is over", async () => {
    const own = message({ type: "chat", body: "bye" }, buildChatState("gone"));
    for (const [reply, request, states] of [
      ["hello", chat("hello", "", ACTIVE), ["active"]],
      [own, chat("hello", "", ACTIVE), ["gone"]],
      ["hello", chat("hello"), []],
    ] as const) {
      const outcome = await only(() => reply).dispatcher.dispatch(request);
      assert.ok(outcome.kind === "reply");
      const found = outcome.stanza.element.elements.filter(({ ns }) => ns.endsWith("/chatstates"));
      assert.deepEqual(
        found.map(({ name }) => name),
        states,
      );
    }
  });

  it("survive that the typing cannot be shown", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const gate = Promise.withResolvers<void>();
    const { dispatcher, sender } = world({
      echo: (bot) =>
        bot.on("message:body", async () => {
          await gate.promise;
          return "done";
        }),
    });
    sender.onSend = (sent) => {
      if (words(sent) === "<composing/>") throw new Error("Prosody is away");
    };
    void dispatcher.dispatch(chat("hello", "", ACTIVE));
    t.mock.timers.tick(500);
    await turns();
    gate.resolve();
    await dispatcher.idle();
    assert.deepEqual(sender.words, ["done"]);
  });

  it("take no bounce of something else for the answer to the person", async () => {
    const { dispatcher, sender } = world({
      echo: (bot) =>
        bot.on("message:body", async (ctx) => {
          await ctx.send("romeo@example.com", "knock knock");
        }),
    });
    sender.onSend = () => {
      throw new StanzaError("service-unavailable", { received: true });
    };
    assert.deepEqual(await dispatcher.dispatch(chat("hello")), { kind: "crash", again: false });
  });

  it("that are made when the handler is through go by POST", async () => {
    const gate = Promise.withResolvers<void>();
    const { dispatcher, sender } = world({
      echo: (bot) =>
        bot.on("message:body", (ctx) => {
          void gate.promise.then(() => ctx.reply("later"));
          return "now";
        }),
    });
    const outcome = dispatcher.dispatch(chat("hello"));
    assert.ok(!(outcome instanceof Promise) && outcome.kind === "reply");
    gate.resolve();
    await turns();
    assert.deepEqual(sender.words, ["later"]);
  });

  it("without words are none", async () => {
    const { dispatcher, sender } = only(async (ctx) => {
      await ctx.reply("");
      await ctx.reply("words");
      return "";
    });
    const outcome = await dispatcher.dispatch(chat("hello"));
    assert.ok(outcome.kind === "reply");
    assert.equal(words(outcome.stanza), "words");
    assert.deepEqual(sender.sent, []);
  });

  it("to a presence go by POST, since inline they would pass the server of the contact by", async () => {
    const { dispatcher, sender } = world({
      echo: (bot) => {
        bot.on("presence:probe", () => presence({ status: "here" }));
        bot.on("presence:subscribe", () => presence({ type: "subscribed" }));
        bot.on("presence", () => "welcome");
      },
    });
    const at = "to='echo@bots.example'";
    for (const request of [
      `<presence from='juliet@example.com/balcony' ${at}/>`,
      `<presence from='room@rooms.example/nurse' ${at}><x xmlns='http://jabber.org/protocol/muc#user'/></presence>`,
      `<presence type='probe' from='juliet@example.com' ${at}/>`,
      `<presence type='subscribe' from='juliet@example.com' ${at}/>`,
    ]) {
      assert.deepEqual(await dispatcher.dispatch(stanza(request)), { kind: "silent" });
    }
    assert.deepEqual(
      sender.sent.map((sent) => `${sent.to} ${words(sent)}`),
      [
        "juliet@example.com/balcony welcome",
        "room@rooms.example/nurse welcome",
        "juliet@example.com <status/>",
        "juliet@example.com <subscribed/>",
      ],
    );
  });

  it("to another bot go by POST, errors and apologies too; an answer to its IQ goes inline", async () => {
    const { dispatcher, sender } = world({
      echo: (bot) => {
        bot.hears("crash", () => {
          throw new Error("on purpose");
        });
        bot.hears("refuse", () => {
          throw new StanzaError("not-acceptable");
        });
        bot.on("message:body", (ctx) => ctx.body);
        bot.on("iq:get", (ctx) => ctx.payload);
      },
      butler: () => undefined,
    });
    const from = "from='butler@bots.example' to='echo@bots.example'";
    const kinds: string[] = [];
    for (const body of ["hello", "refuse", "crash"]) {
      const request = stanza(`<message type='chat' id='${body}' ${from}><body>${body}</body></message>`);
      kinds.push((await dispatcher.dispatch(request)).kind);
    }
    assert.deepEqual(kinds, ["silent", "silent", "silent"]);
    assert.deepEqual(sender.words, ["hello", "!not-acceptable", APOLOGY]);
    const asked = stanza(`<iq type='get' id='i' ${from}><q xmlns='urn:q'/></iq>`);
    assert.equal((await dispatcher.dispatch(asked)).kind, "reply");
  });

  it("to everybody in a room ride inline to the room, those to one occupant to the occupant", async () => {
    const { dispatcher, sender } = world({
      echo: (bot) => {
        bot.hears("all", () => "hello all");
        bot.hears("you", () => message({ type: "chat", body: "hello you" }));
      },
    });
    const say = (body: string) =>
      dispatcher.dispatch(
        stanza(
          `<message type='groupchat' from='room@rooms.example/nurse' to='echo@bots.example'><body>${body}</body></message>`,
        ),
      );
    const [all, you] = [await say("all"), await say("you")];
    assert.ok(all.kind === "reply" && you.kind === "reply");
    assert.equal(
      xml(all.stanza),
      '<message to="room@rooms.example" from="echo@bots.example" type="groupchat"><body>hello all</body></message>',
    );
    assert.equal(
      xml(you.stanza),
      '<message type="chat" to="room@rooms.example/nurse" from="echo@bots.example"><body>hello you</body></message>',
    );
    assert.deepEqual(sender.sent, []);
  });

  it("to a stanza without an address go by POST from the bot", async () => {
    const { dispatcher, sender } = world(
      { people: (bot) => bot.on("message:body", (ctx) => ctx.body) },
      {
        domain: "example.com",
        catchAll: "people",
      },
    );
    const outcome = await dispatcher.dispatch(
      stanza("<message type='chat' from='juliet@example.com/balcony'><body>note</body></message>"),
    );
    assert.deepEqual(outcome, { kind: "silent" });
    assert.equal(
      xml(sender.sent[0] as never),
      '<message to="juliet@example.com/balcony" type="chat" from="people@example.com"><body>note</body></message>',
    );
  });

  it("to an IQ are one, and known at once although the handler goes on", async () => {
    const gate = Promise.withResolvers<void>();
    const errors: unknown[] = [];
    const { dispatcher, log } = world({
      echo: (bot) =>
        bot.on("iq:get:urn:example", async (ctx) => {
          await ctx.reply(el("answer", { xmlns: "urn:example" }));
          await ctx
            .reply(el("answer", { xmlns: "urn:example" }))
            .catch((error: unknown) => errors.push(error));
          await gate.promise;
          throw new Error("on purpose");
        }),
    });
    const outcome = await dispatcher.dispatch(
      stanza(
        "<iq type='get' id='q1' from='juliet@example.com/balcony' to='echo@bots.example'><question xmlns='urn:example'/></iq>",
      ),
    );
    assert.ok(outcome.kind === "reply");
    assert.equal(
      xml(outcome.stanza),
      '<iq type="result" id="q1" to="juliet@example.com/balcony" from="echo@bots.example"><answer xmlns="urn:example"/></iq>',
    );
    await turns();
    assert.ok(errors[0] instanceof ReplyError && /answered once/.test(errors[0].message));
    gate.resolve();
    await dispatcher.idle();
    assert.deepEqual(
      log.map(({ level, msg }) => [level, msg]),
      [
        [WARN, "a reply was refused"],
        [ERROR, "echo failed over a stanza"],
      ],
    );
  });
});
