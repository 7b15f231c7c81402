/**
 * What a callback costs: restanza's echo beside a bare Hono route and a bare `node:http` server that answer a constant,
 * each in a process of its own, a new connection for every stanza, as Prosody does it; and signed callbacks over
 * lasting connections, as mod_restanza_callback sends them.
 *
 * `node --import tsx bench/callback.ts [--rounds 7] [--requests 8000] [--flight 64]`
 */
import type { Addressed, Carriage } from "./support/callback-request.ts";
import { type Child, start } from "./support/child.ts";
import type { LoadReply, LoadRequest } from "./support/generator.ts";
import { type Finding, machine, numbers, print, printFindings, printTable } from "./support/report.ts";
import { median, ratios, showRatio, turn } from "./support/stats.ts";
import type { Kind } from "./support/subject.ts";

interface Case {
  readonly name: string;
  readonly kind: Kind;
  readonly carriage: Carriage;
  readonly lasting: boolean;
  readonly addressed?: Addressed & { readonly people?: number };
}

const cases: readonly Case[] = [
  { name: "node:http, constant", kind: "node", carriage: "xml", lasting: false },
  { name: "Hono, constant", kind: "hono", carriage: "xml", lasting: false },
  { name: "restanza, XML", kind: "restanza", carriage: "xml", lasting: false },
  { name: "restanza, JSON", kind: "restanza", carriage: "json", lasting: false },
  { name: "Hono, constant, lasting", kind: "hono", carriage: "signed", lasting: true },
  { name: "restanza, signed XML, lasting", kind: "restanza-signed", carriage: "signed", lasting: true },
  {
    name: "restanza, one command",
    kind: "restanza-command",
    carriage: "xml",
    lasting: false,
    addressed: { bot: "bot", words: "command0", people: 1_000 },
  },
  {
    name: "restanza, 1,000 bots × 50 commands",
    kind: "restanza-commands",
    carriage: "xml",
    lasting: false,
    addressed: { bot: "bot", bots: 1_000, words: "command0", people: 1_000 },
  },
];

interface Subject extends Case {
  readonly port: number;
  readonly server: Child<"cpu", number>;
  /** By round: stanzas a second, and µs of CPU a stanza. */
  readonly rates: number[];
  readonly costs: number[];
}

type Generator = Child<LoadRequest, LoadReply>;

async function measure(
  subject: Subject,
  generators: readonly Generator[],
  requests: number,
  flight: number,
): Promise<void> {
  const share = Math.ceil(requests / generators.length);
  const { port, carriage, lasting, name } = subject;
  const load = {
    ...{ port, carriage, lasting, requests: share, inFlight: Math.ceil(flight / generators.length) },
    ...subject.addressed,
  };
  const cpu = await subject.server.ask("cpu");
  const began = performance.now();
  const replies = await Promise.all(generators.map((generator) => generator.ask(load)));
  const seconds = (performance.now() - began) / 1000;
  const used = (await subject.server.ask("cpu")) - cpu;
  const wrong = replies.flatMap((reply) => reply.wrong);
  if (wrong.length > 0) throw new Error(`${name} gave ${wrong.length} wrong answers, the first: ${wrong[0]}`);
  const done = share * generators.length;
  subject.rates.push(done / seconds);
  subject.costs.push(used / done);
}

/** Runs all cases in turns and prints how they compare. */
export async function callbackBench(rounds: number, requests: number, flight: number): Promise<Finding[]> {
  using stack = new DisposableStack();
  const generators: Generator[] = [];
  for (let count = 0; count < 2; count += 1) {
    generators.push(stack.use((await start<LoadRequest, LoadReply>("generator.ts")).child));
  }
  const subjects: Subject[] = [];
  for (const each of cases) {
    const { child, ready } = await start<"cpu", number>("subject.ts", each.kind);
    subjects.push({ ...each, server: stack.use(child), port: ready, rates: [], costs: [] });
  }
  // The first round is for the compiler.
  for (let round = 0; round <= rounds; round += 1) {
    for (const index of turn(subjects.length, round))
      await measure(subjects[index] as Subject, generators, requests, flight);
    if (round === 0) for (const subject of subjects) subject.rates.length = subject.costs.length = 0;
  }
  report(subjects, rounds, requests, flight);
  return findings(subjects);
}

function findings(subjects: readonly Subject[]): Finding[] {
  const [node, hono, xml, json, lasting, signed, command, commands] = subjects as [
    ...[Subject, Subject, Subject, Subject],
    ...[Subject, Subject, Subject, Subject],
  ];
  return [
    {
      what: "JSON callback, CPU: bare Hono / restanza",
      ratio: ratios(hono.costs, json.costs),
      aim: { least: 0.75 },
    },
    {
      what: "JSON callback, rate: restanza / bare Hono",
      ratio: ratios(json.rates, hono.rates),
      aim: { least: 0.75 },
    },
    {
      what: "XML callback, CPU: bare Hono / restanza",
      ratio: ratios(hono.costs, xml.costs),
      aim: { least: 0.6 },
    },
    {
      what: "XML callback, rate: restanza / bare Hono",
      ratio: ratios(xml.rates, hono.rates),
      aim: { least: 0.6 },
    },
    { what: "XML callback, CPU: node:http / restanza", ratio: ratios(node.costs, xml.costs) },
    {
      what: "signed, lasting, CPU: bare Hono lasting / restanza",
      ratio: ratios(lasting.costs, signed.costs),
    },
    { what: "signed, lasting / XML, connection each, rate", ratio: ratios(signed.rates, xml.rates) },
    {
      what: "callback, CPU: 1,000 bots × 50 commands / one command",
      ratio: ratios(commands.costs, command.costs),
      aim: { most: 1.1 },
    },
  ];
}

function report(subjects: readonly Subject[], rounds: number, requests: number, flight: number): void {
  print(`\nCallbacks: ${rounds} rounds of ${requests} stanzas, ${flight} in flight; ${machine()}`);
  print("Ratios are medians of the rounds (least..greatest), greater is better.\n");
  const [node, hono] = subjects as [Subject, Subject];
  const lasting = subjects.find((subject) => subject.kind === "hono" && subject.lasting) as Subject;
  const rows = subjects.map((subject) => {
    const beside = subject.lasting ? lasting : hono;
    return [
      subject.name,
      median(subject.rates).toFixed(0),
      median(subject.costs).toFixed(1),
      showRatio(ratios(beside.costs, subject.costs)),
      showRatio(ratios(subject.rates, beside.rates)),
      showRatio(ratios(node.costs, subject.costs)),
      showRatio(ratios(subject.rates, node.rates)),
    ];
  });
  printTable(
    ["", "stanzas/s", "µs CPU", "CPU: Hono/this", "rate: this/Hono", "CPU: node/this", "rate: this/node"],
    rows,
  );
}

if (import.meta.main) {
  const { rounds, requests, flight } = numbers({ rounds: 7, requests: 8000, flight: 64 });
  printFindings(await callbackBench(rounds, requests, flight));
}
