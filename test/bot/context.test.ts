import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Context } from "../../src/bot/index.ts";
import { el, Jid, StanzaError } from "../../src/stanza/index.ts";
import { chat, only, QUESTION, stanza, xml } from "../dispatch/support.ts";

/** What a handler gets. */
async function context(of = chat("hello")): Promise<Context> {
  let seen: Context | undefined;
  await only((ctx) => {
    seen = ctx;
  }).dispatcher.dispatch(of);
  assert.ok(seen);
  return seen;
}

describe("Context", () => {
  it("tells what came, from whom, to whom, and which bot has it", async () => {
    const ctx = await context();
    assert.equal(String(ctx.from), "juliet@example.com/balcony");
    assert.equal(String(ctx.to), "echo@bots.example");
    assert.equal(ctx.bot.name, "echo");
    assert.equal(ctx.log, ctx.bot.log);
    assert.deepEqual(
      [ctx.body, ctx.subject, ctx.payload, ctx.inRoom],
      ["hello", undefined, undefined, false],
    );
    const asked = await context(QUESTION);
    assert.deepEqual([asked.body, asked.subject], [undefined, undefined]);
    assert.equal(asked.payload?.ns, "urn:example");
    const topic = await context(
      stanza(
        "<message type='groupchat' from='room@rooms.example/nurse' to='echo@bots.example'><subject>herbs</subject></message>",
      ),
    );
    assert.deepEqual([topic.subject, topic.inRoom], ["herbs", true]);
  });

  it("speaks with the language of the stanza where there are several", async () => {
    const bodies = "<body xml:lang='de'>Hallo</body><body xml:lang='fr'>Bonjour</body>";
    const of = (lang: string): Promise<Context> =>
      context(
        stanza(`<message from='juliet@example.com' to='echo@bots.example' ${lang}>${bodies}</message>`),
      );
    assert.equal((await of("xml:lang='fr'")).body, "Bonjour");
    assert.equal((await of("")).body, "Hallo");
  });

  it("asks from the bot's own address", async () => {
    const { dispatcher, sender } = only(async (ctx) => {
      const answer = await ctx.iq("db.example", "get", el("q", { xmlns: "urn:example" }));
      return answer.type;
    });
    const outcome = await dispatcher.dispatch(chat("hello"));
    assert.ok(
      outcome.kind === "reply" && outcome.stanza.kind === "message" && outcome.stanza.body === "result",
    );
    assert.deepEqual(sender.asked.map(xml), [
      '<iq type="get" to="db.example" from="echo@bots.example"><q xmlns="urn:example"/></iq>',
    ]);
  });

  it("hands errors of those it asks to the handler", async () => {
    const { dispatcher, sender } = only(async (ctx) => {
      try {
        await ctx.iq(ctx.from, "get", el("q", { xmlns: "urn:example" }));
        return "no error";
      } catch (error) {
        return (error as StanzaError).condition;
      }
    });
    sender.onIq = () => {
      throw new StanzaError("service-unavailable", { received: true });
    };
    const outcome = await dispatcher.dispatch(chat("hello"));
    assert.ok(outcome.kind === "reply" && outcome.stanza.kind === "message");
    assert.equal(outcome.stanza.body, "service-unavailable");
  });

  it("stops what it sends to others, and not what it says here, when the handler's time is over", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const signals: (AbortSignal | undefined)[] = [];
    const gate = Promise.withResolvers<void>();
    const { dispatcher, bot } = only(
      async (ctx) => {
        void ctx.send("romeo@example.com", "to another");
        void ctx.send(ctx.from.bare, "here");
        await gate.promise;
      },
      { timeout: 1_000 },
    );
    const { sender } = bot("echo");
    const send = sender.send.bind(sender);
    sender.send = async (each, options) => {
      signals.push(options?.signal);
      return await send(each);
    };
    void dispatcher.dispatch(chat("hello"));
    t.mock.timers.tick(1_000);
    await dispatcher.idle();
    gate.resolve();
    assert.deepEqual(
      signals.map((signal) => signal?.aborted),
      [true, undefined, undefined],
    );
  });

  it("sends words to everybody in a room that the bot is in", async () => {
    const { dispatcher, sender, bot } = only(async (ctx) => {
      await ctx.send("room@rooms.example", "all");
      await ctx.send("other@rooms.example", "a stranger's room");
    });
    await bot("echo").rooms.join(Jid.parse("room@rooms.example"));
    await dispatcher.dispatch(chat("hello"));
    assert.deepEqual(
      sender.sent.slice(1).map((each) => each.element.attr("type")),
      ["groupchat", "chat"],
    );
  });
});
