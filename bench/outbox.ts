/**
 * What the promise of the outbox costs: stanzas a second, and CPU a stanza, beside the mod_rest client alone, which promises
 * nothing. In front of a mod_rest that takes everything at once; a real Prosody takes some 2,500 a second.
 *
 * `node --import tsx bench/outbox.ts [--rounds 7] [--stanzas 5000] [--flight 64]`
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { componentSecret, Outbox, RestClient } from "../src/outbound/index.ts";
import { type Message, message } from "../src/stanza/index.ts";
import { MemoryStore, SharedMemory, SqliteStore } from "../src/store/index.ts";
import { start } from "./support/child.ts";
import { type Finding, machine, numbers, print, printTable } from "./support/report.ts";
import { DOMAIN, WORDS } from "./support/stanza.ts";
import { median, ratios, showRatio, turn } from "./support/stats.ts";

const PEOPLE = 1_000;

type Send = (stanza: Message) => Promise<unknown>;

interface Subject {
  readonly name: string;
  /** What it is compared with. */
  readonly beside: number;
  /** In how many conversations. */
  readonly people: number;
  readonly work: (stanzas: number, flight: number) => Promise<void>;
  readonly rates: number[];
  readonly costs: number[];
}

function stanza(person: number): Message {
  return message({ from: `news@${DOMAIN}`, to: `p${person}@people.test`, type: "chat", body: WORDS });
}

/** Sends so many, so many at a time. */
function sending(send: Send, people: number): Subject["work"] {
  return async (stanzas, flight) => {
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < stanzas) {
        next += 1;
        await send(stanza(next % people));
      }
    };
    await Promise.all(Array.from({ length: Math.min(flight, people) }, worker));
  };
}

/** Broadcasts to so many, and waits until all have it. */
function broadcasting(outbox: Outbox): Subject["work"] {
  return async (stanzas) => {
    const people = Array.from({ length: stanzas }, (_, person) => `p${person}@people.test`);
    await outbox.broadcast(people, (to) =>
      message({ from: `news@${DOMAIN}`, to, type: "chat", body: WORDS }),
    );
    await outbox.idle();
  };
}

async function measure(subject: Subject, stanzas: number, flight: number): Promise<void> {
  const before = process.cpuUsage();
  const began = performance.now();
  await subject.work(stanzas, flight);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  subject.rates.push(stanzas / seconds);
  subject.costs.push((user + system) / stanzas);
}

/** Sends in turns through the client, and through outboxes on both stores, and prints how they compare. */
export async function outboxBench(rounds: number, stanzas: number, flight: number): Promise<Finding[]> {
  const { child, ready: port } = await start<never, never, number>("mod-rest.ts");
  using _ = child;
  const folder = mkdtempSync(join(tmpdir(), "restanza-bench-"));
  await using client = new RestClient({
    url: `http://127.0.0.1:${port}/rest`,
    host: DOMAIN,
    domain: DOMAIN,
    credentials: componentSecret(DOMAIN, "secret"),
  });
  const clients = new Map([[DOMAIN, client]]);
  await using memory = new MemoryStore();
  await using sqlite = await SqliteStore.open({ file: join(folder, "store.sqlite") });
  await using shared = new SharedMemory().open();
  await using inMemory = new Outbox({ store: memory, clients });
  await using inSqlite = new Outbox({ store: sqlite, clients });
  await using inShared = new Outbox({ store: shared, clients });
  for (const outbox of [inMemory, inSqlite, inShared]) outbox.start();
  const subject = (name: string, beside: number, people: number, work: Subject["work"]): Subject => ({
    name,
    beside,
    people,
    work,
    rates: [],
    costs: [],
  });
  const direct: Send = (each) => client.send(each);
  const throughMemory: Send = (each) => inMemory.send(each);
  const throughShared: Send = (each) => inShared.send(each);
  const throughSqlite: Send = (each) => inSqlite.send(each);
  const all = [
    subject("client alone", 0, PEOPLE, sending(direct, PEOPLE)),
    subject("outbox, memory", 0, PEOPLE, sending(throughMemory, PEOPLE)),
    subject("outbox, memory with leases", 0, PEOPLE, sending(throughShared, PEOPLE)),
    subject("outbox, SQLite", 0, PEOPLE, sending(throughSqlite, PEOPLE)),
    subject("outbox, SQLite, broadcast", 0, stanzas, broadcasting(inSqlite)),
    subject("client alone, one conversation", 5, 1, sending(direct, 1)),
    subject("outbox, SQLite, one conversation", 5, 1, sending(throughSqlite, 1)),
  ];
  for (let round = 0; round <= rounds; round += 1) {
    for (const index of turn(all.length, round)) await measure(all[index] as Subject, stanzas, flight);
    if (round === 0) for (const { rates, costs } of all) rates.length = costs.length = 0;
  }
  rmSync(folder, { recursive: true, force: true });
  print(`\nOutbox: ${rounds} rounds of ${stanzas} stanzas, ${flight} in flight; ${machine()}\n`);
  printTable(
    ["", "stanzas/s", "this/client", "µs CPU"],
    all.map(({ name, beside, rates, costs }) => [
      name,
      median(rates).toFixed(0),
      showRatio(ratios(rates, all[beside]?.rates ?? [])),
      median(costs).toFixed(0),
    ]),
  );
  return all
    .filter(({ beside }, index) => beside !== index)
    .map(({ name, beside, rates }) => ({
      what: `outbox, stanzas/s: ${name} / client`,
      ratio: ratios(rates, all[beside]?.rates ?? []),
    }));
}

if (import.meta.main) {
  const { rounds, stanzas, flight } = numbers({ rounds: 7, stanzas: 5000, flight: 64 });
  await outboxBench(rounds, stanzas, flight);
}
