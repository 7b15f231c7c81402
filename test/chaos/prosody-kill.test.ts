import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { SqliteStore } from "../../src/store/index.ts";
import { needsProsody, until } from "../prosody/support.ts";
import { startRestanza } from "./process.ts";
import { install, NAMES } from "./support/installation.ts";
import { KillableProsody } from "./support/killable-prosody.ts";
import { lastWords, observe, speak } from "./support/observed.ts";
import { connectAll } from "./support/person.ts";
import { settle } from "./support/verdict.ts";

/** How often Prosody is killed; more for a long run: `RESTANZA_PROSODY_KILLS=50 npm test`. */
const KILLS = Number(process.env["RESTANZA_PROSODY_KILLS"] ?? 4);

/*
 * What is whose: restanza answers for what it has acknowledged, which is what a tap between the two has seen it answer 200, 202
 * or 204, whether or not Prosody lived to read that; and for what its bots have sent, until Prosody has taken it with a
 * whole 2xx, which another tap has seen. What a client wrote and no callback brought was in Prosody's memory, as are the
 * callbacks that it holds; what it took and did not deliver too. The test counts these, and asserts nothing about them.
 *
 * A confirmation is seen twice when Prosody took it and was killed before restanza read the answer: nobody but Prosody could
 * know then, and it is sent again under the same id.
 */
describe("Prosody is killed", needsProsody, () => {
  test(`${KILLS} times kill -9: restanza loses, reorders and doubles nothing, and late replies get through`, async (t) => {
    await using stack = new AsyncDisposableStack();
    const installation = stack.use(await install({ slow: 20 }));
    const accounts = await observe(installation, stack);
    const restanza = await startRestanza(installation.settings);
    stack.defer(() => void restanza.kill("SIGKILL"));
    const prosody = stack.use(await KillableProsody.start(installation, NAMES));
    const people = await connectAll(prosody.xmppPort, NAMES, accounts, stack);
    const hush = speak(people, 15);
    stack.defer(hush);
    let late = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = accounts.said;
      await until(() => accounts.said > before + 60 + Math.random() * 120, "more said");
      await prosody.kill();
      late += accounts.pending;
      await sleep(Math.random() * 500);
      await prosody.startAgain();
      await until(() => people.every(({ online }) => online), "everybody back", 60_000);
    }
    const before = accounts.said;
    await until(() => accounts.said > before + 60, "more said");
    hush();
    await lastWords(people, accounts);
    restanza.kill("SIGTERM");
    assert.deepEqual(await once(restanza, "exit"), [0, null]);
    await using store = await SqliteStore.open({ file: installation.file });
    const verdict = await settle(accounts, store);
    assert.ok(late > 0, "some confirmations were due while Prosody was away");
    t.diagnostic(`${KILLS} kills, ${late} confirmations due when it was killed: ${JSON.stringify(verdict)}`);
  });
});
