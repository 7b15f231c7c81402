/**
 * All benchmarks, short: what a callback costs, whether that stays flat, what the promises cost, and round trips through a real Prosody.
 *
 * `npm run bench`, or `npm run bench -- --rounds 9`. Each can be run alone, with options of its own; see docs/BENCHMARKS.md.
 */
import { whyNoProsody } from "../prosody/script.ts";
import { callbackBench } from "./callback.ts";
import { isolationBench } from "./isolation.ts";
import { outboxBench } from "./outbox.ts";
import { promisesBench } from "./promises.ts";
import { prosodyBench } from "./prosody.ts";
import { routingBench } from "./routing.ts";
import { type Finding, numbers, print, printFindings } from "./support/report.ts";

const { rounds } = numbers({ rounds: 5 });
const findings: Finding[] = [
  ...(await callbackBench(rounds, 6000, 64)),
  ...(await routingBench(rounds * 2, 5000)),
  ...(await isolationBench(rounds, 3000, 64)),
  ...(await outboxBench(rounds, 3000, 64)),
  ...(await promisesBench(rounds, 3000, 64, 3)),
];
const reason = whyNoProsody();
if (reason === undefined) findings.push(...(await prosodyBench(rounds, 1500)));
else print(`\nNo round trips through a real Prosody: ${reason}`);
print("\nSummary: medians of the rounds (least..greatest)\n");
printFindings(findings);
