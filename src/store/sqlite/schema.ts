/** @internal Marks a file as one of restanza's ("rsta"), so that no other program's is taken for one. */
export const APPLICATION_ID = 0x72737461;

/**
 * @internal What brings a file from one schema to the next; `user_version` counts the steps that it has gone. A step that was
 * released is never changed.
 */
export const MIGRATIONS: readonly string[] = [
  `
  -- The last version or sequence that was given; both are counted here.
  CREATE TABLE counter (last INTEGER NOT NULL) STRICT;
  INSERT INTO counter VALUES (0);

  CREATE TABLE records (
    collection TEXT NOT NULL,
    key TEXT NOT NULL,
    json TEXT NOT NULL,
    version INTEGER NOT NULL,
    expires INTEGER,
    UNIQUE (collection, key)
  ) STRICT;
  CREATE INDEX records_by_expiry ON records (expires) WHERE expires IS NOT NULL;

  CREATE TABLE entries (
    sequence INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    id TEXT NOT NULL,
    key TEXT NOT NULL,
    json TEXT NOT NULL,
    priority INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    expires INTEGER,
    -- When it may be handed out: at not_before, or when it has expired.
    due INTEGER NOT NULL,
    since INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    state TEXT NOT NULL DEFAULT 'waiting',
    -- 1 for the first waiting entry of its key, so that the heads are found without walking through those behind them.
    head INTEGER NOT NULL,
    UNIQUE (queue, id)
  ) STRICT;
  CREATE INDEX entries_by_key ON entries (queue, key, sequence) WHERE state = 'waiting';
  CREATE INDEX entries_dead ON entries (queue, sequence) WHERE state = 'dead';
  CREATE INDEX entries_heads ON entries (queue, priority DESC, sequence, due) WHERE head = 1;
  CREATE INDEX entries_timed ON entries (queue, due) WHERE head = 1 AND due > 0;

  -- Ids of entries that have left their queue.
  CREATE TABLE remembered (
    queue TEXT NOT NULL,
    id TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (queue, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX remembered_by_time ON remembered (until);
  `,
];
