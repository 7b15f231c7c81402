import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { XmlElement } from "@xmpp/client";
import { NS_CORRECTION, NS_REACTIONS } from "../../src/xep/index.ts";
import { connect, onBothServers, type Person } from "../prosody/support.ts";
import { clerk } from "./clerk.ts";
import { runSlixmpp } from "./slixmpp.ts";
import { DOMAINS, PASSWORD, startWorld, type World } from "./world.ts";

const { bots, people, rooms } = DOMAINS;
const clerkJid = `clerk@${bots}`;
const hall = `hall@${rooms}`;
const lunch = `lunch@${rooms}`;

onBothServers("what authors write, with a real Prosody", (suite) => {
  let world: World;
  let alice: Person;
  let bob: Person;

  before(async () => {
    world = await startWorld(suite, [clerk], {
      rooms: { poll: [`${lunch}/Poll`] },
      roomModules: ["muc_mam"],
      settings: { groups: { family: [`alice@${people}`] }, trustedRooms: [rooms] },
    });
    [alice, bob] = await Promise.all([
      connect(world.prosody, `alice@${people}`, PASSWORD),
      connect(world.prosody, `bob@${people}`, PASSWORD),
    ]);
  });

  after(async () => {
    await Promise.all([alice?.stop(), bob?.stop()]);
    await world?.[Symbol.asyncDispose]();
  });

  /** The first message with this text from an address, past or future. */
  const hears = (person: Person, from: string, text: string | RegExp): Promise<XmlElement> => {
    const fits = (body: string) => (typeof text === "string" ? body === text : text.test(body));
    return person.waitFor(
      (stanza) =>
        stanza.name === "message" &&
        stanza.attrs["from"] === from &&
        stanza.attrs["type"] !== "error" &&
        fits(stanza.getChildText("body") ?? ""),
      `${text} from ${from}`,
    );
  };

  const corrected = (stanza: XmlElement) => stanza.getChild("replace", NS_CORRECTION)?.attrs["id"];

  const shout = (person: Person, room: string, text: string) =>
    person.write(`<message to='${room}' type='groupchat' id='${text}'><body>${text}</body></message>`);

  /** Joins, and waits for the presence that says so; opens a room that this has made to others, as every client does. */
  const joins = async (person: Person, occupant: string): Promise<void> => {
    await person.write(`<presence to='${occupant}'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
    const self = await seesOccupant(person, occupant);
    if (!/<status code=["']201["']/.test(String(self))) return;
    const [room] = occupant.split("/");
    const open =
      "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query>";
    await person.write(`<iq to='${room}' type='set' id='open ${room}'>${open}</iq>`);
  };

  const seesOccupant = (person: Person, occupant: string, affiliation?: string): Promise<XmlElement> =>
    person.waitFor((stanza) => {
      const item = stanza.getChild("x", "http://jabber.org/protocol/muc#user")?.getChild("item");
      return (
        stanza.name === "presence" &&
        stanza.attrs["from"] === occupant &&
        item !== undefined &&
        (affiliation === undefined || item.attrs["affiliation"] === affiliation)
      );
    }, `${occupant} in the room`);

  const owns = async (id: string, payload: string): Promise<void> => {
    await alice.write(`<iq to='${hall}' type='set' id='${id}'>${payload}</iq>`);
    const answer = await alice.waitFor((stanza) => stanza.attrs["id"] === id && stanza.name === "iq", id);
    assert.equal(answer.attrs["type"], "result", String(answer));
  };

  test("a command reads its arguments, and explains those that do not fit", async () => {
    await alice.say(clerkJid, "boil 4m30s --size small");
    await hears(alice, clerkJid, "A small egg: 270 s, done");
    await alice.say(clerkJid, "boil soon --size huge");
    const explained = await hears(alice, clerkJid, /Usage/);
    assert.equal(
      explained.getChildText("body"),
      [
        "<time> has to be a duration, such as 1h30m or 90s, not “soon”.",
        "--size has to be small or large, not “huge”.",
        "Usage: boil <time> [note…] [--size <small|large>]",
      ].join("\n"),
    );
  });

  test("an edited command corrects the answer to what it was before", async () => {
    await alice.say(clerkJid, "boil 3m tea", "edited");
    const answer = await hears(alice, clerkJid, "A large egg: 180 s, tea");
    assert.equal(corrected(answer), undefined);
    for (const [id, minutes] of [
      ["edit1", 5],
      ["edit2", 6],
    ] as const) {
      await alice.write(
        `<message to='${clerkJid}' type='chat' id='${id}'><body>boil ${minutes}m tea</body><replace xmlns='${NS_CORRECTION}' id='edited'/></message>`,
      );
      const again = await hears(alice, clerkJid, `A large egg: ${minutes * 60} s, tea`);
      assert.equal(corrected(again), answer.attrs["id"], "every correction names the first answer");
      assert.notEqual(again.attrs["id"], answer.attrs["id"]);
    }
  });

  test("slixmpp takes the new answer for a correction of the first", async () => {
    const seen = await runSlixmpp(new URL("./correction.py", import.meta.url), [
      `bob@${people}`,
      PASSWORD,
      String(world.prosody.xmppPort),
      clerkJid,
      "boil 7m",
      "boil 8m",
    ]);
    assert.deepEqual(seen, [
      {
        step: "corrected",
        before: "A large egg: 420 s, done",
        after: "A large egg: 480 s, done",
        same: true,
      },
    ]);
  });

  test("a dialog asks twice, and asks again what was not understood", async () => {
    await alice.say(clerkJid, "order");
    await hears(alice, clerkJid, "Which city?");
    await alice.say(clerkJid, "Verona");
    await hears(alice, clerkJid, /^Which size\?/);
    await alice.say(clerkJid, "enormous");
    await hears(alice, clerkJid, "Small or large?");
    await alice.say(clerkJid, "2");
    await hears(alice, clerkJid, "A large one to Verona.");
  });

  test("a room's commands come by prefix and by mention, to those who may run them", async () => {
    await joins(alice, `${hall}/Alice`);
    await owns(
      "configure",
      "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var='muc#roomconfig_whois'><value>anyone</value></field></x></query>",
    );
    await alice.say(clerkJid, `come ${hall}`);
    await seesOccupant(alice, `${hall}/Clerk`);
    // A nickname that looks like somebody's account proves nothing.
    const mask = `${hall}/alice@${people}`;
    await joins(bob, mask);

    await shout(alice, hall, "boil 1m said to nobody");
    await shout(alice, hall, "!boil 2m prefix");
    await hears(bob, `${hall}/Clerk`, "A large egg: 120 s, prefix");
    await shout(bob, hall, "Clerk: boil 3m mention");
    await hears(alice, `${hall}/Clerk`, "A large egg: 180 s, mention");
    assert.ok(!alice.texts(`${hall}/Clerk`).some((text) => text.includes("nobody")));

    await shout(bob, hall, "!lock");
    await hears(bob, `${hall}/Clerk`, "You may not use lock here.");
    await shout(bob, hall, "!vault");
    await hears(bob, `${hall}/Clerk`, "You may not use vault here.");
    await shout(alice, hall, "!vault");
    await hears(bob, `${hall}/Clerk`, "open for Alice");
    await shout(alice, hall, "!lock");
    await hears(bob, `${hall}/Clerk`, "Alice has locked it");

    await owns(
      "promote",
      `<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='admin' jid='bob@${people}'/></query>`,
    );
    await seesOccupant(bob, mask, "admin");
    await shout(bob, hall, "!lock");
    await hears(bob, `${hall}/Clerk`, `alice@${people} has locked it`);
  });

  test("a poll in a room is voted on by reaction, its message corrected, and both go on after a restart of restanza", async () => {
    await joins(alice, `${lunch}/Alice`);
    await seesOccupant(alice, `${lunch}/Poll`);
    await shout(alice, lunch, '!poll "Lunch?" pizza salad');
    const asked = await hears(alice, `${lunch}/Poll`, /pizza: 0\n2️⃣ salad: 0/);
    const kept = asked.getChild("stanza-id", "urn:xmpp:sid:0")?.attrs["id"];
    assert.ok(kept !== undefined && kept !== asked.attrs["id"], "the archive has an id of its own");
    const reacts = (person: Person, id: string, emoji: string) =>
      person.write(
        `<message to='${lunch}' type='groupchat' id='${id}'><reactions xmlns='${NS_REACTIONS}' id='${kept}'><reaction>${emoji}</reaction></reactions></message>`,
      );
    await reacts(alice, "vote1", "1️⃣");
    const first = await hears(alice, `${lunch}/Poll`, /pizza: 1\n2️⃣ salad: 0/);
    await reacts(alice, "vote2", "2️⃣");
    const second = await hears(alice, `${lunch}/Poll`, /pizza: 0\n2️⃣ salad: 1/);
    assert.deepEqual([corrected(first), corrected(second)], [asked.attrs["id"], asked.attrs["id"]]);
    await world.restartServer();
    await joins(bob, `${lunch}/Bob`);
    await seesOccupant(bob, `${lunch}/Poll`);
    await reacts(bob, "vote3", "2️⃣");
    const third = await hears(alice, `${lunch}/Poll`, /pizza: 0\n2️⃣ salad: 2/);
    assert.equal(corrected(third), asked.attrs["id"], "the next process knows it by the room's id");
    await shout(alice, lunch, "!close");
    await hears(alice, `${lunch}/Poll`, "Lunch? salad wins, with 2 votes; 2 people have voted.");
  });

  test("a reminder comes once", async () => {
    const remind = `remind@${bots}`;
    await alice.say(remind, "remind 2s tea");
    await hears(alice, remind, /^Number 1, .*: tea$/);
    await hears(alice, remind, "Reminder: tea");
    await alice.say(remind, "list");
    await hears(alice, remind, "There is nothing to remind you of.");
    assert.deepEqual(
      alice.texts(remind).filter((text) => text.startsWith("Reminder")),
      ["Reminder: tea"],
    );
  });
});
