import type { Logger } from "pino";
import type { Jid } from "../../stanza/index.ts";
import { ConflictError, type Store, type StoredRecord, type Write } from "../../store/index.ts";
import { runEntry } from "./call.ts";
import { type Planned, plansOf, type Schedule } from "./schedule.ts";

const PAGE = 100;

/**
 * @internal Has the first run of each schedule wait for its time, where it is new or not what it was; one that is there no more
 * is forgotten, and what waits of it runs nothing.
 */
export async function planSchedules(
  store: Store,
  bot: { readonly jid: Jid; readonly log: Logger },
  schedules: ReadonlyMap<string, Schedule>,
  now: number,
): Promise<void> {
  const collection = plansOf(bot.jid);
  const records = new Map<string, StoredRecord>();
  for (let page: readonly StoredRecord[] = [], after: string | undefined; ; after = page.at(-1)?.key) {
    page = await store.list(collection, { limit: PAGE, ...(after === undefined ? {} : { after }) });
    for (const record of page) records.set(record.key, record);
    if (page.length < PAGE) break;
  }
  for (const [key, { version }] of records)
    if (!schedules.has(key)) await attempt(store, [{ delete: { collection, key, ifVersion: version } }]);
  for (const [key, { recurrence }] of schedules) {
    const record = records.get(key);
    const planned = record?.value as Planned | undefined;
    if (planned?.definition === recurrence.definition) continue;
    const next = recurrence.next(now);
    if (next === undefined) {
      bot.log.warn({ schedule: key }, `the schedule ${key} is never due: ${recurrence.definition}`);
      continue;
    }
    const value = { definition: recurrence.definition, next };
    await attempt(store, [
      { put: { collection, key, value, ifVersion: record?.version ?? 0 } },
      { enqueue: runEntry(bot.jid, key, next) },
    ]);
  }
}

/** Commits, unless another node has been quicker. */
async function attempt(store: Store, writes: readonly Write[]): Promise<void> {
  try {
    await store.commit(writes);
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
  }
}
