/**
 * What a durable commit costs: the SQLite store, one commit after the other and many at once, beside the bare `DatabaseSync`
 * that inserts a row in the same thread; and what a queue with a backlog costs.
 *
 * `node --import tsx bench/store.ts [--rounds 5] [--commits 4000] [--backlog 100000]`
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SqliteStore, type Write } from "../src/store/index.ts";
import { type Finding, machine, numbers, print, printTable } from "./support/report.ts";
import { WORDS } from "./support/stanza.ts";
import { median, ratios, showRatio, turn } from "./support/stats.ts";

const XML = `<message type='chat' id='a' from='juliet@people.test/phone' to='echo@bots.test'><body>${WORDS}</body></message>`;

interface Case {
  readonly name: string;
  /** Does so many commits; resolves when the last is on the disk. */
  run(commits: number): Promise<void>;
  /** By round, commits a second. */
  readonly rates: number[];
}

/** Does something so many times, some of them at once. */
async function atOnce(
  concurrency: number,
  count: number,
  work: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      await work(index);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}

function bare(folder: string): Case & Disposable {
  const db = new DatabaseSync(join(folder, "bare.sqlite"));
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE rows (xml TEXT)");
  const insert = db.prepare("INSERT INTO rows (xml) VALUES (?)");
  return {
    name: "bare DatabaseSync, one row",
    run: async (commits) => {
      for (let index = 0; index < commits; index += 1) insert.run(XML);
    },
    rates: [],
    [Symbol.dispose]: () => db.close(),
  };
}

function puts(store: SqliteStore, concurrency: number): Case {
  return {
    name: `a record, ${concurrency} at once`,
    run: (commits) =>
      atOnce(concurrency, commits, (index) =>
        store.commit([
          { put: { collection: "visits", key: `person${index % 1000}@people.test`, value: index } },
        ]),
      ),
    rates: [],
  };
}

let lives = 0;

/** What a stanza costs that is journaled, handled, and changes a record: two commits. */
function stanzas(store: SqliteStore, concurrency: number): Case {
  return {
    name: `a stanza journaled and handled, ${concurrency} at once`,
    run: (commits) =>
      atOnce(concurrency, Math.ceil(commits / 2), async () => {
        lives += 1;
        const id = `stanza-${lives}`;
        const key = `person${lives % 1000}@people.test`;
        await store.commit([{ enqueue: { queue: "inbox", id, key, payload: XML } }]);
        await store.commit([
          { put: { collection: "visits", key, value: lives } },
          { complete: { queue: "inbox", id } },
        ]);
      }),
    rates: [],
  };
}

/** What is asked of a queue with a long backlog, in ms. */
async function backlog(folder: string, count: number): Promise<void> {
  const file = join(folder, "backlog.sqlite");
  const rows: string[][] = [];
  const time = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const began = performance.now();
    await work();
    rows.push([name, (performance.now() - began).toFixed(1)]);
  };
  const first = await SqliteStore.open({ file });
  const keys = count / 10;
  await time(`${count} stanzas journaled, 1,000 at once`, () =>
    atOnce(1000, count, (index) =>
      first.commit([
        { enqueue: { queue: "inbox", id: `${index}`, key: `person${index % keys}`, payload: XML } },
      ]),
    ),
  );
  await first.close();
  let store = first;
  await time("opening, with the check of the file", async () => {
    store = await SqliteStore.open({ file });
  });
  await time("the first 100 heads", () => store.heads("inbox", { limit: 100 }));
  const skipKeys = new Set(Array.from({ length: 1000 }, (_, index) => `person${index}`));
  await time("100 heads behind 1,000 keys that are being worked on", () =>
    store.heads("inbox", { limit: 100, skipKeys }),
  );
  await time("counts", () => store.counts("inbox"));
  await time("all read, head by head, and completed, 1,000 at once", async () => {
    for (;;) {
      const heads = await store.heads("inbox", { limit: 1000 });
      if (heads.length === 0) return;
      await Promise.all(heads.map(({ id }) => store.commit([{ complete: { queue: "inbox", id } }])));
    }
  });
  const later = Date.now() + 3_600_000;
  const waiting = Array.from(
    { length: count },
    (_, index): Write => ({
      enqueue: { queue: "outbox", id: `${index}`, key: `${index}`, payload: XML, notBefore: later },
    }),
  );
  for (let from = 0; from < count; from += 1000) await store.commit(waiting.slice(from, from + 1000));
  await time(`heads, where ${count} keys wait for their time`, () => store.heads("outbox", { limit: 100 }));
  await time("when the next may go", () => store.nextAt("outbox"));
  await time("backup", () => store.backup(join(folder, "copy.sqlite")));
  await store.close();
  print("\nA long queue\n");
  printTable(["", "ms"], rows);
}

/** Runs all cases in turns and prints how they compare. */
export async function storeBench(rounds: number, commits: number, waiting: number): Promise<Finding[]> {
  const folder = mkdtempSync(join(tmpdir(), "restanza-bench-"));
  try {
    using raw = bare(folder);
    await using store = await SqliteStore.open({ file: join(folder, "store.sqlite") });
    const cases = [raw, ...[1, 16, 256].flatMap((at) => [puts(store, at), stanzas(store, at)])];
    // The first round is for the compiler.
    for (let round = 0; round <= rounds; round += 1) {
      for (const index of turn(cases.length, round)) {
        const each = cases[index] as Case;
        const began = performance.now();
        await each.run(commits);
        each.rates.push(commits / ((performance.now() - began) / 1000));
      }
      if (round === 0) for (const { rates } of cases) rates.length = 0;
    }
    print(`\nStore: ${rounds} rounds of ${commits} durable commits; ${machine()}`);
    print("Ratios are medians of the rounds (least..greatest), greater is better.\n");
    printTable(
      ["", "commits/s", "this/bare"],
      cases.map(({ name, rates }) => [name, median(rates).toFixed(0), showRatio(ratios(rates, raw.rates))]),
    );
    await backlog(folder, waiting);
    return cases.slice(1).map(({ name, rates }) => ({
      what: `durable commits, ${name}: store / bare`,
      ratio: ratios(rates, raw.rates),
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const { rounds, commits, backlog } = numbers({ rounds: 5, commits: 4000, backlog: 100_000 });
  await storeBench(rounds, commits, backlog);
}
