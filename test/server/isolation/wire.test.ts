import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SetupError } from "../../../src/bot/index.ts";
import { BounceError, RestError } from "../../../src/outbound/index.ts";
import { Channel, type Procedures } from "../../../src/server/isolation/channel.ts";
import { remoteStore, storeProcedures } from "../../../src/server/isolation/remote-store.ts";
import { remoteSender, senderProcedures } from "../../../src/server/isolation/wire.ts";
import { el, Iq, iq, Jid, JidError, message, StanzaError, writeXml } from "../../../src/stanza/index.ts";
import {
  ConflictError,
  MemoryStore,
  StoreClosedError,
  StoreError,
  StoreFullError,
} from "../../../src/store/index.ts";
import { RecordingSender } from "../../dispatch/support.ts";

/** Two ends of a channel; what goes over is cloned, as between processes. */
function channels(procedures: Procedures): { readonly far: Channel; readonly near: Channel } {
  const near: Channel = new Channel((sent) => far.receive(structuredClone(sent)), procedures);
  const far: Channel = new Channel((sent) => near.receive(structuredClone(sent)), {});
  return { far, near };
}

async function thrownOver(error: unknown): Promise<Error> {
  const { far } = channels({
    fail: () => {
      throw error;
    },
  });
  return await far.call("fail").then(
    () => assert.fail("it did not fail"),
    (reason: Error) => reason,
  );
}

