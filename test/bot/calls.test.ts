import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callsOf } from "../../src/bot/calls.ts";
import type { Sender } from "../../src/bot/index.ts";
import type { IqOptions } from "../../src/outbound/index.ts";
import { el, type Iq, iq, Jid } from "../../src/stanza/index.ts";

const jid = Jid.parse("echo@bots.example");

/** A sender that answers with what the test says, and knows what it was given. */
function recording(answer: (request: Iq) => Iq = (request) => iq({ type: "result", id: request.id })) {
  const given: { readonly request: Iq; readonly options: IqOptions | undefined }[] = [];
  const sender: Sender = {
    send: () => Promise.reject(new Error("nothing is sent")),
    iq: async (request, options) => {
      given.push({ request, options });
      return answer(request);
    },
  };
  return { sender, given };
}

const version = (request: Iq) =>
  iq({ type: "result", id: request.id }, el("query", { xmlns: "jabber:iq:version" }, el("name", {}, "Echo")));

describe("what a bot asks others", () => {
  it("is asked from its own address, whichever one names", async () => {
    const { sender, given } = recording(version);
    const calls = callsOf({ jid, sender });
    assert.equal((await calls.version("example.com")).name, "Echo");
    await calls.version("example.com", { from: "other@bots.example", timeout: 5_000 });
    assert.deepEqual(
      given.map(({ request }) => String(request.from)),
      ["echo@bots.example", "echo@bots.example"],
    );
    assert.equal(given[1]?.options?.timeout, 5_000);
  });

  it("subscribes the bot, where nobody else is named", async () => {
    const { sender, given } = recording();
    await callsOf({ jid, sender }).pubsub("pubsub.example").node("news").subscribe();
    const subscribe = given[0]?.request.payload?.child("subscribe");
    assert.equal(subscribe?.attr("jid"), "echo@bots.example");
  });

  it("ends with the bot's time, and with a signal of one's own", async () => {
    const { sender, given } = recording(version);
    const time = new AbortController();
    const own = new AbortController();
    const calls = callsOf({ jid, sender }, time.signal);
    await calls.version("example.com");
    await calls.version("example.com", { signal: own.signal });
    await callsOf({ jid, sender }).version("example.com", { signal: own.signal });
    await callsOf({ jid, sender }).version("example.com");
    const signals = given.map(({ options }) => options?.signal);
    assert.deepEqual([signals[0], signals[2], signals[3]], [time.signal, own.signal, undefined]);
    const aborted = () => signals.map((signal) => signal?.aborted);
    own.abort();
    assert.deepEqual(aborted(), [false, true, true, undefined]);
    time.abort();
    assert.deepEqual(aborted(), [true, true, true, undefined]);
  });

  it("is not an archive where no messages come with an answer: an empty one would be a lie", async () => {
    const { sender, given } = recording();
    await assert.rejects(
      callsOf({ jid, sender }).archive("room@rooms.example"),
      /archives cannot be read here/,
    );
    assert.equal(given.length, 0);
  });
});
