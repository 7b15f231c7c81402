/**
 * How long restanza takes over what an earlier process has left: so many stanzas in the inbox, handled in order within
 * each conversation, from the start of the server until the inbox is empty.
 *
 * `node --import tsx bench/recovery.ts [--stanzas 100000] [--people 1000]`
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { message, writeXml } from "../src/stanza/index.ts";
import { SqliteStore, type Write } from "../src/store/index.ts";
import { start } from "./support/child.ts";
import { machine, numbers, print } from "./support/report.ts";
import { DOMAIN, WORDS } from "./support/stanza.ts";

const { stanzas, people } = numbers({ stanzas: 100_000, people: 1_000 });
const folder = mkdtempSync(join(tmpdir(), "restanza-bench-"));
const file = join(folder, "store.sqlite");
const bot = `ledger@${DOMAIN}`;

function entry(number: number): Write {
  const person = `person${number % people}@people.test`;
  const said = message({ from: `${person}/phone`, to: bot, type: "chat", id: `${number}`, body: WORDS });
  const payload = { bot, xml: writeXml(said.element) };
  return { enqueue: { queue: "inbox", id: `msg_${number}`, key: `${bot} ${person}`, payload } };
}

{
  await using store = await SqliteStore.open({ file });
  for (let from = 0; from < stanzas; from += 1_000) {
    const some = Math.min(1_000, stanzas - from);
    await store.commit(Array.from({ length: some }, (_, index) => entry(from + index)));
  }
}
const rest = await start<never, never, number>("mod-rest.ts");
const began = performance.now();
const node = await start<"idle", number>("node.ts", file, String(rest.ready));
const ready = performance.now();
await node.child.ask("idle");
const done = performance.now();
node.child[Symbol.dispose]();
rest.child[Symbol.dispose]();
rmSync(folder, { recursive: true, force: true });
const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
print(`\nRecovery of ${stanzas} stanzas in ${people} conversations; ${machine()}\n`);
print(
  `ready for callbacks after ${seconds(ready - began)}, all handled and answered after ${seconds(done - began)}`,
);
print(`${Math.round((stanzas / (done - ready)) * 1000)} a second`);
