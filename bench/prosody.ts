/**
 * Round trips a second of one XMPP client through a real Prosody: restanza's echo beside a webhook that answers a constant,
 * on a stock mount of mod_rest and on one with mod_restanza_callback.
 *
 * `node --import tsx bench/prosody.ts [--suite trixie|sid] [--rounds 7] [--stanzas 1500]`
 */
import { readFileSync } from "node:fs";
import { type ComponentSpec, type Suite, startProsody } from "../prosody/server.ts";
import { start } from "./support/child.ts";
import { choice, type Finding, machine, numbers, print, printTable } from "./support/report.ts";
import { AUTH, KEY, WORDS } from "./support/stanza.ts";
import { median, ratios, showRatio, turn } from "./support/stats.ts";
import type { Kind } from "./support/subject.ts";
import { login, type XmppClient } from "./support/xmpp-client.ts";

interface Case {
  readonly name: string;
  readonly kind: Kind;
  readonly host: string;
  /** With mod_restanza_callback. */
  readonly module: boolean;
}

const cases: readonly Case[] = [
  { name: "constant, stock mount", kind: "node", host: "constant-stock.test", module: false },
  { name: "restanza, stock mount", kind: "restanza", host: "restanza-stock.test", module: false },
  { name: "constant, our module", kind: "node", host: "constant-module.test", module: true },
  { name: "restanza, our module", kind: "restanza-signed", host: "restanza-module.test", module: true },
];

/** How many messages are on their way at once, and to how many bots: our module keeps the order towards each. */
const windows = [
  { name: "1 in flight", window: 1, bots: 1 },
  { name: "64 in flight, one conversation", window: 64, bots: 1 },
  { name: "64 in flight, 64 conversations", window: 64, bots: 64 },
] as const;

const PERSON = { jid: "juliet@people.test", password: "romeo" };

/** Results of one case in one window, by round. */
interface Results {
  /** Round trips a second. */
  readonly rates: number[];
  /** CPU of Prosody by round trip, in µs. */
  readonly costs: number[];
}

/** Runs all cases in turns and prints how they compare. */
export async function prosodyBench(rounds: number, stanzas: number, suite?: Suite): Promise<Finding[]> {
  using stack = new DisposableStack();
  const hosts: ComponentSpec[] = [];
  for (const each of cases) {
    const { child, ready } = await start<"cpu", number>("subject.ts", each.kind, each.host);
    stack.use(child);
    hosts.push({
      kind: "component",
      host: each.host,
      callback: { address: `127.0.0.1:${ready}`, auth: AUTH, ...(each.module && { keys: [KEY] }) },
      restanza: each.module ? ["callback"] : [],
    });
  }
  await using prosody = await startProsody({
    ...(suite && { suite }),
    hosts: [{ kind: "virtualhost", host: "people.test" }, ...hosts],
    users: [PERSON],
  });
  using client = await login(prosody.xmppPort, PERSON.jid, PERSON.password);
  const all = windows.map((window) => ({
    ...window,
    results: cases.map((): Results => ({ rates: [], costs: [] })),
  }));
  // The first round is for the compiler.
  for (let round = 0; round <= rounds; round += 1) {
    for (const { window, bots, results } of all) {
      const count = window === 1 ? Math.ceil(stanzas / 3) : stanzas;
      for (const index of turn(cases.length, round)) {
        const { host } = cases[index] as Case;
        await measure(client, host, bots, count, window, prosody.pid, results[index] as Results);
      }
      if (round === 0) for (const { rates, costs } of results) rates.length = costs.length = 0;
    }
  }
  print(`\nThrough Prosody ${prosody.version}: ${rounds} rounds of ${stanzas} messages; ${machine()}`);
  print("Ratios of round trips a second: medians of the rounds (least..greatest), greater is better.");
  for (const { name, results } of all) report(name, results);
  return all.flatMap(({ name, results }) => {
    const [constant, restanza, , moduled] = results as [Results, Results, Results, Results];
    return [
      {
        what: `${name}, stock mount: restanza / constant`,
        ratio: ratios(restanza.rates, constant.rates),
        aim: { least: 0.97 },
      },
      { what: `${name}: our module / stock mount`, ratio: ratios(moduled.rates, restanza.rates) },
    ];
  });
}

async function measure(
  client: XmppClient,
  host: string,
  bots: number,
  count: number,
  window: number,
  pid: number,
  { rates, costs }: Results,
): Promise<void> {
  const to = Array.from({ length: bots }, (_, bot) => (bot === 0 ? `echo@${host}` : `echo${bot}@${host}`));
  const cpu = cpuOf(pid);
  const began = performance.now();
  await client.exchange(to, count, window, WORDS);
  rates.push(count / ((performance.now() - began) / 1000));
  costs.push((cpuOf(pid) - cpu) / count);
}

/** The CPU time that a process has used, in µs; the kernel counts it in hundredths of a second (proc(5)). */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

function report(window: string, results: readonly Results[]): void {
  print(`\n${window}`);
  printTable(
    ["", "round trips/s", "Prosody, µs CPU", "this/constant, same mount", "this/same, stock mount"],
    cases.map(({ name, module }, index) => {
      const own = results[index] as Results;
      return [
        name,
        median(own.rates).toFixed(0),
        median(own.costs).toFixed(0),
        showRatio(ratios(own.rates, (results[module ? 2 : 0] as Results).rates)),
        showRatio(ratios(own.rates, (results[index % 2] as Results).rates)),
      ];
    }),
  );
}

if (import.meta.main) {
  const { rounds, stanzas } = numbers({ rounds: 7, stanzas: 1500 });
  await prosodyBench(rounds, stanzas, choice("suite", ["trixie", "sid"] as const));
}