describe("what is called in another process", () => {
  it("answers each call, in whatever order they come to an end", async () => {
    const gates = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    const { far } = channels({ wait: (index: number) => gates[index]?.promise });
    const [one, two] = [far.call("wait", 0), far.call("wait", 1)];
    gates[1]?.resolve("two");
    assert.equal(await two, "two");
    gates[0]?.resolve("one");
    assert.equal(await one, "one");
  });

  it("fails with the reason when the process ends, also what is called afterwards", async () => {
    const { far } = channels({ wait: () => new Promise(() => undefined) });
    const waiting = far.call("wait");
    far.end(new Error("gone"));
    await assert.rejects(waiting, /gone/);
    await assert.rejects(far.call("wait"), /gone/);
    const { far: other } = channels({});
    await assert.rejects(other.call("fly"), /cannot fly/);
  });

  it("is not disturbed by what is no call and no answer, and has nothing but what it was given", async () => {
    const { far, near } = channels({ double: (number: number) => 2 * number });
    const strange: unknown[] = [undefined, null, "ready", 1, true, [], {}, { call: 1 }, { done: "1" }];
    strange.push({ call: "double", number: 1 }, { call: "double", number: 1, args: "no" }, { failed: 99 });
    for (const each of strange) {
      near.receive(each);
      far.receive(each);
    }
    assert.equal(await far.call("double", 4), 8);
    for (const inherited of ["constructor", "toString", "__proto__"])
      await assert.rejects(far.call(inherited), new RegExp(`cannot ${inherited}`));
    const sent: unknown[] = [];
    const alone = new Channel((message) => void sent.push(message), {});
    const failing = alone.call("double", 4);
    alone.receive({ failed: 1, error: null });
    await assert.rejects(failing, /makes no sense/);
  });

  it("throws errors that handlers know by their class", async () => {
    const stanzaError = new StanzaError("forbidden", {
      text: "not you",
      lang: "en",
      by: "rooms.example",
      application: el("closed-node", { xmlns: "http://jabber.org/protocol/pubsub#errors" }),
      received: true,
    });
    const told = await thrownOver(stanzaError);
    assert.ok(told instanceof StanzaError && !(told instanceof BounceError));
    assert.equal(writeXml(told.toElement()), writeXml(stanzaError.toElement()));
    assert.deepEqual(
      [told.received, told.message, told.stack],
      [true, stanzaError.message, stanzaError.stack],
    );
    assert.equal(((await thrownOver(new StanzaError("conflict"))) as StanzaError).received, false);

    const bounced = message({ type: "error", from: "a@b", to: "c@d" }, new StanzaError("gone").toElement());
    const bounce = await thrownOver(new BounceError(bounced));
    assert.ok(bounce instanceof BounceError);
    assert.deepEqual(
      [bounce.condition, writeXml(bounce.stanza.element)],
      ["gone", writeXml(bounced.element)],
    );

    const conflict = await thrownOver(new ConflictError(2, "it has another version"));
    assert.ok(conflict instanceof ConflictError);
    assert.deepEqual([conflict.index, conflict.problem], [2, "it has another version"]);
    assert.ok((await thrownOver(new StoreClosedError())) instanceof StoreClosedError);
    const full = await thrownOver(new StoreFullError("no room"));
    assert.ok(full instanceof StoreError);
    assert.deepEqual([full.name, full.message], ["StoreFullError", "no room"]);

    const rest = await thrownOver(
      new RestError("away", { kind: "unavailable", retryable: true, maybeDelivered: false }),
    );
    assert.ok(rest instanceof RestError);
    assert.deepEqual([rest.kind, rest.retryable], ["unavailable", true]);
    const jid = await thrownOver(new JidError("no JID"));
    assert.ok(jid instanceof JidError);
    assert.equal(jid.message, "no JID");
    const setup = await thrownOver(new SetupError("away", { cause: new StanzaError("gone") }));
    assert.ok(setup instanceof SetupError && setup.cause instanceof StanzaError);
    const other = await thrownOver(new RangeError("too far"));
    assert.deepEqual([other.name, other.message], ["RangeError", "too far"]);
    assert.equal((await thrownOver("a word")).message, "a word");
  });

  it("sends and asks as the sender of the other process does", async () => {
    const sender = new RecordingSender();
    const { far } = channels(senderProcedures("outbox", sender));
    const remote = remoteSender("outbox", far);
    assert.deepEqual(await remote.send(message({ to: "a@b", id: "1", body: "hi" }), { once: "once" }), {
      id: "1",
    });
    assert.deepEqual([sender.words, sender.names], [["hi"], ["once"]]);
    const answer = await remote.iq(iq({ type: "get", to: "a@b", id: "q" }, el("x", { xmlns: "urn:x" })));
    assert.ok(answer instanceof Iq && answer.type === "result");
    const nameless = iq({ type: "get", to: "a@b" }, el("x", { xmlns: "urn:x" }));
    assert.equal((await remote.iq(nameless)).type, "result");
    sender.onIq = () => new Promise(() => undefined);
    const giveUp = new AbortController();
    const asked = remote.iq(iq({ type: "get", to: "a@b" }, el("x", { xmlns: "urn:x" })), {
      signal: giveUp.signal,
    });
    giveUp.abort(new Error("too late"));
    await assert.rejects(asked, /too late/);
    await assert.rejects(remote.iq(answer, { signal: giveUp.signal }), /too late/);
  });

  it("sees of the inbox what is its own, page by page, and tells what it has written", async () => {
    const store = new MemoryStore();
    const written: number[] = [];
    const bot = Jid.parse("wild@bots.example").toString();
    const { far } = channels(storeProcedures(store, bot, (writes) => void written.push(writes.length)));
    const remote = remoteStore(far);
    for (let index = 0; index < 10; index += 1) {
      const payload = { bot: index % 3 === 0 ? bot : "echo@bots.example", xml: "" };
      await remote.commit([{ enqueue: { queue: "inbox", id: `${index}`, key: `${index}`, payload } }]);
    }
    assert.equal(written.length, 10);
    const seen: string[] = [];
    for (let after: number | undefined; ; ) {
      const page = await remote.entries("inbox", { limit: 2, ...(after !== undefined && { after }) });
      seen.push(...page.map(({ id }) => id));
      after = page.at(-1)?.sequence;
      if (page.length < 2) break;
    }
    assert.deepEqual(seen, ["0", "3", "6", "9"]);
    await assert.rejects(
      remote.commit([{ put: { collection: "a", key: "b", value: 1, ifVersion: 7 } }]),
      ConflictError,
    );
  });
});
