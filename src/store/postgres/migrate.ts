import type { Client } from "pg";
import { StoreDamagedError, StoreError, StoreVersionError } from "../errors.ts";
import { type Connections, pause } from "./connections.ts";
import { failureOf, isAway } from "./failure.ts";
import { MIGRATIONS, type Migration } from "./schema.ts";

/** Takes turns with other nodes that start: a lock of the whole database, as the schema may not be there yet. */
const MIGRATING = 0x72737461;

/** @internal The name of a schema as SQL has it. */
export function quoted(schema: string): string {
  return `"${schema.replaceAll('"', '""')}"`;
}

/**
 * @internal Brings the schema up to date, each step once, whichever node comes first.
 *
 * @returns the number under which the advisory locks of the schema stand.
 * @throws StoreVersionError, StoreDamagedError, StoreIoError, StoreError.
 */
export async function migrate(
  connections: Connections,
  schema: string,
  patience: number,
  steps: readonly Migration[] = MIGRATIONS,
): Promise<number> {
  const end = performance.now() + patience;
  for (;;) {
    const client = connections.alone();
    try {
      await client.connect();
      await client.query("BEGIN");
      const lock = await bringUp(client, schema, connections.where, steps);
      await client.query("COMMIT");
      return lock;
    } catch (error) {
      if (error instanceof StoreError || !isAway(error) || performance.now() > end) {
        throw failureOf(error, connections.where);
      }
      await pause(100);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

async function bringUp(
  client: Client,
  schema: string,
  where: string,
  steps: readonly Migration[],
): Promise<number> {
  const s = quoted(schema);
  await client.query("SET LOCAL client_min_messages = error; SET LOCAL synchronous_commit = on");
  const [server] = (
    await client.query<{ readonly encoding: string; readonly lock: number }>(
      "SELECT current_setting('server_encoding') AS encoding, hashtext($1) AS lock",
      [schema],
    )
  ).rows;
  if (server?.encoding !== "UTF8") {
    throw new StoreError(
      `the database ${where} has the encoding ${server?.encoding}; create one with ENCODING 'UTF8', which can keep every text`,
    );
  }
  await client.query("SELECT pg_advisory_xact_lock($1)", [MIGRATING]);
  const found = await client.query<{ readonly schema: string | null; readonly meta: string | null }>(
    "SELECT to_regnamespace($1)::text AS schema, to_regclass($2)::text AS meta",
    [s, `${s}.meta`],
  );
  const [{ schema: there, meta } = { schema: null, meta: null }] = found.rows;
  if (there !== null && meta === null && (await isUsed(client, schema))) {
    throw new StoreDamagedError(
      `the schema ${s} of ${where} is another program's, not a store of restanza; name another schema`,
    );
  }
  if (meta === null) {
    await client.query(`
      CREATE SCHEMA IF NOT EXISTS ${s};
      CREATE TABLE ${s}.meta (version int NOT NULL, compatible int NOT NULL);
      INSERT INTO ${s}.meta VALUES (0, 0)`);
  }
  const [state] = (
    await client.query<{ readonly version: number; readonly compatible: number }>(
      `SELECT version, compatible FROM ${s}.meta`,
    )
  ).rows;
  const { version, compatible } = state ?? { version: 0, compatible: 0 };
  if (compatible > steps.length) {
    throw new StoreVersionError(
      `the store ${where} was brought to schema ${version} by a newer restanza, beside which only those work that know schema ${compatible}; ` +
        `this one knows ${steps.length}: run the newer one here too, or put back a backup from before the upgrade`,
    );
  }
  for (const [index, step] of steps.entries()) {
    if (index < version) continue;
    await client.query(step.sql(s, server.lock));
    await client.query(`UPDATE ${s}.meta SET version = $1, compatible = $2`, [index + 1, step.compatible]);
  }
  return server.lock;
}

async function isUsed(client: Client, schema: string): Promise<boolean> {
  const { rows } = await client.query(
    "SELECT 1 FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace WHERE n.nspname = $1 LIMIT 1",
    [schema],
  );
  return rows.length > 0;
}
