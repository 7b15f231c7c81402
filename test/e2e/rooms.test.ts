import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { freePort } from "../../prosody/free-port.ts";
import type { BotHandle } from "../../src/bot/index.ts";
import { Jid } from "../../src/stanza/index.ts";
import { connect, onBothServers, type Person, until } from "../prosody/support.ts";
import { connectCrowd } from "./crowd.ts";
import { runSlixmpp, type Seen } from "./slixmpp.ts";
import { roomBots, usherSaw } from "./usher.ts";
import { DOMAINS, PASSWORD, startWorld, type World } from "./world.ts";

const { bots, people, rooms } = DOMAINS;
const CROWD = "crowd.test";
const SECRET = "the secret of the crowd";
const lobby = `lobby@${rooms}`;
const stadium = Jid.parse(`stadium@${rooms}`);
const OPEN =
  "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query>";
const telling = (whom: string): string =>
  `<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var='muc#roomconfig_presencebroadcast'>${whom}</field></x></query>`;
const LOUD = `> require "core.modulemanager".get_module("${rooms}", "muc").get_room_from_jid("${stadium}")._data.presence_broadcast = nil`;
const FANS = 500;
const LONG = 30_000;

onBothServers("a bot in rooms, with a real Prosody", (suite) => {
  let world: World;
  let bob: Person;
  let crowdPort: number;

  before(async () => {
    crowdPort = await freePort();
    world = await startWorld(suite, roomBots, {
      rooms: { usher: [`${lobby}/Usher`] },
      roomModules: ["muc_mam", "muc_moderation"],
      hosts: [{ kind: "external", host: CROWD, secret: SECRET }],
      options: {
        modules_enabled: ["disco", "roster", "saslauth", "ping", "admin_shell"],
        component_ports: [crowdPort],
        component_interfaces: "127.0.0.1",
      },
    });
    bob = await connect(world.prosody, `bob@${people}`, PASSWORD);
  });

  after(async () => {
    await bob?.stop();
    await world?.[Symbol.asyncDispose]();
  });

  const usher = (): BotHandle => {
    const bot = world.server.dispatcher.mount(bots)?.get("usher");
    assert.ok(bot);
    return bot;
  };

  /** Joins, again as long as somebody else is just making the room, and opens it where it is new. */
  const enter = async (room: string, nick: string): Promise<void> => {
    for (
      let answer: Person["stanzas"][number] | undefined;
      answer?.attrs["type"] !== undefined || !answer;
    ) {
      const from = bob.stanzas.length;
      await bob.write(
        `<presence to='${room}/${nick}'><x xmlns='http://jabber.org/protocol/muc'/></presence>`,
      );
      answer = await bob.waitFor(
        (stanza) =>
          stanza.name === "presence" &&
          (stanza.attrs["from"] === `${room}/${nick}` || stanza.attrs["from"] === room) &&
          bob.stanzas.indexOf(stanza) >= from,
        `an answer of ${room}`,
        LONG,
      );
      if (answer.toString().includes('code="201"')) await asks(`open ${from}`, room, OPEN);
    }
  };

  const sees = (occupant: string, from = 0): Promise<unknown> => {
    const fits = (stanza: Person["stanzas"][number]): boolean =>
      stanza.name === "presence" &&
      stanza.attrs["from"] === occupant &&
      stanza.attrs["type"] === undefined &&
      bob.stanzas.indexOf(stanza) >= from;
    return bob.waitFor(fits, `${occupant} in the room`, LONG);
  };

  const asks = async (id: string, to: string, payload: string, type = "set"): Promise<string> => {
    await bob.write(`<iq to='${to}' type='${type}' id='${id}'>${payload}</iq>`);
    return String(await bob.waitFor((stanza) => stanza.name === "iq" && stanza.attrs["id"] === id, id, LONG));
  };

  test("is in the one that the configuration lists, and tells private messages apart", async () => {
    await enter(lobby, "Bob");
    await sees(`${lobby}/Usher`);
    await bob.write(`<message to='${lobby}/Usher' type='chat' id='p'><body>psst</body></message>`);
    const heard = await bob.waitFor(
      (stanza) => stanza.attrs["from"] === `${lobby}/Usher` && stanza.getChildText("body") === "I hear you",
      "a private answer",
      LONG,
    );
    assert.equal(heard.attrs["type"], "chat");
  });

  test("is back in it after Prosody's restart, and after its own", async () => {
    await bob.stop();
    const before = world.log.length;
    await world.restartProsody();
    // The room was gone with Prosody: the bot makes it anew, and nobody does it for the bot.
    const isBack = (line: string): boolean => line.includes(lobby) && line.includes("the bot is in a room");
    await until(() => world.log.slice(before).some(isBack), "the bot in the room", LONG);
    bob = await connect(world.prosody, `bob@${people}`, PASSWORD);
    await enter(lobby, "Bob");
    await sees(`${lobby}/Usher`);
    const from = bob.stanzas.length;
    await world.restartServer();
    await sees(`${lobby}/Usher`, from);
  });

  test("follows invitations or declines them, and moderates, as slixmpp sees it", async () => {
    const script = new URL("./rooms.py", import.meta.url);
    const port = String(world.prosody.xmppPort);
    usherSaw.length = 0;
    const seen = await runSlixmpp(script, [`alice@${people}`, PASSWORD, port, bots, rooms]);
    const expected: Seen[] = [
      { step: "direct", affiliation: "none", role: "participant", jid: `usher@${bots}` },
      { step: "kicked", codes: [307] },
      { step: "mediated", nick: "usher-2" },
      { step: "renamed", codes: [303], nick: "usher" },
      { step: "banned", codes: [301] },
      { step: "declined", who: `hermit@${bots}` },
      {
        step: "refused",
        body: "Sorry, I do not come into rooms at everybody's invitation.",
        type: "normal",
      },
      { step: "made", moderated: true, members: false, name: ["The attic"] },
      { step: "visitor", role: "visitor", affiliation: "none" },
      { step: "voice", role: "participant", affiliation: "none" },
      { step: "mute", role: "visitor", affiliation: "none" },
      { step: "member", role: "participant", affiliation: "member" },
      { step: "subject", subject: "What the butler saw" },
      { step: "moderated", reason: "no advertisements", by: true, moderated: true },
      { step: "out", codes: [110, 307], reason: "and out" },
      { step: "outcast", codes: [110, 301] },
      { step: "destroyed", venue: `salon@${rooms}` },
      { step: "over" },
    ];
    assert.deepEqual(seen, expected);
    const told = ["salon kicked enough", "parlour banned out", "attic destroyed draughty salon"];
    await until(() => usherSaw.length >= told.length + 1, "that the usher is told", LONG);
    assert.deepEqual(usherSaw, [...told, "salon destroyed closing parlour"]);
    assert.deepEqual(usher().rooms.joined, [lobby], "who is thrown out stays out");
  });

  test("knows 500 others by what they are in the room, and can throw one out", async () => {
    const { rooms: own, occupants } = usher();
    await enter(String(stadium), "Bob");
    // As long as nobody is told of participants, 500 of them come at the cost of 500, and not of its square.
    await asks("quiet", String(stadium), telling("<value>moderator</value>"));
    await using crowd = await connectCrowd(crowdPort, CROWD, SECRET);
    for (let number = 0; number < FANS; number += 1) {
      const fan = `from='fan${number}@${CROWD}/x' to='${stadium}/fan ${number}'`;
      crowd.send(`<presence ${fan}><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
    }
    const participants =
      "<query xmlns='http://jabber.org/protocol/muc#admin'><item role='participant'/></query>";
    for (let look = 0, found = 0; found < FANS; look += 1) {
      const list = await asks(`look ${look}`, String(stadium), participants, "get");
      found = list.split("<item").length - 1;
    }
    // And then everybody is told again, who comes later.
    await world.prosody.ctl("shell", LOUD);
    await asks(
      "promote",
      String(stadium),
      `<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='owner' jid='usher@${bots}'/></query>`,
    );
    await own.join(stadium, "Usher");
    await until(() => (occupants?.in(stadium).length ?? 0) >= FANS + 2, "all of them", LONG);
    const room = own.room(stadium);
    assert.equal(room.occupants.length, FANS + 2);
    const fan = room.occupant("fan 77");
    assert.deepEqual(
      [fan?.affiliation, fan?.role, String(fan?.jid), fan?.id !== undefined],
      ["none", "participant", `fan77@${CROWD}/x`, true],
    );
    assert.equal((await room.withRole("participant")).length, FANS);
    await room.kick("fan 77");
    await until(() => room.occupant("fan 77") === undefined, "one less", LONG);
    assert.equal(room.occupants.length, FANS + 1);
    await room.destroy();
  });
});
