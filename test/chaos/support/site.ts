import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { PostgresStore } from "../../../src/store/index.ts";
import { until } from "../../prosody/support.ts";
import { PostgresServer } from "../../store/postgres/server.ts";
import type { Accounts } from "./accounts.ts";
import { onProsody } from "./connect.ts";
import { install } from "./installation.ts";
import { startNginx } from "./nginx.ts";
import { Node } from "./node.ts";
import { lastWords, observe, speak } from "./observed.ts";
import { settle } from "./verdict.ts";

/** How long a node may be silent before others take its conversations over, in milliseconds. */
export const LEASE_DURATION = 4_000;

/** Three nodes on one PostgreSQL behind a real nginx, one callback URL, a real Prosody with our modules, ordinary clients. */
export interface Site {
  readonly nodes: readonly Node[];
  readonly postgres: PostgresServer;
  readonly accounts: Accounts;
}

/**
 * Lets people speak at a site while something happens to it. Nothing at all may be lost, as neither Prosody nor the clients are
 * killed.
 *
 * @param sticky whether a conversation goes to the same node as long as that is there, or to each in turn.
 */
export async function survive(
  t: TestContext,
  sticky: boolean,
  trouble: (site: Site) => Promise<void>,
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const installation = stack.use(await install());
  const postgres = stack.use(await PostgresServer.start());
  const url = await postgres.createDatabase();
  const accounts = await observe(installation, stack);
  const settings = {
    ...installation.settings,
    RESTANZA_STORE: url,
    RESTANZA_LEASE_DURATION: String(LEASE_DURATION),
  };
  const nodes = await Promise.all([1, 2, 3].map(() => Node.start(settings)));
  for (const node of nodes) stack.use(node);
  stack.use(await startNginx({ port: installation.port, nodes: nodes.map(({ port }) => port), sticky }));
  const people = await onProsody(installation, accounts, stack);
  const hush = speak(people, 30);
  stack.defer(hush);
  await trouble({ nodes, postgres, accounts });
  await more(accounts);
  hush();
  await lastWords(people, accounts);
  for (const node of nodes) assert.equal(await node.stop(), 0);
  await using store = await PostgresStore.open({ url });
  const verdict = await settle(accounts, store);
  const { refused, lostByProsody } = verdict;
  assert.deepEqual({ refused, lostByProsody }, { refused: 0, lostByProsody: 0 }, "our module keeps all");
  t.diagnostic(JSON.stringify(verdict));
}

/** Resolves when so much more has been acknowledged that there is something to lose. */
export async function more(accounts: Accounts): Promise<void> {
  const enough = accounts.acknowledged + 20 + Math.random() * 40;
  await until(() => accounts.acknowledged > enough, "more acknowledged", 60_000);
}
