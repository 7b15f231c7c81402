import type { Store, Write } from "../../../src/store/index.ts";
import { BACKLOG, LANES } from "./committed.ts";
import { tell } from "./tell.ts";

/** The commit of so-and-so many in a lane: two records and an entry, and one that is done with. */
export function laneCommit(lane: number, number: number, version?: number): Write[] {
  const key = `lane${lane}`;
  const writes: Write[] = [
    { put: { collection: "first", key, value: number, ifVersion: version } },
    { enqueue: { queue: "inbox", id: `${key}/${number}`, key, payload: number } },
    { put: { collection: "second", key, value: number } },
  ];
  if (number > BACKLOG) writes.push({ complete: { queue: "inbox", id: `${key}/${number - BACKLOG}` } });
  return writes;
}

/** Commits without end, in several conversations at once, and tells of each commit that was acknowledged: until it is killed. */
export async function commitForever(store: Store): Promise<never> {
  await Promise.all(Array.from({ length: LANES }, (_, lane) => run(store, lane)));
  throw new Error("a lane has come to an end");
}

async function run(store: Store, lane: number): Promise<never> {
  let done = Number((await store.get("first", `lane${lane}`))?.value ?? 0);
  for (;;) {
    await store.commit(laneCommit(lane, done + 1));
    done += 1;
    tell(`${lane} ${done}\n`);
  }
}
