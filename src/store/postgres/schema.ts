import { functions } from "./functions.ts";

/** @internal One step from a schema to the next. A step that was released is never changed. */
export interface Migration {
  /**
   * The oldest schema whose restanza may still work beside the new one. Raise it only when a release that came before
   * would do harm, as its nodes must all be stopped first.
   */
  readonly compatible: number;
  /**
   * @param s the name of the schema, quoted.
   * @param lock the number under which the schema's advisory locks stand.
   */
  readonly sql: (s: string, lock: number) => string;
}

/**
 * @internal What brings a database from one schema to the next.
 *
 * Functions have the number of their step in their name: nodes that are older go on calling theirs, so a step adds
 * new ones and leaves the old ones alone for as long as `compatible` lets their nodes work.
 *
 * Leases and nodes are UNLOGGED: renewing them costs no write to the disk. After a crash of PostgreSQL these tables are empty: each
 * lease has ended, each fence conflicts, and what was being worked on is worked on again. The one thing that has to
 * outlive a crash is that no token is given twice; see `join_1`.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    compatible: 1,
    sql: (s, lock) => `
CREATE SEQUENCE ${s}.numbers;
CREATE SEQUENCE ${s}.tokens;

CREATE TABLE ${s}.records (
  collection text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  -- The whole key, where it is too long for an index.
  long_key text,
  json text NOT NULL,
  version bigint NOT NULL,
  expires bigint,
  PRIMARY KEY (collection, key)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX records_by_expiry ON ${s}.records (expires) WHERE expires IS NOT NULL;

CREATE TABLE ${s}.entries (
  sequence bigint NOT NULL,
  queue text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  long_id text,
  key text COLLATE "C" NOT NULL,
  long_key text,
  json text NOT NULL,
  priority bigint NOT NULL,
  not_before bigint NOT NULL,
  expires bigint,
  -- When it may be handed out: at not_before, or when it has expired.
  due bigint NOT NULL,
  since bigint NOT NULL,
  attempts bigint NOT NULL DEFAULT 0,
  error text,
  state text NOT NULL DEFAULT 'waiting',
  -- The first waiting entry of its key, so that the heads are found without walking through those behind them.
  head boolean NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.05);
-- For each way to look there is one index that serves, and no other that begins with the same column or has the same order: a planner
-- that takes the table for small sees no difference between them, and would walk through a whole queue.
CREATE UNIQUE INDEX entries_by_id ON ${s}.entries (id, queue);
CREATE UNIQUE INDEX entries_by_sequence ON ${s}.entries ((sequence + 0));
CREATE INDEX entries_by_key ON ${s}.entries (key, queue, sequence) WHERE state = 'waiting';
CREATE INDEX entries_dead ON ${s}.entries ((sequence + 0)) WHERE state = 'dead';
CREATE INDEX entries_heads ON ${s}.entries (queue, priority DESC, sequence, due) WHERE head;
CREATE INDEX entries_timed ON ${s}.entries (queue, due) WHERE head AND due > 0;

-- Ids of entries that have left their queue.
CREATE TABLE ${s}.remembered (
  queue text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  until bigint NOT NULL,
  PRIMARY KEY (queue, id)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX remembered_by_time ON ${s}.remembered (until);

-- Whoever is heard of. One row is renewed for all the leases of a node; once it is gone, all of them have ended.
CREATE UNLOGGED TABLE ${s}.nodes (
  owner uuid PRIMARY KEY,
  until timestamptz NOT NULL
) WITH (fillfactor = 50);
CREATE UNLOGGED TABLE ${s}.leases (
  queue text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  token bigint NOT NULL,
  owner uuid NOT NULL,
  PRIMARY KEY (queue, key)
) WITH (fillfactor = 70);
-- Has a row unless PostgreSQL has crashed.
CREATE UNLOGGED TABLE ${s}.unbroken (since timestamptz NOT NULL);
${functions(s, lock)}
`,
  },
];
