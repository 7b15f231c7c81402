import assert from "node:assert/strict";
import { test } from "node:test";
import { onBothServers } from "../prosody/support.ts";
import { scribe } from "./scribe.ts";
import { runSlixmpp, type Seen } from "./slixmpp.ts";
import { DOMAINS, PASSWORD, startWorld } from "./world.ts";

const { bots, json, people, rooms } = DOMAINS;

onBothServers("what can be done with messages, with slixmpp's plugins as judges", (suite) => {
  test("reactions, replies, corrections, retractions, markers and receipts, both ways; encryption is explained once", async () => {
    const room = `desk@${rooms}`;
    await using world = await startWorld(suite, [scribe], {
      rooms: { scribe: [`${room}/Scribe`] },
      roomModules: ["muc_mam"],
    });
    const script = new URL("./messages.py", import.meta.url);
    const port = String(world.prosody.xmppPort);
    const args = [`alice@${people}`, PASSWORD, port, `scribe@${bots}`, room, `scribe@${json}`];
    const seen = await runSlixmpp(script, args);
    const told =
      "Your message was encrypted (OMEMO), and I cannot read that. Please switch encryption off for our chat, and write it again.";
    const expected: Seen[] = [
      { step: "chat state", body: "hello yourself" },
      { step: "reaction", emojis: ["🐢", "👍"], same: true },
      { step: "no reaction", emojis: [] },
      {
        step: "reply",
        same: true,
        to: true,
        body: "> quote 😀\n> me\nan answer",
        stripped: "an answer",
      },
      { step: "displayed", same: true },
      { step: "correction", same: true, body: "no slip" },
      { step: "retraction", same: true },
      { step: "receipt", same: true },
      { step: "marker", same: true },
      { step: "reacted", same: true },
      { step: "replied", same: true },
      { step: "corrected", same: true },
      { step: "retracted", same: true },
      { step: "encrypted", said: [told, "hello yourself"] },
      { step: "encrypted, in JSON", said: told },
      { step: "room reaction", type: "groupchat", same: true },
      { step: "room reply", same: true, stripped: "an answer" },
      { step: "room correction", type: "groupchat", same: true },
      { step: "room retraction", type: "groupchat", same: true },
      { step: "room encrypted", said: [] },
    ];
    assert.deepEqual(seen, expected);
  });
});
