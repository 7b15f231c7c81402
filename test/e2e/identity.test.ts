import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bot, defineBot } from "../../src/bot/index.ts";
import { generateAvatar, LARGEST_AVATAR } from "../../src/bot/profile/index.ts";
import { onBothServers } from "../prosody/support.ts";
import { runSlixmpp, type Seen } from "./slixmpp.ts";
import { DOMAINS, PASSWORD, startWorld } from "./world.ts";

const { bots, people, rooms } = DOMAINS;

/** Has a profile, and a handler for a request of its own. */
const model = defineBot({
  name: "model",
  summary: "is looked at",
  profile: {
    nick: "Model",
    description: "Stands still while you look.",
    url: "https://example.org/model",
    software: { name: "modelling", version: "1.2.3" },
  },
  routes(bot) {
    bot.on("iq:get:urn:example:pose", () => undefined);
    bot.on("message:reaction", () => undefined);
  },
}) as Bot;

/** Has the largest picture there may be: a small one, and as much after its end as fits. */
const mural = defineBot({
  name: "mural",
  summary: "is large",
  profile: { avatar: Buffer.concat([generateAvatar("mural")], LARGEST_AVATAR) },
  routes: () => undefined,
}) as Bot;

onBothServers("slixmpp, with its own plugins as judges of who a bot is", (suite) => {
  test("sees name, avatar, abilities, news, software and time of a bot, as a contact and in a room", async () => {
    const room = `studio@${rooms}`;
    await using world = await startWorld(suite, [model, mural], {
      rooms: { model: [`${room}/Model`] },
      settings: { profiles: { model: { nick: "Mona" } } },
    });
    const script = new URL("./identity.py", import.meta.url);
    const port = String(world.prosody.xmppPort);
    const seen = await runSlixmpp(script, [`alice@${people}`, PASSWORD, port, bots, room]);
    const [{ features, ...info } = { step: "none" }] = seen.filter(({ step }) => step === "info");
    for (const feature of [
      "urn:example:pose",
      "urn:xmpp:reactions:0",
      "urn:xmpp:caps",
      "vcard-temp",
      "http://jabber.org/protocol/pubsub",
    ])
      assert.ok((features as string[]).includes(feature), feature);
    const expected: Seen[] = [
      { step: "presence", nick: "Mona", hash: "sha-1", verified: true, update: `model@${bots}` },
      {
        step: "told",
        nodes: ["http://jabber.org/protocol/nick", "urn:xmpp:avatar:metadata"],
        type: ["headline"],
      },
      {
        step: "info",
        identities: [
          ["client", "bot", "Mona"],
          ["pubsub", "pep", null],
        ],
      },
      {
        step: "vcard",
        name: "Mona",
        nicknames: ["Mona"],
        description: "Stands still while you look.",
        url: "https://example.org/model",
        type: "image/png",
        same: true,
      },
      { step: "vcard4", name: "Mona" },
      { step: "avatar", id: true, same: true, bytes: true, size: [96, 96], type: "image/png" },
      { step: "nick", nick: "Mona" },
      { step: "version", name: "modelling", version: "1.2.3" },
      { step: "time", year: new Date().getUTCFullYear() },
      { step: "last", seconds: 0, up: true },
      { step: "ping", seconds: true },
      { step: "items", listed: true },
      { step: "large", vcard: LARGEST_AVATAR, vcard4: true, pep: LARGEST_AVATAR },
      { step: "room", photo: true, verified: true, same: true },
    ];
    assert.deepEqual(
      seen.map((each) => (each.step === "info" ? info : each)),
      expected,
    );
  });
});
