import type { JsonValue } from "../stanza/index.ts";
import type { EntryState, QueueEntry, QueueName } from "./queues.ts";
import type { StoredRecord } from "./records.ts";

/** @internal A record as a database has it. */
export interface RecordRow {
  readonly key: string;
  readonly json: string;
  readonly version: number;
  readonly expires: number | null;
}

/** @internal An entry as a database has it. */
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
