import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decorate, Identity, presenting, profileOf, type Sender } from "../../src/bot/index.ts";
import { iq, Jid, message, PRESENCE_TYPES, type Presence, presence } from "../../src/stanza/index.ts";
import {
  buildVCardUpdate,
  readCapabilityHashes,
  readCaps,
  readNick,
  readVCardUpdate,
} from "../../src/xep/index.ts";
import { RecordingSender } from "../dispatch/support.ts";

const bot = { name: "echo", summary: "says it back", profile: { nick: "Echo" } };
const identity = new Identity(Jid.parse("echo@bots.example"), profileOf(bot), ["urn:a"]);

describe("a bot's own presence", () => {
  it("tells what it can do and which avatar it has, where it says that it is there", () => {
    const shown = decorate(presence({ show: "away", status: "Back at four" }), { identity });
    assert.deepEqual(readCaps(shown), identity.caps);
    assert.deepEqual(readVCardUpdate(shown), { photo: identity.profile.avatar?.id });
    assert.equal(readCapabilityHashes(shown).length, 1);
    assert.equal(readNick(shown), undefined);
    assert.deepEqual([shown.show, shown.status], ["away", "Back at four"]);
  });

  it("tells its nickname with what is about subscriptions alone (XEP-0172 §4.1)", () => {
    const told = PRESENCE_TYPES.filter(
      (type) => readNick(decorate(presence({ type }), { identity })) === "Echo",
    );
    assert.deepEqual(told, ["subscribe", "subscribed"]);
    for (const type of PRESENCE_TYPES) {
      const shown = decorate(presence({ type }), { identity });
      assert.equal(readCaps(shown) !== undefined, type === "available", type);
    }
  });

  it("keeps what is there already", () => {
    const own = decorate(presence({}, buildVCardUpdate({ photo: "" })), { identity });
    assert.deepEqual(readVCardUpdate(own), { photo: "" });
    assert.equal(decorate(own, { identity }), own);
  });

  it("changes with what the bot can do, and with its avatar", () => {
    const changing = new Identity(Jid.parse("echo@bots.example"), profileOf(bot));
    const at = (): Presence => decorate(presence(), { identity: changing });
    const before = readCaps(at())?.ver;
    assert.equal(changing.show(profileOf(bot), []), false);
    assert.equal(changing.show(profileOf(bot), ["urn:a"]), true);
    assert.notEqual(readCaps(at())?.ver, before);
    assert.equal(changing.show(profileOf(bot, { avatar: false }), ["urn:a"]), true);
    assert.deepEqual(readVCardUpdate(at()), { photo: "" });
  });

  it("cannot be told of what no hash can be made of", () => {
    const shown = profileOf(bot, { nick: "<Echo" });
    assert.throws(() => new Identity(Jid.parse("echo@bots.example"), shown), /<Echo .* has a "<" in it/);
  });

  it("leaves by a sender that sees to it, and nothing else is touched", async () => {
    const recording = new RecordingSender();
    const queued: unknown[] = [];
    const inner: Sender = {
      send: (stanza, options) => recording.send(stanza, options),
      enqueue: async (stanzas) => {
        queued.push(...stanzas);
        return stanzas.map(() => "id");
      },
      iq: (request) => recording.iq(request),
    };
    const sender = presenting(inner, { identity });
    const said = message({ body: "hello", to: "juliet@capulet.lit" });
    await sender.send(said, { once: "once" });
    await sender.send(presence());
    await sender.enqueue?.([presence(), said]);
    await sender.iq(iq({ type: "get", id: "1" }));
    assert.deepEqual(recording.names, ["once", undefined]);
    assert.equal(recording.sent[0], said);
    assert.ok(readCaps(recording.sent[1] as Presence));
    assert.ok(readCaps(queued[0] as Presence));
    assert.equal(queued[1], said);
    assert.equal(recording.asked.length, 1);
    assert.equal(presenting(recording, { identity }).enqueue, undefined);
  });
});
