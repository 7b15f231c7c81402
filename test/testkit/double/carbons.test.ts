import assert from "node:assert/strict";
import { test } from "node:test";
import { ModRestDouble, type ModRestUser } from "../../../src/testkit/index.ts";

const enable = "<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>";
const disable = "<iq type='set' id='d'><disable xmlns='urn:xmpp:carbons:2'/></iq>";

/** What somebody's client has got so far: the words of messages, and of copies with the side that they were copied for. */
function heard(user: ModRestUser): string[] {
  return user.stanzas.flatMap(({ element, kind }) => {
    if (kind !== "message") return [];
    const [first] = element.elements;
    const copied = first?.child("forwarded", "urn:xmpp:forward:0")?.elements[0];
    return [
      copied === undefined ? `${element.childText("body")}` : `${first?.name} ${copied.childText("body")}`,
    ];
  });
}

test("who wants copies gets those of what the other clients say and hear, and no message twice", async () => {
  const accounts = { alice: "a", bob: "b" };
  await using double = await ModRestDouble.start({ virtualHosts: [{ domain: "localhost", accounts }] });
  const phone = await double.user("alice@localhost/phone");
  const laptop = await double.user("alice@localhost/laptop");
  const bob = await double.user("bob@localhost/x");
  const say = (to: string, type: string, body: string, more = ""): void =>
    bob.send(`<message to='${to}' type='${type}'><body>${body}</body>${more}</message>`);
  say(phone.jid, "chat", "before");
  laptop.send(enable);
  phone.send("<message to='bob@localhost' type='chat'><body>hello</body></message>");
  say(phone.jid, "chat", "to one");
  say("alice@localhost", "chat", "to all");
  say(phone.jid, "normal", "plain");
  say(phone.jid, "headline", "news");
  say(phone.jid, "chat", "secret", "<private xmlns='urn:xmpp:carbons:2'/>");
  say(phone.jid, "chat", "unheard", "<no-copy xmlns='urn:xmpp:hints'/>");
  say(phone.jid, "chat", "occupant", "<x xmlns='http://jabber.org/protocol/muc#user'/>");
  laptop.send("<presence><priority>-1</priority></presence>");
  say("alice@localhost", "chat", "to the first");
  laptop.send(disable);
  say(phone.jid, "chat", "after");
  assert.deepEqual(heard(laptop), [
    "sent hello",
    "received to one",
    "to all",
    "received plain",
    "received to the first",
  ]);
});
