import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, type TestContext, test } from "node:test";
import { SqliteStore } from "../../src/store/index.ts";
import { needsProsody, until } from "../prosody/support.ts";
import { startRestanza } from "./process.ts";
import { type Connect, onDouble, onProsody } from "./support/connect.ts";
import { install } from "./support/installation.ts";
import { lastWords, observe, speak } from "./support/observed.ts";
import { Resets } from "./support/resets.ts";
import { settle, type Verdict } from "./support/verdict.ts";

/** How many connections are reset on each side; more for a long run: `RESTANZA_RESETS=2000 npm test`. */
const RESETS = Number(process.env["RESTANZA_RESETS"] ?? 60);

/*
 * Connections between restanza and Prosody are reset in both directions: before a request, within it, before its answer,
 * within its answer. A callback that comes again has the same webhook-id, by which restanza knows that it has been here: it is
 * acknowledged again and not handled again. Our module takes an answer that breaks off for an answer, and tells the sender of
 * an error then, although the message was handled: it is refused and in the book.
 *
 * A confirmation is seen twice when Prosody took it and the reset kept its answer from restanza: it is sent again, with the same
 * id, since nobody could know.
 */
describe(`${RESETS} connections are reset on each side`, () => {
  const run = async (t: TestContext, connect: Connect): Promise<Verdict> => {
    await using stack = new AsyncDisposableStack();
    const installation = stack.use(await install());
    const [inwards, outwards] = [new Resets(RESETS), new Resets(RESETS)];
    const accounts = await observe(installation, stack, {
      inwards: inwards.choose,
      outwards: outwards.choose,
    });
    const restanza = await startRestanza(installation.settings);
    stack.defer(() => void restanza.kill("SIGKILL"));
    const speakers = await connect(installation, accounts, stack);
    const hush = speak(speakers, 12);
    await until(() => inwards.done && outwards.done, "all resets", 20_000 + RESETS * 500).finally(hush);
    await lastWords(speakers, accounts);
    restanza.kill("SIGTERM");
    assert.deepEqual(await once(restanza, "exit"), [0, null]);
    await using store = await SqliteStore.open({ file: installation.file });
    const verdict = await settle(accounts, store);
    const unheard = outwards.counts["before the answer"] + outwards.counts["within the answer"];
    assert.ok(
      verdict.seenTwice <= unheard,
      "only what Prosody took without restanza hearing of it comes twice",
    );
    t.diagnostic(`inwards ${JSON.stringify(inwards.counts)}, outwards ${JSON.stringify(outwards.counts)}`);
    t.diagnostic(JSON.stringify(verdict));
    return verdict;
  };

  for (const [server, connect, needs] of [
    ["the double", onDouble, {}],
    ["a real Prosody", onProsody, needsProsody],
  ] as const) {
    test(`with ${server}: nothing is lost, reordered or doubled`, needs, async (t) => {
      const { repeated, lostByProsody } = await run(t, connect);
      assert.ok(repeated > 0, "some came again that had been acknowledged already");
      assert.equal(lostByProsody, 0, "nor does our module lose any");
    });
  }
});
