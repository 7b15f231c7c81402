import { statSync } from "node:fs";
import { type QueueName, SqliteStore, type Store } from "../../store/index.ts";

/** What is in a queue. */
export interface QueueFigures {
  readonly waiting: number;
  readonly dead: number;
  /** When the first of those that wait was queued, in milliseconds since 1970. */
  readonly oldestWaiting: number | undefined;
  readonly oldestDead: number | undefined;
}

/** What is in a store. */
export interface Figures {
  readonly queues: Readonly<Record<QueueName, QueueFigures>>;
  readonly bytes: number | undefined;
}

/** Counts what a store holds. */
export async function figuresOf(store: Store): Promise<Figures> {
  const [inbox, outbox, timers] = await Promise.all([
    queueFigures(store, "inbox"),
    queueFigures(store, "outbox"),
    queueFigures(store, "timers"),
  ]);
  return { queues: { inbox, outbox, timers }, bytes: await sizeOf(store) };
}

async function queueFigures(store: Store, queue: QueueName): Promise<QueueFigures> {
  const [counts, [waiting], [dead]] = await Promise.all([
    store.counts(queue),
    store.entries(queue, { state: "waiting", limit: 1 }),
    store.entries(queue, { state: "dead", limit: 1 }),
  ]);
  return { ...counts, oldestWaiting: waiting?.since, oldestDead: dead?.since };
}

/** What it takes on the disk, with the log of changes that belongs to it; in bytes. */
async function sizeOf(store: Store): Promise<number | undefined> {
  if (!(store instanceof SqliteStore)) return undefined;
  return [store.file, `${store.file}-wal`]
    .map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, each) => sum + each, 0);
}
