/**
 * What the promises cost: signed callbacks over lasting connections, answered inline and journaled first, without a store, with
 * SQLite, and by several nodes on PostgreSQL. What is journaled counts when all that follows from it is through.
 *
 * `node --import tsx bench/promises.ts [--rounds 7] [--requests 6000] [--flight 64] [--nodes 3]`
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PostgresServer } from "../test/store/postgres/server.ts";
import { type Child, start } from "./support/child.ts";
import type { LoadReply, LoadRequest } from "./support/generator.ts";
import { type Finding, machine, numbers, print, printFindings, printTable } from "./support/report.ts";
import { median, ratios, showRatio, turn } from "./support/stats.ts";

const PEOPLE = 1_000;

type Node = Child<"cpu" | "idle", number>;
type Generator = Child<LoadRequest, LoadReply>;

interface Subject {
  readonly name: string;
  readonly bot: "echo" | "ledger" | "tally";
  readonly nodes: readonly Node[];
  readonly ports: readonly number[];
  /** By round: stanzas a second, and the time that 99 of 100 callbacks took at most, in milliseconds. */
  readonly rates: number[];
  readonly p99: number[];
}

async function measure(
  subject: Subject,
  generators: readonly Generator[],
  requests: number,
  flight: number,
): Promise<void> {
  const share = Math.ceil(requests / generators.length);
  const load: LoadRequest = {
    port: subject.ports,
    carriage: "signed",
    lasting: true,
    requests: share,
    inFlight: Math.ceil(flight / generators.length),
    people: PEOPLE,
    // A 202 is as good: another node has the conversation.
    bot: subject.bot,
  };
  const began = performance.now();
  const replies = await Promise.all(generators.map((generator) => generator.ask(load)));
  await Promise.all(subject.nodes.map((node) => node.ask("idle")));
  const seconds = (performance.now() - began) / 1000;
  const wrong = replies.flatMap((reply) => reply.wrong);
  if (wrong.length > 0)
    throw new Error(`${subject.name} gave ${wrong.length} wrong answers, the first: ${wrong[0]}`);
  subject.rates.push((share * generators.length) / seconds);
  const latencies = replies.flatMap((reply) => reply.latencies).toSorted((one, other) => one - other);
  subject.p99.push(latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN);
}

/** Runs all of it in turns and prints how it compares. */
export async function promisesBench(
  rounds: number,
  requests: number,
  flight: number,
  count: number,
): Promise<Finding[]> {
  await using postgres = await PostgresServer.start();
  const url = await postgres.createDatabase();
  const folder = mkdtempSync(join(tmpdir(), "restanza-bench-"));
  using stack = new DisposableStack();
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const rest = await start<never, never, number>("mod-rest.ts");
  stack.use(rest.child);
  const generators: Generator[] = [];
  for (let made = 0; made < 2; made += 1) {
    generators.push(stack.use((await start<LoadRequest, LoadReply>("generator.ts")).child));
  }
  const subjects: Subject[] = [];
  const add = async (name: string, store: string, many: number): Promise<void> => {
    const nodes: Node[] = [];
    const ports: number[] = [];
    for (let node = 0; node < many; node += 1) {
      const started = await start<"cpu" | "idle", number>("node.ts", store, String(rest.ready));
      nodes.push(stack.use(started.child));
      ports.push(started.ready);
    }
    for (const [bot, how] of [
      ["echo", "inline"],
      ["tally", "journaled"],
      ["ledger", "journaled, answered by POST"],
    ] as const) {
      subjects.push({ name: `${name}, ${how}`, bot, nodes, ports, rates: [], p99: [] });
    }
  };
  await add("no store", "memory", 1);
  await add("SQLite", join(folder, "store.sqlite"), 1);
  await add(`PostgreSQL, ${count} nodes`, url, count);
  for (let round = 0; round <= rounds; round += 1) {
    for (const index of turn(subjects.length, round))
      await measure(subjects[index] as Subject, generators, requests, flight);
    if (round === 0) for (const subject of subjects) subject.rates.length = subject.p99.length = 0;
  }
  report(subjects, rounds, requests, flight);
  return findings(subjects, count);
}

function findings(subjects: readonly Subject[], count: number): Finding[] {
  const rates = (name: string): readonly number[] =>
    subjects.find((subject) => subject.name === name)?.rates ?? [];
  const inline = rates("SQLite, inline");
  const many = `PostgreSQL, ${count} nodes`;
  const beside = (how: string): Finding => ({
    what: `${how}, rate: ${count} nodes on PostgreSQL / one on SQLite`,
    ratio: ratios(rates(`${many}, ${how}`), rates(`SQLite, ${how}`)),
  });
  return [
    {
      what: "inline, rate: with SQLite / no store",
      ratio: ratios(inline, rates("no store, inline")),
      aim: { least: 0.95 },
    },
    {
      what: "SQLite, rate: journaled / inline",
      ratio: ratios(rates("SQLite, journaled"), inline),
      aim: { least: 0.6 },
    },
    {
      what: "SQLite, rate: journaled, answered by POST / inline",
      ratio: ratios(rates("SQLite, journaled, answered by POST"), inline),
    },
    ...["inline", "journaled", "journaled, answered by POST"].map(beside),
  ];
}

function report(subjects: readonly Subject[], rounds: number, requests: number, flight: number): void {
  print(`\nPromises: ${rounds} rounds of ${requests} stanzas, ${flight} in flight; ${machine()}\n`);
  const [none] = subjects as [Subject];
  printTable(
    ["", "stanzas/s", "this/no store", "p99 ms"],
    subjects.map(({ name, rates, p99 }) => [
      name,
      median(rates).toFixed(0),
      showRatio(ratios(rates, none.rates)),
      median(p99).toFixed(1),
    ]),
  );
}

if (import.meta.main) {
  const { rounds, requests, flight, nodes } = numbers({ rounds: 7, requests: 6000, flight: 64, nodes: 3 });
  printFindings(await promisesBench(rounds, requests, flight, nodes));
}
