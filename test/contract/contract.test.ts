import { after, before, describe, test } from "node:test";
import { whyNoProsody } from "../../prosody/server.ts";
import { CONTRACT } from "./cases/all.ts";
import { CaseContext, type Shared } from "./support/contract-case.ts";
import { startDouble } from "./support/double-server.ts";
import { startRealProsody } from "./support/prosody-server.ts";
import type { StartServer } from "./support/server-under-test.ts";
import { startShared, stopShared } from "./support/shared.ts";
import { ResultTable } from "./support/table.ts";

const cases = Object.values(CONTRACT).flat();

const missing = whyNoProsody();
if (missing !== undefined && process.env["CI"] === "true") throw new Error(missing);
const skip = missing === undefined ? {} : { skip: missing };

const servers: { name: string; start: StartServer; options: { skip?: string } }[] = [
  { name: "the double as 13.0.1", start: (layout) => startDouble("13.0.1", layout), options: {} },
  { name: "the double as 13.0.7", start: (layout) => startDouble("13.0.7", layout), options: {} },
  {
    name: "Prosody of trixie (13.0.1)",
    start: (layout) => startRealProsody("trixie", layout),
    options: skip,
  },
  { name: "Prosody of sid (13.0.7)", start: (layout) => startRealProsody("sid", layout), options: skip },
];

const table = new ResultTable();

describe("the contract with mod_rest", { concurrency: true }, () => {
  for (const { name, start, options } of servers) {
    describe(name, { ...options, concurrency: 8 }, () => {
      let shared: Shared;
      before(
        async () => {
          shared = await startShared(start);
        },
        // Where there is no such Prosody yet, one is made first.
        { timeout: 240_000 },
      );
      after(() => stopShared(shared), { timeout: 30_000 });
      for (const [index, contractCase] of cases.entries()) {
        test(`${contractCase.section}: ${contractCase.name}`, async () => {
          let passed = false;
          try {
            await contractCase.run(new CaseContext(shared, index));
            passed = true;
          } finally {
            table.record(shared.server.name, contractCase, passed);
          }
        });
      }
    });
  }
  after(() => process.stdout.write(`\n${table}\n`));
});
