import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type BotHandle, Identity, Peers, profileOf } from "../../src/bot/index.ts";
import { PepNotifier } from "../../src/services/index.ts";
import { iq, Jid, type Message } from "../../src/stanza/index.ts";
import { buildDiscoInfo, readPubSubEvent } from "../../src/xep/index.ts";
import { RecordingSender, world } from "../dispatch/support.ts";

const BOT = Jid.parse("echo@bots.example");
const JULIET = Jid.parse("juliet@capulet.lit/balcony");
const NICK = "http://jabber.org/protocol/nick";
const METADATA = "urn:xmpp:avatar:metadata";

/** A bot that Juliet sees, or does not, and whose client wants this. */
function bot(subscription: "from" | "none", features: readonly string[]) {
  const sender = new RecordingSender();
  const handle = {
    jid: BOT,
    identity: new Identity(BOT, profileOf({ name: "echo", summary: "says it back" })),
    peers: new Peers(BOT, {
      ask: async (request) => iq({ type: "result", from: request.to }, buildDiscoInfo([], features)),
    }),
    contacts: { get: async () => ({ subscription }) } as unknown as BotHandle["contacts"],
    sender,
    log: world({ echo: () => undefined }).bot("echo").log,
  };
  const told = (): unknown[] =>
    sender.sent.map((stanza) => {
      const event = readPubSubEvent(stanza as Message);
      assert.equal((stanza as Message).type, "headline");
      assert.equal(stanza.to?.toString(), JULIET.toString());
      return event?.type === "items" && [event.node, event.items[0]?.id];
    });
  return { handle, told, sender };
}

describe("what a bot shows of itself", () => {
  it("is told to a contact's client that wants it, once, and again when it comes back or there is news", async () => {
    const { handle, told } = bot("from", [`${METADATA}+notify`, `${NICK}+notify`, "urn:other+notify"]);
    const notifier = new PepNotifier();
    const { avatar } = handle.identity.profile;
    await notifier.available(handle, JULIET);
    const once = [
      [METADATA, avatar?.id],
      [NICK, "current"],
    ];
    assert.deepEqual(told(), once);
    await notifier.available(handle, JULIET);
    assert.equal(told().length, 2);
    notifier.gone(JULIET);
    await notifier.available(handle, JULIET);
    assert.deepEqual(told(), [...once, ...once]);
    handle.identity.show(profileOf({ name: "echo", summary: "says it back" }, { nick: "Echo" }), []);
    await notifier.available(handle, JULIET);
    assert.equal(told().length, 6);
  });

  it("is told of what a client wants alone", async () => {
    const { handle, told } = bot("from", [`${NICK}+notify`, METADATA]);
    await new PepNotifier().available(handle, JULIET);
    assert.deepEqual(told(), [[NICK, "current"]]);
  });

  it("is told to nobody who does not see the bot, nor to a whole account", async () => {
    const { handle, told } = bot("none", [`${NICK}+notify`]);
    await new PepNotifier().available(handle, JULIET);
    const other = bot("from", [`${NICK}+notify`]);
    await new PepNotifier().available(other.handle, JULIET.bare);
    assert.deepEqual([told(), other.told()], [[], []]);
  });

  it("is told another time where that fails", async () => {
    const { handle, sender, told } = bot("from", [`${NICK}+notify`]);
    sender.onSend = () => Promise.reject(new Error("away"));
    const notifier = new PepNotifier();
    await notifier.available(handle, JULIET);
    assert.deepEqual(told(), []);
    sender.onSend = () => undefined;
    notifier.gone(JULIET);
    await notifier.available(handle, JULIET);
    assert.deepEqual(told(), [[NICK, "current"]]);
  });
});
