/** @internal What to select for a record's row. */
export const RECORD = "coalesce(long_key, key) AS key, json, version, expires";

/** @internal What to select for an entry's row, of a table that is called `e`. */
export const ENTRY = `
  e.queue, coalesce(e.long_id, e.id) AS id, coalesce(e.long_key, e.key) AS key, e.json, e.priority,
  e.not_before AS "notBefore", e.expires, e.sequence, e.since, e.attempts, e.error, e.state`;
