import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  readAvatarData,
  readAvatarMetadata,
  readDiscoInfo,
  readDiscoItems,
  readItemsPage,
  readNick,
  readPubSubRefusal,
  readVCard4,
} from "../../src/xep/index.ts";
import { ask, refusal, served } from "./support.ts";

const ECHO = "echo@bots.example";

function pubsub(inside: string): string {
  return `<pubsub xmlns='http://jabber.org/protocol/pubsub'>${inside}</pubsub>`;
}

describe("what a bot has published of itself", () => {
  it("is its avatar (XEP-0084 §4): what is known of it, and the image by its hash", async () => {
    const at = served();
    const avatar = at.bot("echo").identity.profile.avatar ?? assert.fail();
    const metadata = readItemsPage(
      await ask(ECHO, pubsub("<items node='urn:xmpp:avatar:metadata'/>"), at),
    ).items;
    assert.equal(metadata.length, 1);
    assert.equal(metadata[0]?.id, avatar.id);
    assert.deepEqual(metadata[0]?.payload && readAvatarMetadata(metadata[0].payload), [
      { id: avatar.id, bytes: avatar.data.length, type: "image/png", width: 96, height: 96, url: undefined },
    ]);
    const wanted = pubsub(`<items node='urn:xmpp:avatar:data'><item id='${avatar.id}'/></items>`);
    const { items } = readItemsPage(await ask(ECHO, wanted, at));
    assert.deepEqual(
      items.map(({ id, payload }) => [id, Buffer.from((payload && readAvatarData(payload)) ?? [])]),
      [[avatar.id, Buffer.from(avatar.data)]],
    );
  });

  it("is its nickname (XEP-0172 §4.5) and its vCard4 (XEP-0292 §4)", async () => {
    const nick = readItemsPage(
      await ask(ECHO, pubsub("<items node='http://jabber.org/protocol/nick' max_items='1'/>")),
    );
    assert.equal(nick.items[0]?.payload?.text, "echo");
    assert.equal(nick.items[0]?.payload && readNick(nick.items[0].payload), undefined);
    const card = readItemsPage(await ask(ECHO, pubsub("<items node='urn:xmpp:vcard4'/>")));
    assert.equal(
      card.items[0]?.payload && readVCard4(card.items[0].payload)[0]?.values[0]?.text,
      "application",
    );
  });

  it("is nothing where an item is asked for that is not there, or none (XEP-0060 §6.5)", async () => {
    for (const inside of [
      `<items node='urn:xmpp:avatar:data'><item id='${"0".repeat(40)}'/></items>`,
      "<items node='urn:xmpp:avatar:metadata' max_items='0'/>",
    ])
      assert.deepEqual(readItemsPage(await ask(ECHO, pubsub(inside))).items, []);
    assert.equal(
      (await refusal(ECHO, pubsub("<items node='http://jabber.org/protocol/tune'/>"))).condition,
      "item-not-found",
    );
    assert.equal((await refusal(ECHO, pubsub("<items node='__proto__'/>"))).condition, "item-not-found");
    assert.equal((await refusal(ECHO, pubsub("<subscriptions/>"))).condition, "feature-not-implemented");
  });

  it("is for nobody else to publish or to subscribe to (XEP-0163 §4.3)", async () => {
    const publish = pubsub("<publish node='urn:xmpp:avatar:data'><item/></publish>");
    assert.equal((await refusal(ECHO, publish, "set")).condition, "forbidden");
    const subscribe = pubsub("<subscribe node='urn:xmpp:avatar:metadata' jid='juliet@capulet.lit'/>");
    const error = await refusal(ECHO, subscribe, "set");
    assert.deepEqual(readPubSubRefusal(error), { reason: "unsupported", feature: "subscribe" });
  });

  it("is found by XEP-0030: the nodes are beneath the bot, each is one, and has its item (XEP-0060 §5)", async () => {
    const at = served();
    const query = "<query xmlns='http://jabber.org/protocol/disco#items' node='urn:xmpp:avatar:data'/>";
    assert.deepEqual(readDiscoItems(await ask(ECHO, query, at)), [
      { jid: ECHO, name: at.bot("echo").identity.profile.avatar?.id, node: undefined },
    ]);
    const items = readDiscoItems(await ask(ECHO, "<query xmlns='http://jabber.org/protocol/disco#items'/>"));
    const nodes = items.filter(({ jid }) => jid === ECHO).map(({ node }) => node);
    for (const node of ["urn:xmpp:avatar:metadata", "urn:xmpp:avatar:data"]) {
      assert.ok(nodes.includes(node), node);
      const info = readDiscoInfo(
        await ask(ECHO, `<query xmlns='http://jabber.org/protocol/disco#info' node='${node}'/>`),
      );
      assert.deepEqual(
        info.identities.map(({ category, type }) => [category, type]),
        [["pubsub", "leaf"]],
      );
    }
  });
});
