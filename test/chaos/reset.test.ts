import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, type TestContext, test } from "node:test";
import { message } from "../../src/stanza/index.ts";
import { SqliteStore } from "../../src/store/index.ts";
import { ModRestDouble } from "../../src/testkit/index.ts";
import { needsProsody, until } from "../prosody/support.ts";
import { startRestanza } from "./process.ts";
import { Accounts } from "./support/accounts.ts";
import { BOTS, type Installation, install, LEDGER, PASSWORD, PEOPLE } from "./support/installation.ts";
import { KillableProsody } from "./support/killable-prosody.ts";
import { Person, type Speaker } from "./support/person.ts";
import { Resets } from "./support/resets.ts";
import { startTap } from "./support/tap.ts";
import { settle } from "./support/verdict.ts";

/** How many connections are reset on each side; more for a long run: `RESTANZA_RESETS=2000 npm test`. */
const RESETS = Number(process.env["RESTANZA_RESETS"] ?? 60);
const NAMES = ["alice", "bob", "carol"].map((name) => `${name}@${PEOPLE}`);

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
  test("with a real Prosody: nothing is lost, reordered or doubled", needsProsody, async (t) => {
    await using stack = new AsyncDisposableStack();
    const installation = stack.use(await install());
    const run = await begin(installation, stack);
    const prosody = stack.use(await KillableProsody.start(installation, NAMES, installation.detour.port));
    const people: Person[] = [];
    for (const name of NAMES) {
      const account = run.accounts.of(name);
      const person = await Person.connect(prosody.xmppPort, name, PASSWORD, account, LEDGER);
      stack.defer(() => person.stop());
      people.push(person);
    }
    const { repeated, lostByProsody } = await run.end(people, t);
    assert.ok(repeated > 0, "some came again that had been acknowledged already");
    assert.equal(lostByProsody, 0, "nor does our module lose any");
  });

  test("with the double: nothing is lost, reordered or doubled", async (t) => {
    await using stack = new AsyncDisposableStack();
    const installation = stack.use(await install());
    const { auth, key, token, httpPort, detour } = installation;
    const run = await begin(installation, stack);
    const prosody = await ModRestDouble.start({
      port: httpPort,
      virtualHosts: [
        { domain: PEOPLE, accounts: Object.fromEntries(NAMES.map((jid) => [jid.split("@")[0], PASSWORD])) },
      ],
      components: [
        {
          domain: BOTS,
          tokens: [token],
          callback: {
            url: `http://${auth}@127.0.0.1:${detour.port}/callback?from={from}&to={to}&kind={kind}&type={type}`,
            carried: { keys: [key] },
          },
        },
      ],
    });
    stack.defer(() => prosody.stop());
    const people = await Promise.all(
      NAMES.map(async (name): Promise<Speaker> => {
        const account = run.accounts.of(name);
        const user = await prosody.user(`${name}/phone`);
        user.listen((stanza) => {
          if (stanza.kind === "message") account.receive(stanza);
        });
        const say = (): void => {
          const body = `${account.said++}`;
          user.send(message({ to: LEDGER, type: "chat", id: body, body }));
        };
        return { account, say };
      }),
    );
    await run.end(people, t);
  });
});

/** Starts restanza behind taps that reset connections. */
async function begin({ port, httpPort, detour, settings, file }: Installation, stack: AsyncDisposableStack) {
  const accounts = new Accounts(LEDGER);
  const [inwards, outwards] = [new Resets(RESETS), new Resets(RESETS)];
  stack.use(
    await startTap({ port: detour.port, target: port, onPassed: accounts.callback, reset: inwards.choose }),
  );
  stack.use(
    await startTap({
      port: detour.httpPort,
      target: httpPort,
      onPassed: accounts.post,
      reset: outwards.choose,
    }),
  );
  const restanza = await startRestanza(settings);
  stack.defer(() => void restanza.kill("SIGKILL"));

  /** Lets people speak until there were enough resets, waits for the last answers, and looks what became of it all. */
  const end = async (people: readonly Speaker[], t: TestContext) => {
    const speaking = setInterval(() => people.map((person) => person.say()), 12);
    await until(() => inwards.done && outwards.done, "all resets", 20_000 + RESETS * 500).finally(() =>
      clearInterval(speaking),
    );
    for (const person of people) {
      person.say();
      const last = person.account.said - 1;
      await until(() => person.account.seen.includes(last), "the last confirmation", 60_000);
    }
    await until(() => accounts.pending === 0, "all confirmations taken", 60_000);
    restanza.kill("SIGTERM");
    assert.deepEqual(await once(restanza, "exit"), [0, null]);
    await using store = await SqliteStore.open({ file });
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
  return { accounts, end };
}
