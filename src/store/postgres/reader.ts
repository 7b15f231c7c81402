import type { EntryState, QueueCounts, QueueName } from "../queues.ts";
import type { EntryRow, RecordRow } from "../rows.ts";
import { ENTRY, RECORD } from "./columns.ts";
import type { Connections } from "./connections.ts";
import { beginning, behind, shortName, storable } from "./names.ts";

/** @internal Answers questions from the database. */
export class Reader {
  readonly #connections: Connections;
  readonly #sql: ReturnType<typeof statements>;

  constructor(connections: Connections, s: string) {
    this.#connections = connections;
    this.#sql = statements(s);
  }

  async get(collection: string, key: string, now: number): Promise<RecordRow | undefined> {
    const [row] = await this.#ask<RecordRow>("get", [shortName(collection), shortName(key), now]);
    return row;
  }

  /** Keys that are too long for an index are in the order of their beginnings. */
  async list(
    collection: string,
    prefix: string,
    after: string | undefined,
    limit: number,
    now: number,
  ): Promise<RecordRow[]> {
    // No key begins with what no key can hold.
    if (storable(prefix) !== prefix) return [];
    const start = beginning(prefix);
    const end = behind(start) ?? null;
    const last = after === undefined ? null : shortName(storable(after));
    return this.#ask("list", [shortName(collection), start, end, last, prefix, now, limit]);
  }

  async heads(
    queue: QueueName,
    limit: number,
    skipKeys: ReadonlySet<string> | undefined,
    owner: string,
    now: number,
  ): Promise<EntryRow[]> {
    const skip = [...(skipKeys ?? [])].filter((key) => storable(key) === key).map(shortName);
    return this.#ask("heads", [queue, now, owner, skip, limit]);
  }

  async nextAt(queue: QueueName, now: number): Promise<number | undefined> {
    const [row] = await this.#ask<{ readonly due: number }>("nextAt", [queue, now]);
    return row?.due;
  }

  async find(queue: QueueName, id: string): Promise<EntryRow | undefined> {
    const [row] = await this.#ask<EntryRow>("find", [queue, shortName(id)]);
    return row;
  }

  async entries(
    queue: QueueName,
    state: EntryState | undefined,
    after: number,
    limit: number,
  ): Promise<EntryRow[]> {
    if (state === undefined) return this.#ask("entries", [queue, after, limit]);
    return this.#ask("entriesOf", [queue, state, after, limit]);
  }

  async counts(queue: QueueName): Promise<QueueCounts> {
    const [row = { waiting: 0, dead: 0 }] = await this.#ask<QueueCounts>("counts", [queue]);
    return { ...row };
  }

  #ask<Row extends object>(name: keyof ReturnType<typeof statements>, values: unknown[]): Promise<Row[]> {
    return this.#connections.ask<Row>({ name, text: this.#sql[name], values });
  }
}

function statements(s: string) {
  const alive = "(expires IS NULL OR expires > $3)";
  return {
    get: `SELECT ${RECORD} FROM ${s}.records WHERE collection = $1 AND key = $2 AND ${alive}`,
    list: `
      SELECT ${RECORD} FROM ${s}.records AS r
      WHERE collection = $1 AND r.key >= greatest($2 COLLATE "C", $4 COLLATE "C") AND ($3::text IS NULL OR r.key < $3)
        AND ($4::text IS NULL OR r.key > $4) AND starts_with(coalesce(long_key, r.key), $5)
        AND (expires IS NULL OR expires > $6)
      ORDER BY r.key LIMIT $7`,
    heads: `
      SELECT ${ENTRY} FROM ${s}.entries AS e
      WHERE e.queue = $1 AND e.head AND e.due <= $2 AND NOT e.key = ANY ($4::text[]) AND (
        SELECT 1 FROM ${s}.leases AS l JOIN ${s}.nodes AS n ON n.owner = l.owner
        WHERE l.queue = e.queue AND l.key = e.key AND l.owner <> $3 AND n.until > clock_timestamp() LIMIT 1
      ) IS NULL
      ORDER BY e.priority DESC, e.sequence LIMIT $5`,
    nextAt: `
      SELECT due FROM ${s}.entries WHERE queue = $1 AND head AND due > 0 AND due > $2 ORDER BY due LIMIT 1`,
    find: `SELECT ${ENTRY} FROM ${s}.entries AS e WHERE e.queue = $1 AND e.id = $2`,
    entries: `
      SELECT ${ENTRY} FROM ${s}.entries AS e WHERE e.queue = $1 AND e.sequence + 0 > $2 ORDER BY e.sequence + 0 LIMIT $3`,
    entriesOf: `
      SELECT ${ENTRY} FROM ${s}.entries AS e WHERE e.queue = $1 AND e.state = $2 AND e.sequence + 0 > $3
      ORDER BY e.sequence + 0 LIMIT $4`,
    counts: `
      SELECT (SELECT count(*) FROM ${s}.entries WHERE queue = $1 AND state = 'waiting') AS waiting,
        (SELECT count(*) FROM ${s}.entries WHERE queue = $1 AND state = 'dead') AS dead`,
  } as const;
}
