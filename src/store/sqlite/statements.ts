import type { DatabaseSync, StatementSync } from "node:sqlite";

/** @internal Prepares statements once, as that costs more than running them. */
export function prepareAll<Name extends string>(
  db: DatabaseSync,
  sql: Readonly<Record<Name, string>>,
): Record<Name, StatementSync> {
  const names = Object.keys(sql) as Name[];
  return Object.fromEntries(names.map((name) => [name, db.prepare(sql[name])])) as Record<
    Name,
    StatementSync
  >;
}
