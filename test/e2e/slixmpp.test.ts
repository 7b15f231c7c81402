import assert from "node:assert/strict";
import { test } from "node:test";
import { onBothServers } from "../prosody/support.ts";
import { testBots } from "./bots.ts";
import { runSlixmpp, type Seen } from "./slixmpp.ts";
import { DOMAINS, PASSWORD, startWorld } from "./world.ts";

const { bots, people, rooms } = DOMAINS;

onBothServers("slixmpp, with its own plugins as judges", (suite) => {
  test("chats, gets its receipt, discovers, subscribes and meets a bot in a room", async () => {
    const room = `den@${rooms}`;
    await using world = await startWorld(suite, testBots, { rooms: { parrot: [`${room}/Polly`] } });
    const script = new URL("./session.py", import.meta.url);
    const port = String(world.prosody.xmppPort);
    const seen = await runSlixmpp(script, [`alice@${people}`, PASSWORD, port, bots, room]);
    // The help bot is the component itself.
    const others = (world.server.dispatcher.mount(bots)?.list() ?? []).filter(({ name }) => name !== "help");
    assert.ok(others.length > testBots.length);
    const expected: Seen[] = [
      { step: "echo", body: "hello from slixmpp", type: "chat", receipt: true },
      { step: "late", body: "late" },
      { step: "ping", seconds: true },
      {
        step: "info",
        identities: [
          ["client", "bot"],
          ["pubsub", "pep"],
        ],
      },
      {
        step: "items",
        items: others.map(({ name }) => `${name}@${bots}`),
      },
      { step: "nobody", condition: "service-unavailable", type: "cancel" },
      { step: "subscribed" },
      { step: "room", body: "Slixie said hello, Polly", type: "groupchat" },
    ];
    assert.deepEqual(seen, expected);
  });
});
