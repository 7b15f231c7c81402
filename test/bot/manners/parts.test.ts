import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LONGEST_MESSAGE, sendOwn } from "../../../src/bot/index.ts";
import { el, type Message, message, type Stanza } from "../../../src/stanza/index.ts";
import { buildCorrection, readCorrection } from "../../../src/xep/index.ts";
import { chat, only, stanza, type WorldOptions } from "../../dispatch/support.ts";

/** All that is said to a message, in its order. */
async function answers(
  reply: string | Message,
  to: Stanza = chat("go"),
  options?: WorldOptions,
): Promise<Message[]> {
  const at = only(() => reply, options);
  const outcome = await at.dispatcher.dispatch(to);
  await at.dispatcher.idle();
  return [...at.sender.sent, ...(outcome.kind === "reply" ? [outcome.stanza] : [])] as Message[];
}

const LONG = "word ".repeat(4_000).trim();

describe("what is sent to anybody and too long for one message", () => {
  for (const to of ["juliet@example.com", "romeo@example.com"])
    it(`is several, in their order, with what is said beside it, to ${to}`, async () => {
      let id: string | undefined;
      const at = only(async (ctx) => {
        const sending = ctx.send(to, LONG);
        await ctx.reply("well");
        ({ id } = await sending);
      });
      await at.dispatcher.dispatch(chat("go"));
      await at.dispatcher.idle();
      const sent = at.sender.sent.filter((each) => String(each.to) === to) as Message[];
      assert.equal(sent.map(({ body }) => body).join(" "), LONG);
      assert.equal(sent.length, 3);
      assert.ok(id === "sent" || id === sent[0]?.id);
    });

  it("is sent once each by a bot of its own accord, under one name", async () => {
    const at = only(() => undefined);
    await sendOwn(at.bot("echo"), "romeo@example.com", LONG, { once: "story" });
    assert.equal((at.sender.sent as Message[]).map(({ body }) => body).join(" "), LONG);
    assert.deepEqual(
      at.sender.names,
      ["", " 1", " 2"].map((part) => `echo@bots.example story${part}`),
    );
  });
});

describe("a reply that is too long for one message", () => {
  it("is several, in their order, whether the callback is answered with one of them or not", async () => {
    for (const ack of ["inline", "durable"] as const) {
      const said = await answers(LONG, chat("go"), { ack });
      assert.equal(said.length, 3);
      assert.equal(said.map(({ body }) => body).join(" "), LONG);
      for (const { body = "", to, type } of said) {
        assert.ok(Buffer.byteLength(body) <= LONGEST_MESSAGE);
        assert.deepEqual([String(to), type], ["juliet@example.com/balcony", "chat"]);
      }
      assert.equal(new Set(said.map(({ id }) => id)).size, 3);
    }
  });

  it("goes to the room, and keeps its thread", async () => {
    const said = await answers(
      LONG,
      stanza(
        "<message type='groupchat' id='g' from='hall@rooms.example/Juliet' to='echo@bots.example'><body>go</body><thread>t</thread></message>",
      ),
    );
    assert.deepEqual(
      said.map(({ to, type, thread }) => [String(to), type, thread]),
      said.map(() => ["hall@rooms.example", "groupchat", "t"]),
    );
  });

  it("has all else in its first part, with its id", async () => {
    const [first, second] = await answers(
      message({ id: "mine", body: LONG }, buildCorrection("old"), el("extra", { xmlns: "urn:example" })),
    );
    assert.ok(first && second);
    assert.deepEqual([first.id, readCorrection(first)], ["mine", "old"]);
    assert.ok(first.child("extra", "urn:example"));
    assert.notEqual(second.id, "mine");
    assert.deepEqual(
      second.element.elements.map(({ name }) => name),
      ["body"],
    );
  });

  it("is left alone in several languages", async () => {
    const said = await answers(message({ body: { en: LONG, de: LONG } }));
    assert.equal(said.length, 1);
  });

  it("ends with a word about it where it would be too many", async () => {
    for (const [lang, note] of [
      ["en", /There is more/],
      ["de", /Es gibt noch mehr/],
    ] as const) {
      const said = await answers("word ".repeat(100_000), chat("go", `xml:lang='${lang}'`));
      assert.equal(said.length, 11);
      assert.match(said.at(-1)?.body ?? "", note);
    }
  });
});
