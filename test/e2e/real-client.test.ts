import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { XmlElement } from "@xmpp/client";
import { APOLOGY, TIMEOUT_APOLOGY } from "../../src/dispatch/index.ts";
import { connect, errorOf, inversions, onBothServers, type Person, until } from "../prosody/support.ts";
import { NS_TEST, testBots } from "./bots.ts";
import { DOMAINS, PASSWORD, startWorld, type World } from "./world.ts";

const { bots, stock, json, people, rooms } = DOMAINS;
const room = `den@${rooms}`;

onBothServers("a real client with a real Prosody", (suite) => {
  let world: World;
  let alice: Person;
  let bob: Person;

  before(async () => {
    world = await startWorld(suite, testBots, { rooms: { parrot: [`${room}/Polly`] } });
    [alice, bob] = await Promise.all([
      connect(world.prosody, `alice@${people}`, PASSWORD),
      connect(world.prosody, `bob@${people}`, PASSWORD),
    ]);
  });

  after(async () => {
    await Promise.all([alice?.stop(), bob?.stop()]);
    await world?.[Symbol.asyncDispose]();
  });

  const messageFrom = (address: string, body: string) => (stanza: XmlElement) =>
    stanza.name === "message" && stanza.attrs["from"] === address && stanza.getChildText("body") === body;

  for (const domain of [bots, stock, json]) {
    test(`echo answers inline on ${domain}`, async () => {
      const body = `hello ${domain} ☕ & <more>`;
      await alice.write(
        `<message to='echo@${domain}' type='chat' id='e1'><body>hello ${domain} ☕ &amp; &lt;more&gt;</body></message>`,
      );
      const reply = await alice.waitFor(messageFrom(`echo@${domain}`, body), "the echo");
      assert.equal(reply.attrs["type"], "chat");
      assert.equal(reply.attrs["to"], alice.jid);
      assert.ok(reply.attrs["id"]);
    });
  }

  test("an answer past the deadline comes by POST, and the bot is seen typing until then", async () => {
    await alice.write(
      `<message to='echo@${bots}' type='chat' id='w1'><body>wait 0.6 at last</body><active xmlns='http://jabber.org/protocol/chatstates'/></message>`,
    );
    const reply = await alice.waitFor(messageFrom(`echo@${bots}`, "at last"), "the late answer");
    const typing = alice.stanzas.findIndex((stanza) => stanza.getChild("composing") !== undefined);
    assert.ok(typing >= 0 && typing < alice.stanzas.indexOf(reply), "typing was shown before the answer");
    assert.ok(reply.getChild("active", "http://jabber.org/protocol/chatstates"));
    // The answer may be here before the line that tells of it.
    await until(
      () =>
        world.log.some(
          (line) => line.includes(`"id":"${reply.attrs["id"]}"`) && line.includes("posted a stanza"),
        ),
      "the line that tells of the POST",
    );
  });

  test("several replies arrive in the order in which they were made, before and after the deadline", async () => {
    await alice.say(`postman@${bots}`, "late 500");
    await alice.waitFor(messageFrom(`postman@${bots}`, "third"), "the third part");
    const parts = alice.stanzas
      .filter((stanza) => stanza.attrs["from"] === `postman@${bots}`)
      .map((stanza) => stanza.getChildText("body"));
    assert.deepEqual(parts, ["first", "second", "third"]);
    await alice.say(`postman@${bots}`, "count to 30");
    await alice.waitFor(messageFrom(`postman@${bots}`, "30"), "the last number");
    const numbers = alice.stanzas
      .filter((stanza) => stanza.attrs["from"] === `postman@${bots}`)
      .map((stanza) => stanza.getChildText("body"))
      .slice(3);
    assert.deepEqual(
      numbers,
      Array.from({ length: 30 }, (_, index) => `${index + 1}`),
    );
  });

  test("two bots of one component send to others with one bearer token", async () => {
    await alice.say(`postman@${bots}`, `to bob@${people} a letter`);
    await alice.say(`crier@${bots}`, `cry bob@${people} hear ye`);
    await bob.waitFor(messageFrom(`postman@${bots}`, "a letter"), "the letter");
    await bob.waitFor(messageFrom(`crier@${bots}`, "hear ye!"), "the cry");
    await alice.waitFor(messageFrom(`postman@${bots}`, "delivered"), "the confirmation");
  });

  const ask = async (to: string, type: string, id: string, payload: string): Promise<XmlElement> => {
    await alice.write(`<iq to='${to}' type='${type}' id='${id}'>${payload}</iq>`);
    return await alice.waitFor(
      (stanza) => stanza.name === "iq" && stanza.attrs["id"] === id,
      `the answer to ${id}`,
    );
  };

  test("IQs are answered: with a payload, with nothing, and with errors that say why", async () => {
    const clumsy = `clumsy@${bots}`;
    const answer = await ask(clumsy, "get", "q1", `<question xmlns='${NS_TEST}'/>`);
    assert.equal(answer.attrs["type"], "result");
    assert.equal(answer.getChildText("answer", NS_TEST), "42 for alice");

    const empty = await ask(clumsy, "set", "q2", `<question xmlns='${NS_TEST}'/>`);
    assert.equal(empty.attrs["type"], "result");

    const refused = await ask(clumsy, "get", "q3", `<question xmlns='${NS_TEST}' want='error'/>`);
    assert.deepEqual(errorOf(refused), {
      type: "cancel",
      condition: "item-not-found",
      text: "There is no such thing",
    });
    assert.match(String(refused.getChild("error")), /<nothing xmlns=["']urn:restanza:test["']\/>/);

    const crashed = await ask(clumsy, "get", "q4", `<question xmlns='${NS_TEST}' want='crash'/>`);
    assert.equal(errorOf(crashed).condition, "internal-server-error");
    assert.doesNotMatch(String(crashed), /secret reason/);

    const unknown = await ask(clumsy, "get", "q5", "<query xmlns='urn:nobody:knows'/>");
    assert.equal(errorOf(unknown).condition, "service-unavailable");

    const nobody = await ask(`nobody@${bots}`, "get", "q6", "<ping xmlns='urn:xmpp:ping'/>");
    assert.equal(errorOf(nobody).condition, "service-unavailable");

    for (const domain of [bots, stock, json]) {
      const pong = await ask(`echo@${domain}`, "get", `ping ${domain}`, "<ping xmlns='urn:xmpp:ping'/>");
      assert.equal(pong.attrs["type"], "result", domain);
    }
  });

  test("the component's own address helps, and lists its bots to service discovery", async () => {
    await alice.say(bots, "what is there?");
    const help = await alice.waitFor(
      (stanza) => stanza.attrs["from"] === bots && stanza.name === "message",
      "the help",
    );
    assert.match(help.getChildText("body") ?? "", new RegExp(`echo@${bots} says back what you say`));
    const items = await ask(bots, "get", "items", "<query xmlns='http://jabber.org/protocol/disco#items'/>");
    assert.match(String(items), new RegExp(`jid=["']hello@${bots}["']`));
    const info = await ask(
      `echo@${bots}`,
      "get",
      "info",
      "<query xmlns='http://jabber.org/protocol/disco#info'/>",
    );
    const identity = info.getChild("query")?.getChild("identity");
    assert.deepEqual([identity?.attrs["category"], identity?.attrs["type"]], ["client", "bot"]);
  });

  test("a bot becomes a contact that is online", async () => {
    await ask(`alice@${people}`, "get", "roster", "<query xmlns='jabber:iq:roster'/>");
    await alice.write(`<presence to='echo@${bots}' type='subscribe'/>`);
    const item = (stanza: XmlElement) => stanza.getChild("query", "jabber:iq:roster")?.getChild("item");
    const pushed = (stanza: XmlElement) =>
      stanza.attrs["type"] === "set" &&
      item(stanza)?.attrs["jid"] === `echo@${bots}` &&
      item(stanza)?.attrs["subscription"] === "to";
    await alice.waitFor(pushed, "the subscription in the roster");
    const online = (stanza: XmlElement) =>
      stanza.name === "presence" &&
      stanza.attrs["from"] === `echo@${bots}` &&
      stanza.attrs["type"] === undefined;
    await alice.waitFor(online, "the presence");
  });

  test("a receipt is a message of its own, be there a reply or not", async () => {
    const receipt = (id: string) => (stanza: XmlElement) =>
      stanza.getChild("received", "urn:xmpp:receipts")?.attrs["id"] === id;
    await alice.write(
      `<message to='echo@${bots}' type='chat' id='r1'><body>sign here</body><request xmlns='urn:xmpp:receipts'/></message>`,
    );
    const signed = await alice.waitFor(receipt("r1"), "the receipt beside the reply");
    const reply = await alice.waitFor(messageFrom(`echo@${bots}`, "sign here"), "the reply");
    assert.notEqual(signed, reply);
    assert.deepEqual([signed.getChildText("body"), signed.attrs["type"]], [null, "chat"]);
    assert.equal(reply.getChild("received", "urn:xmpp:receipts"), undefined);
    await alice.write(
      `<message to='crier@${bots}' type='chat' id='r2'><body>nothing to say to this</body><request xmlns='urn:xmpp:receipts'/></message>`,
    );
    const alone = await alice.waitFor(receipt("r2"), "the receipt alone");
    assert.equal(alone.getChildText("body"), null);
  });

  test("a bot that fails says so once in words, then in errors, and goes on", async () => {
    const clumsy = `clumsy@${bots}`;
    await alice.say(clumsy, "crash", "c1");
    await alice.waitFor(messageFrom(clumsy, APOLOGY), "the apology");
    await alice.say(clumsy, "crash", "c2");
    const again = await alice.waitFor(
      (stanza) => stanza.name === "message" && stanza.attrs["id"] === "c2",
      "the error",
    );
    assert.equal(errorOf(again).condition, "internal-server-error");
    await alice.say(clumsy, "fine");
    await alice.waitFor(messageFrom(clumsy, "I am fine"), "an answer after the crash");
    await alice.say(clumsy, "refuse", "c3");
    const refused = await alice.waitFor(
      (stanza) => stanza.name === "message" && stanza.attrs["id"] === "c3",
      "the refusal",
    );
    assert.deepEqual(errorOf(refused), {
      type: "modify",
      condition: "not-acceptable",
      text: "Not like this",
    });
    await alice.say(clumsy, "hang");
    await alice.waitFor(messageFrom(clumsy, TIMEOUT_APOLOGY), "the apology for the time");
    assert.ok(
      world.log.some((line) => line.includes("a secret reason") && line.includes("bots.ts")),
      "the stack is logged",
    );
    assert.doesNotMatch(alice.stanzas.join(""), /secret reason/);
  });

  test("a bot in a room answers groupchat, knows its own words, and is not thrown out", async () => {
    const inRoom = (from: string, body: string) => messageFrom(`${room}/${from}`, body);
    await until(
      () => world.prosody.log().length > 0 && world.log.some((line) => line.includes("presence")),
      "the join",
    );
    await alice.write(`<presence to='${room}/Alice'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
    await alice.waitFor(
      (stanza) => stanza.name === "presence" && stanza.attrs["from"] === `${room}/Polly`,
      "Polly in the room",
    );
    const say = (body: string) =>
      alice.write(`<message to='${room}' type='groupchat' id='g-${body}'><body>${body}</body></message>`);
    await say("one");
    await alice.waitFor(inRoom("Polly", "Alice said one"), "the parrot");
    await say("crash please");
    await alice.waitFor(inRoom("Polly", APOLOGY), "the apology in the room");
    await say("crash please");
    // A stanza that the bot cannot make sense of, from an occupant, must not lead to an error that throws it out.
    await alice.write(`<message to='${room}/Polly' type='chat' id='pm'><body>crash please</body></message>`);
    await alice.write(`<presence to='${room}/Alice'><show>away</show><odd xmlns='urn:odd'/></presence>`);
    await bob.write(`<presence to='${room}/Bob'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
    await bob.waitFor(
      (stanza) => stanza.name === "presence" && stanza.attrs["from"] === `${room}/Polly`,
      "Polly seen by Bob",
    );
    await bob.write(`<presence to='${room}/Bob' type='unavailable'/>`);
    await say("two");
    await alice.waitFor(inRoom("Polly", "Alice said two"), "the parrot, still there");
    const spoken = alice.stanzas.filter(
      (stanza) => stanza.attrs["from"] === `${room}/Polly` && stanza.getChildText("body"),
    );
    assert.deepEqual(
      spoken
        .filter((stanza) => stanza.attrs["type"] === "groupchat")
        .map((stanza) => stanza.getChildText("body")),
      ["Alice said one", APOLOGY, "Alice said two"],
    );
  });

  test("500 messages sent back to back are answered in order with our module", async (t) => {
    const count = 500;
    const burst = async (domain: string): Promise<string[]> => {
      const start = bob.stanzas.length;
      const texts = () =>
        bob.stanzas
          .slice(start)
          .filter((stanza) => stanza.attrs["from"] === `echo@${domain}`)
          .map((stanza) => stanza.getChildText("body") ?? "");
      for (let number = 0; number < count; number += 1) void bob.say(`echo@${domain}`, `${number}`);
      await until(() => texts().length >= count, `${count} echoes from ${domain}`, 30_000);
      return texts();
    };
    const ordered = await burst(bots);
    assert.deepEqual(
      ordered,
      Array.from({ length: count }, (_, number) => `${number}`),
    );
    const unordered = await burst(stock);
    assert.deepEqual(new Set(unordered), new Set(ordered), "the stock mount loses none");
    t.diagnostic(
      `inversions among ${count}: with our module ${inversions(ordered)}, stock ${inversions(unordered)}`,
    );
  });
});
