import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import type { Context, StreamOptions } from "../../../src/bot/index.ts";
import { firstIdOf } from "../../../src/bot/messages/correction-id.ts";
import { TIMEOUT_APOLOGY } from "../../../src/dispatch/index.ts";
import { el, Iq, type Message, type Stanza } from "../../../src/stanza/index.ts";
import { MemoryStore } from "../../../src/store/index.ts";
import { readCorrection } from "../../../src/xep/index.ts";
import {
  ACTIVE,
  chat,
  only,
  RecordingSender,
  stanza,
  turns,
  type World,
  words,
} from "../../dispatch/support.ts";

/** A text that the test says piece by piece. */
class Pieces implements AsyncIterable<string> {
  readonly #pieces: (string | Error | undefined)[] = [];
  #wake = Promise.withResolvers<void>();
  returned = false;

  async say(...pieces: (string | Error | undefined)[]): Promise<void> {
    this.#pieces.push(...pieces);
    this.#wake.resolve();
    for (let turn = 0; turn < 5; turn += 1) await turns();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    try {
      for (;;) {
        while (this.#pieces.length === 0) {
          await this.#wake.promise;
          this.#wake = Promise.withResolvers();
        }
        const piece = this.#pieces.shift();
        if (piece === undefined) return;
        if (piece instanceof Error) throw piece;
        yield piece;
      }
    } finally {
      this.returned = true;
    }
  }
}

const FEATURES =
  (...features: string[]): RecordingSender["onIq"] =>
  (request) =>
    new Iq(
      request.element.withAttrs({ type: "result" }).withChildren(
        el(
          "query",
          { xmlns: "http://jabber.org/protocol/disco#info" },
          features.map((feature) => el("feature", { var: feature })),
        ),
      ),
    );

function streaming(pieces: Pieces, options?: StreamOptions): (ctx: Context) => Promise<void> {
  return async (ctx) => {
    await ctx.stream(pieces, options);
  };
}

async function settled({ dispatcher }: World): Promise<void> {
  await dispatcher.idle();
  await turns();
}

/** What a client shows that knows corrections, of what was sent. */
function shown(sent: readonly Stanza[]): string[] {
  const messages = new Map<string, string>();
  for (const each of sent) {
    if (each.kind !== "message" || each.body === undefined) continue;
    messages.set(readCorrection(each) ?? each.id ?? assert.fail("a message has no id"), each.body);
  }
  return [...messages.values()];
}

function clocked(t: TestContext): (milliseconds: number) => Promise<void> {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  return async (milliseconds) => {
    t.mock.timers.tick(milliseconds);
    for (let turn = 0; turn < 5; turn += 1) await turns();
  };
}

const GROUPCHAT = stanza(
  "<message type='groupchat' id='g' from='hall@rooms.example/Juliet' to='echo@bots.example'><body>go</body></message>",
);

