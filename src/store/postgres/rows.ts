import type { JsonValue } from "../../stanza/index.ts";
import type { EntryState, QueueEntry, QueueName } from "../queues.ts";
import type { StoredRecord } from "../records.ts";

/** @internal A record as PostgreSQL has it. */
export interface RecordRow {
  readonly key: string;
  readonly json: string;
  readonly version: number;
  readonly expires: number | null;
}

/** @internal An entry as PostgreSQL has it. */
export interface EntryRow {
  readonly queue: QueueName;
  readonly id: string;
  readonly key: string;
  readonly json: string;
  readonly priority: number;
  readonly notBefore: number;
  readonly expires: number | null;
  readonly sequence: number;
  readonly since: number;
  readonly attempts: number;
  readonly error: string | null;
  readonly state: EntryState;
}

/** @internal What to select for a {@link RecordRow}. */
export const RECORD = "coalesce(long_key, key) AS key, json, version, expires";

/** @internal What to select for an {@link EntryRow}, of a table that is called `e`. */
export const ENTRY = `
  e.queue, coalesce(e.long_id, e.id) AS id, coalesce(e.long_key, e.key) AS key, e.json, e.priority,
  e.not_before AS "notBefore", e.expires, e.sequence, e.since, e.attempts, e.error, e.state`;

/** @internal */
export function recordOf({ key, json, version, expires }: RecordRow): StoredRecord {
  return { key, value: JSON.parse(json) as JsonValue, version, expires: expires ?? undefined };
}

/** @internal */
export function entryOf({ json, expires, error, ...row }: EntryRow): QueueEntry {
  return {
    ...row,
    payload: JSON.parse(json) as JsonValue,
    expires: expires ?? undefined,
    error: error ?? undefined,
  };
}
