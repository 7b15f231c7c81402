import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { StanzaError } from "../../src/stanza/index.ts";
import { capabilityHash, capabilityNode, capsNode, capsVersion, readDiscoInfo } from "../../src/xep/index.ts";
import { ask, refusal, served } from "./support.ts";

const ECHO = "echo@bots.example";

function query(node?: string): string {
  return `<query xmlns='http://jabber.org/protocol/disco#info'${node === undefined ? "" : ` node='${node}'`}/>`;
}

describe("what a bot can do", () => {
  it("is told at the node of its capabilities, and gives their hash (XEP-0115 §5, XEP-0390 §4)", async () => {
    const at = served();
    const { caps } = at.bot("echo").identity;
    const info = readDiscoInfo(await ask(ECHO, query(), at));
    const hash = capabilityHash(info);
    assert.equal(capsVersion(info), caps.ver);
    assert.ok(hash);
    for (const node of [capsNode(caps), capabilityNode(hash)]) {
      const answer = await ask(ECHO, query(node), at);
      assert.equal(answer.attr("node"), node);
      assert.deepEqual(readDiscoInfo(answer), info);
    }
    const other = capsNode({ ...caps, ver: "66/0NaeaBKkwk85efJTGmU47vXI=" });
    assert.equal((await refusal(ECHO, query(other))).condition, "item-not-found");
  });

  it("is what every bot can, and the services answer", async () => {
    const { features } = readDiscoInfo(await ask(ECHO, query()));
    for (const feature of [
      "http://jabber.org/protocol/disco#info",
      "http://jabber.org/protocol/disco#items",
      "http://jabber.org/protocol/caps",
      "urn:xmpp:caps",
      "urn:xmpp:ping",
      "vcard-temp",
      "urn:ietf:params:xml:ns:vcard-4.0",
      "jabber:iq:version",
      "urn:xmpp:time",
      "jabber:iq:last",
      "http://jabber.org/protocol/pubsub",
      "http://jabber.org/protocol/pubsub#retrieve-items",
      "urn:xmpp:receipts",
      "http://jabber.org/protocol/chatstates",
    ])
      assert.ok(features.has(feature), feature);
  });

  it("is refused by a bot that does so itself", async () => {
    const at = served((bot) =>
      bot.on("iq:get:jabber:iq:version", () => {
        throw new StanzaError("forbidden");
      }),
    );
    await assert.rejects(ask(ECHO, "<query xmlns='jabber:iq:version'/>", at));
  });
});
