/**
 * Commits without end, in several conversations at once, and tells of each commit that was acknowledged: until it is killed.
 * Run with the file of a store.
 */
import { writeSync } from "node:fs";
import { SqliteStore, type Write } from "../../../src/store/index.ts";
import { BACKLOG, LANES } from "./committed.ts";

const store = await SqliteStore.open({ file: process.argv[2] ?? "" });

function tell(line: string): void {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      // Whoever listens is busy.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}

async function run(lane: number): Promise<never> {
  const key = `lane${lane}`;
  let done = Number((await store.get("first", key))?.value ?? 0);
  for (;;) {
    const number = done + 1;
    const writes: Write[] = [
      { put: { collection: "first", key, value: number } },
      { enqueue: { queue: "inbox", id: `${key}/${number}`, key, payload: number } },
      { put: { collection: "second", key, value: number } },
    ];
    if (number > BACKLOG) writes.push({ complete: { queue: "inbox", id: `${key}/${number - BACKLOG}` } });
    await store.commit(writes);
    tell(`${lane} ${number}\n`);
    done = number;
  }
}

await Promise.all(Array.from({ length: LANES }, (_, lane) => run(lane)));
