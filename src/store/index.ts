export type { JsonValue } from "../stanza/index.ts";
export { type Clock, SYSTEM_CLOCK } from "./clock.ts";
export {
  ConflictError,
  StoreClosedError,
  StoreDamagedError,
  StoreError,
  StoreFullError,
  StoreInUseError,
  StoreIoError,
  StoreVersionError,
} from "./errors.ts";
export type { Claim, Lease, Leases } from "./leases.ts";
export { type MemoryNode, MemoryStore, SharedMemory, type SharedMemoryOptions } from "./memory/index.ts";
export { PostgresStore, type PostgresStoreOptions } from "./postgres/index.ts";
export type {
  EntriesOptions,
  EntryState,
  HeadsOptions,
  NewEntry,
  QueueCounts,
  QueueEntry,
  QueueName,
} from "./queues.ts";
export type { ListOptions, StoredRecord } from "./records.ts";
export { backupSqliteStore, checkSqliteStore, SqliteStore, type SqliteStoreOptions } from "./sqlite/index.ts";
export type { Store, StoreOptions } from "./store.ts";
export type { Check, Delete, EntryFailure, EntryId, Put, Write } from "./writes.ts";
