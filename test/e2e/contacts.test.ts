import assert from "node:assert/strict";
import { test } from "node:test";
import { onBothServers } from "../prosody/support.ts";
import { runSlixmpp, type Seen } from "./slixmpp.ts";
import { restart, sociable } from "./sociable.ts";
import { DOMAINS, PASSWORD, startWorld } from "./world.ts";

const { bots, people } = DOMAINS;
const alice = `alice@${people}`;

onBothServers("bots as contacts, with a real Prosody and slixmpp's roster", (suite) => {
  test("by each policy, paused, away, through a restart, switched off, and ended", async () => {
    await using world = await startWorld(suite, sociable, {
      settings: { groups: { admins: [`bob@${people}`] } },
    });
    let restarted: Promise<void> | undefined;
    restart.wanted = () => {
      // Once the handler that asks for it is through.
      setImmediate(() => {
        restarted = world.restartServer();
      });
    };
    const script = new URL("./contacts.py", import.meta.url);
    const port = String(world.prosody.xmppPort);
    const seen = await runSlixmpp(script, [people, PASSWORD, port, bots]);
    await restarted;
    const expected: Seen[] = [
      { step: "open", subscription: "both", greeting: "Nice to meet you." },
      { step: "who", body: `${alice} both: available` },
      { step: "busy", body: `${alice} both: dnd busy` },
      {
        step: "asking",
        body: "I have asked those who run me whether you may add me. You will hear from me.",
      },
      {
        step: "admin",
        body: `${alice} wants to add asking@${bots}. Write “accept asking ${alice}” or “refuse asking ${alice}”; “requests” lists all who wait.`,
      },
      { step: "accepted", subscription: "to", body: "You may see when I am here now." },
      { step: "listed", refused: ["none", "none"], subscription: "to" },
      {
        step: "paused",
        status: "Sorry, I am not well at the moment. Please try again in a few minutes.",
      },
      { step: "away", status: "Back at 9" },
      { step: "restarted", status: "Back at 9", body: `${alice} both: dnd busy` },
      { step: "probed", status: "Back at 9" },
      { step: "disabled", status: "I am switched off at the moment. Please try again later." },
      { step: "enabled", status: "Back at 9" },
      { step: "unsubscribed", subscription: "from" },
    ];
    assert.deepEqual(seen, expected);
  });
});
