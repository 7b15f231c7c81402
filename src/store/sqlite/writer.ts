import type { DatabaseSync, StatementSync } from "node:sqlite";
import { expectVersion, fenceConflict, stateConflict } from "../conflicts.ts";
import { dueAt } from "../entry-times.ts";
import type { PreparedEntry, PreparedFence, PreparedWrite } from "../prepare.ts";
import type { EntryState } from "../queues.ts";
import { prepareAll } from "./statements.ts";

type RecordWrite = Extract<PreparedWrite, { readonly collection: string }>;
type EntryChange = Exclude<PreparedWrite, PreparedEntry | PreparedFence | RecordWrite>;

interface Found {
  readonly sequence: number;
  readonly key: string;
  readonly expires: number | null;
  readonly state: EntryState;
  readonly head: number;
}

/** @internal Applies writes to the database, within a transaction that is somebody else's business. */
export class Writer {
  readonly #memory: number;
  readonly #sql: Readonly<Record<keyof typeof SQL, StatementSync>>;

  constructor(db: DatabaseSync, memory: number) {
    this.#memory = memory;
    this.#sql = prepareAll(db, SQL);
  }

  /** The last version or sequence that was given. */
  get last(): number {
    return (this.#sql.last.get() as { readonly last: number }).last;
  }

  set last(value: number) {
    this.#sql.setLast.run(value);
  }

  /**
   * @param number the version or sequence to give.
   * @returns whether it was given.
   * @throws ConflictError
   */
  apply(write: PreparedWrite, index: number, number: number, now: number): boolean {
    if ("collection" in write) return this.#record(write, index, number, now);
    // A file is one process's, and has no leases to give.
    if (write.kind === "fence") throw fenceConflict(index, write);
    if (write.kind === "enqueue") return this.#enqueue(write, number, now);
    return this.#change(write, index, number, now);
  }

  #record(write: RecordWrite, index: number, number: number, now: number): boolean {
    const { collection, key } = write;
    const expected = write.kind === "check" ? write.version : write.ifVersion;
    if (expected !== undefined) {
      const row = this.#sql.version.get(collection, key, now) as { readonly version: number } | undefined;
      expectVersion(index, write, expected, row?.version ?? 0);
    }
    if (write.kind === "put") this.#sql.put.run(collection, key, write.json, number, write.expires ?? null);
    else if (write.kind === "delete") this.#sql.delete.run(collection, key);
    return write.kind === "put";
  }

  #enqueue(entry: PreparedEntry, sequence: number, now: number): boolean {
    const { queue, id, key, json, priority, notBefore, expires } = entry;
    const due = dueAt(notBefore, expires);
    const { changes } = this.#sql.enqueue.run(
      ...[sequence, queue, id, key, json, priority, notBefore, expires ?? null, due, now],
    );
    return changes !== 0;
  }

  #change(write: EntryChange, index: number, number: number, now: number): boolean {
    const { queue, id } = write;
    const entry = this.#sql.find.get(queue, id) as Found | undefined;
    const needed: EntryState = write.kind === "revive" || write.kind === "drop" ? "dead" : "waiting";
    if (entry?.state !== needed) throw stateConflict(index, write, needed, entry?.state);
    const { sequence } = entry;
    switch (write.kind) {
      case "complete":
      case "drop":
        this.#sql.remove.run(sequence);
        this.#sql.remember.run(queue, id, now + this.#memory);
        break;
      case "bury":
        this.#sql.bury.run(write.error, sequence);
        break;
      case "retry": {
        const due = dueAt(write.notBefore, entry.expires ?? undefined);
        this.#sql.retry.run(write.notBefore, due, write.error, sequence);
        return false;
      }
      case "revive":
        this.#sql.revive.run(number, dueAt(0, entry.expires ?? undefined), sequence);
        return true;
    }
    if (entry.head === 1) this.#sql.promote.run(queue, entry.key);
    return false;
  }
}

const SQL = {
  last: "SELECT last FROM counter",
  setLast: "UPDATE counter SET last = ?",
  version:
    "SELECT version FROM records WHERE collection = ? AND key = ? AND (expires IS NULL OR expires > ?)",
  put: `
    INSERT INTO records (collection, key, json, version, expires) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (collection, key) DO UPDATE SET json = excluded.json, version = excluded.version, expires = excluded.expires`,
  delete: "DELETE FROM records WHERE collection = ? AND key = ?",
  enqueue: `
    INSERT INTO entries (sequence, queue, id, key, json, priority, not_before, expires, due, since, head)
    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,
      NOT EXISTS (SELECT 1 FROM entries WHERE queue = ?2 AND key = ?4 AND state = 'waiting')
    WHERE NOT EXISTS (SELECT 1 FROM remembered WHERE queue = ?2 AND id = ?3 AND until > ?10)
    ON CONFLICT (queue, id) DO NOTHING`,
  find: "SELECT sequence, key, expires, state, head FROM entries WHERE queue = ? AND id = ?",
  remove: "DELETE FROM entries WHERE sequence = ?",
  remember: `
    INSERT INTO remembered (queue, id, until) VALUES (?, ?, ?)
    ON CONFLICT (queue, id) DO UPDATE SET until = excluded.until`,
  retry: "UPDATE entries SET attempts = attempts + 1, not_before = ?, due = ?, error = ? WHERE sequence = ?",
  bury: "UPDATE entries SET attempts = attempts + 1, state = 'dead', head = 0, error = ? WHERE sequence = ?",
  revive: `
    UPDATE entries AS dead SET sequence = ?1, attempts = 0, state = 'waiting', not_before = 0, due = ?2,
      head = NOT EXISTS (
        SELECT 1 FROM entries WHERE queue = dead.queue AND key = dead.key AND state = 'waiting')
    WHERE sequence = ?3`,
  promote: `
    UPDATE entries SET head = 1 WHERE sequence = (
      SELECT sequence FROM entries WHERE queue = ? AND key = ? AND state = 'waiting' ORDER BY sequence LIMIT 1)`,
} as const;
