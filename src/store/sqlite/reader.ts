import type { DatabaseSync, StatementSync } from "node:sqlite";
import { byCodePoint } from "../code-points.ts";
import type { QueueCounts } from "../queues.ts";
import type { EntryRow, RecordRow } from "../rows.ts";
import type { CallKind, Calls } from "./protocol.ts";
import { prepareAll } from "./statements.ts";

type Ask<Kind extends CallKind> = Calls[Kind]["ask"];

/** @internal Answers questions from the database. */
export class Reader {
  readonly #sql: Readonly<Record<keyof typeof SQL, StatementSync>>;

  constructor(db: DatabaseSync) {
    this.#sql = prepareAll(db, SQL);
  }

  get({ collection, key }: Ask<"get">, now: number): RecordRow | undefined {
    const row = this.#sql.get.get(collection, key) as RecordRow | undefined;
    return row && isAlive(row, now) ? row : undefined;
  }

  list({ collection, prefix, after, limit }: Ask<"list">, now: number): RecordRow[] {
    const rows: RecordRow[] = [];
    if (limit === 0) return rows;
    const from = after !== undefined && byCodePoint(after, prefix) > 0 ? after : prefix;
    for (const each of this.#sql.list.iterate(collection, from)) {
      const row = each as unknown as RecordRow;
      // Those with the prefix stand together.
      if (!row.key.startsWith(prefix)) break;
      if (row.key === after || !isAlive(row, now)) continue;
      rows.push(row);
      if (rows.length === limit) break;
    }
    return rows;
  }

  heads({ queue, limit, skipKeys }: Ask<"heads">, now: number): EntryRow[] {
    const rows: EntryRow[] = [];
    if (limit === 0) return rows;
    for (const each of this.#sql.heads.iterate(queue, now)) {
      const row = each as unknown as EntryRow;
      if (skipKeys?.has(row.key)) continue;
      rows.push(row);
      if (rows.length === limit) break;
    }
    return rows;
  }

  nextAt(queue: Ask<"nextAt">, now: number): number | undefined {
    return (this.#sql.nextAt.get(queue, now) as { readonly due: number } | undefined)?.due;
  }

  find({ queue, id }: Ask<"find">): EntryRow | undefined {
    return this.#sql.find.get(queue, id) as EntryRow | undefined;
  }

  entries({ queue, state, after, limit }: Ask<"entries">): EntryRow[] {
    const rows =
      state === undefined
        ? this.#sql.entries.all(queue, after, limit)
        : this.#sql[state].all(queue, after, limit);
    return rows as unknown as EntryRow[];
  }

  counts(queue: Ask<"counts">): QueueCounts {
    return { ...(this.#sql.counts.get(queue) as unknown as QueueCounts) };
  }
}

function isAlive({ expires }: RecordRow, now: number): boolean {
  return expires === null || expires > now;
}

const RECORD = "SELECT key, json, version, expires FROM records WHERE collection = ?";
const ENTRY = `
  SELECT queue, id, key, json, priority, not_before AS notBefore, expires, sequence, since, attempts, error, state
  FROM entries`;

const SQL = {
  get: `${RECORD} AND key = ?`,
  list: `${RECORD} AND key >= ? ORDER BY key`,
  heads: `
    ${ENTRY} INDEXED BY entries_heads WHERE queue = ? AND head = 1 AND due <= ? ORDER BY priority DESC, sequence`,
  nextAt: `
    SELECT due FROM entries INDEXED BY entries_timed WHERE queue = ? AND head = 1 AND due > 0 AND due > ?
    ORDER BY due LIMIT 1`,
  find: `${ENTRY} WHERE queue = ? AND id = ?`,
  entries: `${ENTRY} NOT INDEXED WHERE queue = ? AND sequence > ? ORDER BY sequence LIMIT ?`,
  waiting: `${ENTRY} NOT INDEXED WHERE queue = ? AND sequence > ? AND state = 'waiting' ORDER BY sequence LIMIT ?`,
  dead: `
    ${ENTRY} INDEXED BY entries_dead WHERE queue = ? AND sequence > ? AND state = 'dead' ORDER BY sequence LIMIT ?`,
  counts: `
    SELECT
      (SELECT count(*) FROM entries INDEXED BY entries_by_key WHERE queue = ?1 AND state = 'waiting') AS waiting,
      (SELECT count(*) FROM entries INDEXED BY entries_dead WHERE queue = ?1 AND state = 'dead') AS dead`,
} as const;
