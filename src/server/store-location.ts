/** The schemes of a PostgreSQL connection URL, as libpq has them. */
const POSTGRES = /^postgres(?:ql)?:\/\//i;
const ANY_SCHEME = /^[a-z][a-z\d+.-]*:\/\//i;

const EXAMPLE = "postgres://user:password@db.example.org/restanza";

/** Whether state is kept in PostgreSQL, rather than in a file. */
export function isPostgresUrl(store: string): boolean {
  return POSTGRES.test(store);
}

/**
 * What is wrong with a place to keep state in, as the end of a sentence that begins with the name of the setting. It never
 * repeats what was given, as that may hold a password.
 */
export function storeProblem(store: string): string | undefined {
  if (isPostgresUrl(store)) return urlProblem(store);
  const [scheme] = ANY_SCHEME.exec(store) ?? [];
  if (scheme === undefined) return undefined;
  if (/^(?:file|sqlite3?):\/\/$/i.test(scheme))
    return `begins with ${scheme}; give the path of the file alone`;
  return `begins with ${scheme}, which is no store of restanza's; give the path of a file for SQLite, or ${EXAMPLE}`;
}

/** Names a place that {@link storeProblem} lets pass for people: a path as it is, a URL without its password. */
export function nameOfStore(store: string): string {
  if (!isPostgresUrl(store)) return store;
  const { username, host, pathname } = new URL(store);
  return `postgres://${username === "" ? "" : `${username}@`}${host}${pathname}`;
}

function urlProblem(store: string): string | undefined {
  if (!URL.canParse(store)) {
    return `is no URL such as ${EXAMPLE}; write @ : / ? # and % in a password as %40 %3A %2F %3F %23 and %25`;
  }
  const { pathname, search, hash } = new URL(store);
  if (hash !== "") return "holds a #, at which a URL ends; write %23 for it";
  // What is told of it would be a part of the password, were that from before the @.
  if (search.includes("@")) return "holds an @ behind its ?; in a password, write %3F for ? and %40 for @";
  if (/^\/[^/@]+$/.test(pathname)) return undefined;
  return `names no database; end it with one, such as ${EXAMPLE}`;
}
