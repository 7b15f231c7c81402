import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import { Outbox } from "../../../src/outbound/index.ts";
import { MemoryStore, SqliteStore, type Store } from "../../../src/store/index.ts";
import { Folder } from "../../store/support/folder.ts";
import { ScriptedServer } from "../scripted-server.ts";
import { DOMAIN, FAST_CLOCK, note } from "./support.ts";
import { Unreliable, WHIMS } from "./unreliable.ts";

const PEOPLE = 4;

type Step =
  | { readonly send: number; readonly priority: number }
  | { readonly queue: readonly number[] }
  | { readonly restart: "patient" | "hasty" }
  | { readonly pause: number };

const person = fc.nat({ max: PEOPLE - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ send: person, priority: fc.constantFrom(-10, 0, 0, 5) }) },
  { weight: 2, arbitrary: fc.record({ queue: fc.array(person, { minLength: 1, maxLength: 8 }) }) },
  { weight: 1, arbitrary: fc.record({ restart: fc.constantFrom("patient" as const, "hasty" as const) }) },
  { weight: 4, arbitrary: fc.record({ pause: fc.nat({ max: 4 }) }) },
);

/** Where an outbox has its queue; opened again after each restart. */
interface Shelf extends AsyncDisposable {
  open(): Promise<Store>;
  close(store: Store): Promise<void>;
}

function inMemory(): Shelf {
  const store = new MemoryStore();
  return {
    open: async () => store,
    close: async () => undefined,
    [Symbol.asyncDispose]: () => store.close(),
  };
}

function inSqlite(): Shelf {
  const folder = new Folder();
  return {
    open: () => SqliteStore.open({ file: folder.file() }),
    close: (store) => store.close(),
    [Symbol.asyncDispose]: async () => folder[Symbol.dispose](),
  };
}

async function check(
  steps: readonly Step[],
  whims: readonly Unreliable["whim"][],
  shelf: Shelf,
): Promise<number> {
  let turn = 0;
  const prosody = new Unreliable(() => (whims[turn++ % whims.length] as Unreliable["whim"])());
  await using server = await ScriptedServer.start(prosody.script);
  await using client = server.client({ domain: DOMAIN });
  const clients = new Map([[DOMAIN, client]]);
  const open = async (): Promise<[Store, Outbox]> => {
    const store = await shelf.open();
    const outbox = new Outbox({ store, clients, clock: FAST_CLOCK, maxAttempts: 1_000_000, concurrency: 3 });
    outbox.start();
    return [store, outbox];
  };
  let [store, outbox] = await open();
  const given = Array.from({ length: PEOPLE }, (): string[] => []);
  const sends: Promise<unknown>[] = [];
  let hasty = false;
  const make = (to: number) => {
    const own = given[to] as string[];
    const id = `p${to} ${own.length}`;
    own.push(id);
    return note(`p${to}@example.com`, id);
  };
  for (const each of steps) {
    if ("send" in each) sends.push(outbox.send(make(each.send), { priority: each.priority }));
    else if ("queue" in each) sends.push(outbox.enqueue(each.queue.map(make)));
    else if ("pause" in each) await pause(each.pause);
    else {
      hasty ||= each.restart === "hasty";
      // What was asked for is in the store, whatever becomes of it.
      if (each.restart === "patient") await outbox.stop();
      else await outbox.stop({ signal: AbortSignal.abort(new Error("hasty")) });
      await Promise.all(sends);
      await shelf.close(store);
      [store, outbox] = await open();
    }
  }
  await Promise.all(sends);
  await outbox.idle();
  for (const [to, ids] of given.entries()) {
    assert.deepEqual(prosody.firsts(`p${to}`), ids, `what was taken for p${to}, for the first time each`);
  }
  assert.deepEqual(await store.counts("outbox"), { waiting: 0, dead: 0 });
  assert.equal(outbox.status().waiting, 0);
  if (!hasty) assert.deepEqual(prosody.needless, [], "sent again though it was confirmed");
  await outbox.stop();
  await shelf.close(store);
  return prosody.duplicates;
}

describe("an outbox with an unreliable Prosody, through restarts", () => {
  for (const [name, shelf, runs] of [
    ["memory", inMemory, 100],
    ["SQLite", inSqlite, 30],
  ] as const) {
    it(`loses nothing, keeps the order, and repeats only what is in doubt: ${name}`, {
      timeout: 300_000,
    }, async (context) => {
      let stanzas = 0;
      let duplicates = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 1, maxLength: 80, size: "+1" }),
          fc.array(fc.constantFrom(...WHIMS), { maxLength: 30 }),
          async (steps, whims) => {
            await using kept = shelf();
            // However bad it is, it takes something in the end.
            const all = [...whims, "accept" as const].map((whim) => () => whim);
            duplicates += await check(steps, all, kept);
            stanzas += steps.reduce(
              (sum, each) => sum + ("send" in each ? 1 : "queue" in each ? each.queue.length : 0),
              0,
            );
          },
        ),
        { numRuns: runs },
      );
      context.diagnostic(`${stanzas} stanzas, ${duplicates} arrived again`);
    });
  }
});
