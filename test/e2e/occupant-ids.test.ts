import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { pino } from "pino";
import { freePort } from "../../prosody/free-port.ts";
import { type Prosody, startProsody } from "../../prosody/server.ts";
import { type Bot, defineBot, personOf } from "../../src/bot/index.ts";
import { checkConfig, type RunningServer, startServer } from "../../src/server/index.ts";
import { Jid } from "../../src/stanza/index.ts";
import { connect, onBothServers, type Person, until } from "../prosody/support.ts";

const AUTH = "prosody:the-callback-secret";
const TOKEN = "a-token-of-the-occupants-suite";
const ROOM = Jid.parse("lobby@rooms.test");

onBothServers("who somebody is in a room of a real Prosody", (suite) => {
  let prosody: Prosody;
  let server: RunningServer;
  let alice: Person;
  const persons: string[] = [];

  const mirror = defineBot({
    name: "mirror",
    summary: "sees who is who",
    routes(bot) {
      bot.on("message:groupchat").on("message:body", (ctx) => void persons.push(personOf(ctx)));
    },
  }) as Bot;

  before(async () => {
    const [port, httpPort] = [await freePort(), await freePort()];
    const rest = { url: `http://127.0.0.1:${httpPort}/rest`, token: TOKEN };
    server = await startServer(
      checkConfig({ port, mounts: [{ domain: "bots.test", rest, callback: { auth: [AUTH] } }] }),
      [mirror],
      pino({ level: "silent" }),
    );
    prosody = await startProsody({
      suite,
      httpPort,
      hosts: [
        { kind: "virtualhost", host: "people.test" },
        {
          kind: "component",
          host: "bots.test",
          tokens: [TOKEN],
          callback: { address: `127.0.0.1:${port}`, auth: AUTH },
          restanza: ["token"],
        },
        { kind: "muc", host: "rooms.test", options: { muc_room_locking: false } },
      ],
      users: [{ jid: "alice@people.test", password: "wonderland" }],
    });
    alice = await connect(prosody, "alice@people.test", "wonderland");
  });

  after(async () => {
    await alice.stop();
    await server.stop();
    await prosody.stop();
  });

  it("is known by the id that the room gives, whatever id they write and however they are called", async () => {
    const enter = async (nick: string): Promise<void> => {
      await alice.write(
        `<presence to='${ROOM}/${nick}'><x xmlns='http://jabber.org/protocol/muc'/></presence>`,
      );
      await alice.waitFor(({ attrs }) => attrs["from"] === `${ROOM}/${nick}`, `${nick} in the room`);
    };
    const say = async (id: string): Promise<void> => {
      const forged = `<occupant-id xmlns='urn:xmpp:occupant-id:0' id='forged-${id}'/>`;
      await alice.write(
        `<message to='${ROOM}' type='groupchat' id='${id}'><body>${id}</body>${forged}</message>`,
      );
      await alice.waitFor(({ attrs }) => attrs["id"] === id, `${id} in the room`);
    };
    // The room is alice's, so that the bot does not see whose account hers is.
    await enter("Alice");
    const rooms = server.dispatcher.mount("bots.test")?.get("mirror")?.rooms;
    await rooms?.join(ROOM, "Mirror");
    await alice.waitFor(({ attrs }) => attrs["from"] === `${ROOM}/Mirror`, "the bot in the room");
    await say("one");
    await enter("Alicia");
    await say("two");
    await until(() => persons.length === 2, "what alice says at the bot");
    assert.equal(rooms?.givesIds(ROOM), true);
    assert.match(persons[0] ?? "", /^lobby@rooms\.test occupant (?!forged)/);
    assert.equal(persons[0], persons[1]);
  });
});