describe("ctx.stream", () => {
  it("says the first words at once, then corrects them in its time, and the last time with all of them", async (t) => {
    const pass = clocked(t);
    const pieces = new Pieces();
    const at = only(streaming(pieces));
    at.sender.onIq = FEATURES("urn:xmpp:message-correct:0");
    const outcome = at.dispatcher.dispatch(chat("go"));
    await pieces.say("To");
    assert.deepEqual(at.sender.words, ["To"]);
    await pieces.say(" be", " or");
    assert.deepEqual(at.sender.words, ["To"], "not before the interval is over");
    await pass(1_499);
    assert.deepEqual(at.sender.words, ["To"]);
    await pass(1);
    assert.deepEqual(at.sender.words, ["To", "To be or"]);
    await pass(5_000);
    assert.equal(at.sender.sent.length, 2, "where there is nothing new, nothing is sent");
    await pieces.say(" not", undefined);
    await settled(at);
    assert.deepEqual(at.sender.words, ["To", "To be or", "To be or not"]);
    assert.deepEqual(shown(at.sender.sent), ["To be or not"]);
    const [first, ...corrections] = at.sender.sent.map(({ id = "" }) => id);
    assert.deepEqual(corrections.map(firstIdOf), [first, first]);
    assert.equal(new Set(corrections).size, 2);
    assert.deepEqual(await outcome, { kind: "accepted" });
    assert.equal(at.sender.asked.length, 1);
    assert.equal(String(at.sender.asked[0]?.to), "juliet@example.com/balcony");
  });

  it("says it once where the client does not show corrections, or will not tell, and asks no client twice", async (t) => {
    const pass = clocked(t);
    const says = async (at: World): Promise<void> => {
      const pieces = new Pieces();
      replies.pieces = pieces;
      const outcome = at.dispatcher.dispatch(chat("go"));
      await pieces.say("To", " be");
      await pass(5_000);
      await pieces.say(".", undefined);
      await settled(at);
      await outcome;
    };
    const replies = { pieces: new Pieces() };
    const at = only(async (ctx) => void (await ctx.stream(replies.pieces)));
    at.sender.onIq = FEATURES("urn:xmpp:ping");
    await says(at);
    await says(at);
    assert.deepEqual(at.sender.words, ["To be.", "To be."]);
    assert.equal(at.sender.asked.length, 1);
    const mute = only(async (ctx) => void (await ctx.stream(replies.pieces)));
    mute.sender.onIq = () => new Promise(() => undefined);
    await says(mute);
    assert.deepEqual(mute.sender.words, ["To be."]);
  });

  it("says it once to a whole room, and corrects there only when told so", async (t) => {
    const pass = clocked(t);
    for (const corrections of [undefined, "always"] as const) {
      const pieces = new Pieces();
      const at = only(streaming(pieces, corrections && { corrections }));
      const outcome = at.dispatcher.dispatch(GROUPCHAT);
      await pieces.say("To");
      await pass(2_000);
      await pieces.say(" be", undefined);
      await settled(at);
      await outcome;
      assert.deepEqual(at.sender.words, corrections ? ["To", "To be"] : ["To be"]);
      assert.deepEqual(shown(at.sender.sent), ["To be"]);
      for (const sent of at.sender.sent as Message[]) {
        assert.equal(sent.type, "groupchat");
        assert.equal(String(sent.to), "hall@rooms.example");
      }
      assert.deepEqual(at.sender.asked, []);
    }
  });

  it("goes by POST also while the callback is open, and keeps its place among the replies", async () => {
    const at = only(async (ctx) => {
      await ctx.reply("first");
      const pieces = new Pieces();
      void pieces.say("sec", "ond", undefined);
      const { text } = await ctx.stream(pieces, { corrections: "never" });
      return `${text} was said`;
    });
    const outcome = await at.dispatcher.dispatch(chat("go"));
    assert.deepEqual(at.sender.words, ["first", "second"]);
    assert.ok(outcome.kind === "reply" && words(outcome.stanza) === "second was said");
  });

  it("ends politely with what was there when the text breaks off, in the person's language", async () => {
    for (const lang of ["en", "de-AT"]) {
      const pieces = new Pieces();
      const errors: unknown[] = [];
      const at = only(async (ctx) => {
        errors.push((await ctx.stream(pieces, { corrections: "always" })).error);
      });
      const outcome = at.dispatcher.dispatch(chat("go", `xml:lang='${lang}'`));
      await pieces.say("To be", new Error("the model is gone: key sk-123"));
      await outcome;
      const [said, ...others] = shown(at.sender.sent);
      assert.match(
        said ?? "",
        lang === "en" ? /^To be …\n\nSorry, I could not/ : /^To be …\n\nEntschuldigung, ich kam/,
      );
      assert.doesNotMatch(said ?? "", /sk-123/);
      assert.deepEqual(others, []);
      assert.ok(errors[0] instanceof Error);
    }
  });

  it("throws what the text has thrown where there was no word of it", async () => {
    const pieces = new Pieces();
    const at = only(async (ctx) => {
      await assert.rejects(ctx.stream(pieces), /no model/);
      return "no model today";
    });
    const outcome = at.dispatcher.dispatch(chat("go"));
    await pieces.say(new Error("no model"));
    const { kind, stanza: answer } = (await outcome) as { kind: string; stanza: Stanza };
    assert.deepEqual([kind, words(answer)], ["reply", "no model today"]);
  });

  it("stops reading when the bot's time is over, and says nothing after the apology", async (t) => {
    const pass = clocked(t);
    const pieces = new Pieces();
    const at = only(streaming(pieces, { corrections: "always" }), { timeout: 3_000 });
    const outcome = at.dispatcher.dispatch(chat("go"));
    await pieces.say("To");
    await pass(3_000);
    await pieces.say(" be");
    await pass(5_000);
    await settled(at);
    assert.deepEqual(at.sender.words, ["To", TIMEOUT_APOLOGY]);
    assert.equal(pieces.returned, true);
    await outcome;
  });

  it("is not said twice by a run after a crash, and gets to its end there", async (t) => {
    const pass = clocked(t);
    const store = new MemoryStore();
    const sender = new OnceSender();
    const options = { store, senders: () => sender } as const;
    const first = new Pieces();
    const ended = only(streaming(first, { corrections: "always" }), options);
    const outcome = ended.dispatcher.dispatch(chat("go"), { id: "callback-1" });
    await pass(500);
    assert.deepEqual(await outcome, { kind: "accepted" });
    await first.say("To");
    await pass(1_500);
    await first.say(" be");
    assert.deepEqual(sender.words, ["To", "To be"]);

    const second = new Pieces();
    const next = only(streaming(second, { corrections: "always" }), options);
    await next.dispatcher.recover();
    await second.say("Perhaps");
    await second.say(", or");
    await pass(2_000);
    assert.deepEqual(sender.words, ["To", "To be"], "what an earlier run has said is not taken back");
    await second.say(" not", undefined);
    await settled(next);
    assert.deepEqual(sender.words, ["To", "To be", "Perhaps, or not"]);
    assert.deepEqual(shown(sender.sent), ["Perhaps, or not"]);
  });

  it("continues in further messages what is too long for one", async () => {
    const pieces = new Pieces();
    const at = only(streaming(pieces, { corrections: "always" }));
    const outcome = at.dispatcher.dispatch(chat("go"));
    await pieces.say("word ".repeat(2_500), undefined);
    const answer = await outcome;
    const said = shown([...at.sender.sent, ...(answer.kind === "reply" ? [answer.stanza] : [])]);
    assert.equal(said.length, 2);
    assert.equal(said.join(" ").trim(), "word ".repeat(2_500).trim());
  });

  it("ends a text that has no end", async () => {
    const at = only(async (ctx) => {
      const endless = async function* (): AsyncGenerator<string> {
        for (;;) yield "x".repeat(1_000);
      };
      assert.equal((await ctx.stream(endless(), { corrections: "never" })).text.length, 66_000);
    });
    const outcome = await at.dispatcher.dispatch(chat("go"));
    assert.equal(outcome.kind, "reply");
    assert.ok(at.sender.sent.length <= 10);
  });

  it("shows that more is coming while nothing new does", async (t) => {
    const pass = clocked(t);
    const pieces = new Pieces();
    const at = only(streaming(pieces, { corrections: "always" }));
    const outcome = at.dispatcher.dispatch(chat("go", "", ACTIVE));
    await pass(500);
    await pieces.say("To");
    await pass(3_000);
    assert.deepEqual(at.sender.words, ["<composing/>", "To", "<composing/>"]);
    await pieces.say(" be", undefined);
    await settled(at);
    assert.deepEqual(at.sender.words, ["<composing/>", "To", "<composing/>", "To be", "<active/>"]);
    await pass(60_000);
    assert.equal(at.sender.words.at(-1), "<active/>");
    await outcome;
  });
});

/** Sends nothing twice under one name, as the outbox. */
class OnceSender extends RecordingSender {
  override async send(
    what: Parameters<RecordingSender["send"]>[0],
    options: Parameters<RecordingSender["send"]>[1] = {},
  ): Promise<{ readonly id: string; readonly repeated?: true }> {
    if (options.once !== undefined && this.names.includes(options.once))
      return { id: what.id ?? "", repeated: true };
    return await super.send(what, options);
  }
}
