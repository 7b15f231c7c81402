import { resolve } from "node:path";
import { isPostgresUrl, loadStore } from "../../server/index.ts";
import { backupSqliteStore } from "../../store/index.ts";
import { complain, note, shellWord } from "../output.ts";
import type { ConfigFile } from "../with-store.ts";

/** Copies a store while it is in use. PostgreSQL has a program of its own for that, and its operator is told how to call it. */
export async function backupStore(configFile: ConfigFile, copy: string): Promise<void> {
  const location = await loadStore(await configFile(), process.env);
  if (isPostgresUrl(location)) {
    return complain(
      `PostgreSQL is backed up by its own means; pg_dump asks for the password, or takes it from ~/.pgpass:\n\n  ${pgDump(location, copy)}\n\nTo put it back into an empty database: pg_restore --dbname=… ${shellWord(copy)}`,
    );
  }
  await backupSqliteStore(location, copy);
  note(
    `${resolve(copy)} is a whole copy. To restore it, stop restanza, move ${location} with its -wal and -shm away, and put the copy in its place.`,
  );
}

/** What of the parameters of a URL the programs of PostgreSQL know and tells no secret. */
const PARAMETERS = ["host", "port", "sslmode", "sslrootcert"];

function pgDump(location: string, copy: string): string {
  const url = new URL(location);
  url.password = "";
  for (const name of [...url.searchParams.keys()])
    if (!PARAMETERS.includes(name)) url.searchParams.delete(name);
  return `pg_dump --format=custom --file=${shellWord(copy)} --dbname=${shellWord(url.href)}`;
}
