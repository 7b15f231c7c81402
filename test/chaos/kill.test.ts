import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, type TestContext, test } from "node:test";
import { SqliteStore } from "../../src/store/index.ts";
import { needsProsody, until } from "../prosody/support.ts";
import { startRestanza } from "./process.ts";
import { type Connect, onDouble, onProsody } from "./support/connect.ts";
import { install } from "./support/installation.ts";
import { ISOLATED, killBot } from "./support/isolated.ts";
import { lastWords, observe, speak } from "./support/observed.ts";
import { settle, type Verdict } from "./support/verdict.ts";

/** How often the process is killed, with each kind of server; more for a long run: `RESTANZA_KILLS=1000 npm test`. */
const KILLS = Number(process.env["RESTANZA_KILLS"] ?? 5);

/*
 * A confirmation is seen twice when Prosody took it and restanza was killed before it had noted that: at the next start it is
 * sent again, with the same id. Of each conversation that can be one a kill.
 *
 * Where the bot has a process of its own, that one and restanza are killed in turn: restanza while the bot is away, with all that came
 * meanwhile.
 */
describe("restanza is killed", () => {
  const run = async (t: TestContext, connect: Connect, isIsolated: boolean): Promise<Verdict> => {
    await using stack = new AsyncDisposableStack();
    const installation = stack.use(await install());
    const settings = { ...installation.settings, ...(isIsolated && ISOLATED) };
    const accounts = await observe(installation, stack);
    let child = await startRestanza(settings);
    stack.defer(() => void child.kill("SIGKILL"));
    const people = await connect(installation, accounts, stack);
    const hush = speak(people, 15);
    stack.defer(hush);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = accounts.acknowledged;
      // By what was acknowledged, not by the clock, so that there is something to lose on a slow machine too.
      const enough = before + 10 + Math.random() * 60;
      await until(() => accounts.acknowledged > enough, "more acknowledged", 60_000);
      if (isIsolated && kill % 2 === 0) {
        await killBot(child);
        continue;
      }
      child.kill("SIGKILL");
      await once(child, "exit");
      child = await startRestanza(settings);
    }
    hush();
    await lastWords(people, accounts);
    child.kill("SIGTERM");
    assert.deepEqual(await once(child, "exit"), [0, null]);
    await using store = await SqliteStore.open({ file: installation.file });
    const verdict = await settle(accounts, store);
    assert.ok(verdict.seenTwice <= KILLS * people.length, "one confirmation of each conversation a kill");
    t.diagnostic(`${KILLS} kills: ${JSON.stringify(verdict)}`);
    return verdict;
  };

  for (const [server, connect, needs, isIsolated] of [
    ["the double", onDouble, {}, false],
    ["the double and an isolated bot", onDouble, {}, true],
    ["a real Prosody", onProsody, needsProsody, false],
  ] as const) {
    test(
      `${KILLS} times kill -9, with ${server}: nothing is lost, reordered or doubled`,
      needs,
      async (t) => {
        const { refused, lostByProsody } = await run(t, connect, isIsolated);
        assert.deepEqual(
          { refused, lostByProsody },
          { refused: 0, lostByProsody: 0 },
          "our module keeps all",
        );
      },
    );
  }
});
