import { StoreDamagedError, StoreError, StoreFullError, StoreIoError } from "../errors.ts";

/** What the server says to what it could not do; https://www.postgresql.org/docs/current/errcodes-appendix.html */
interface ServerError {
  readonly message: string;
  readonly severity: string;
  readonly code: string;
}

/**
 * @internal What the server has said, unless that it, or the session, comes to its end. Whether it was an ERROR or worse is told in the language
 * of the server: ask whether the session goes on before you rely on it that nothing was changed.
 */
export function refusal(error: unknown): ServerError | undefined {
  const said = error as Partial<ServerError>;
  if (typeof said.code !== "string" || typeof said.severity !== "string") return undefined;
  if (said.code.startsWith("08") || said.code.startsWith("57P")) return undefined;
  return said as ServerError;
}

/** @internal Whether the same may go well when it is tried again: a deadlock, or another transaction was faster. */
export function isPassing(error: unknown): boolean {
  return ["40P01", "40001", "55P03"].includes(refusal(error)?.code ?? "");
}

/** @internal Whether the server was not there, or is not yet. */
export function isAway(error: unknown): boolean {
  const { code, severity } = error as { readonly code?: unknown; readonly severity?: unknown };
  if (severity === undefined) return true;
  return typeof code === "string" && (/^(08|57P0[1-4])/.test(code) || code === "53300");
}

/** @internal Says what an error means to whoever uses the store. Only its message is told: pg hangs its client on it, password and all. */
export function failureOf(error: unknown, where: string): StoreError {
  if (error instanceof StoreError) return error;
  const message = messageOf(error);
  const { code, severity } = error as { readonly code?: string; readonly severity?: string };
  const text = `the store ${where} failed: ${message}`;
  if (severity === undefined || isAway(error)) {
    return new StoreIoError(
      `${text}; see that PostgreSQL runs and can be reached from here, the store goes on once it can`,
    );
  }
  switch (code) {
    case "53100":
    case "53200":
    case "53000":
      return new StoreFullError(
        `${text}; make room on the disk, or in the memory, of PostgreSQL, and the store goes on by itself`,
      );
    case "58030":
    case "58P01":
      return new StoreIoError(`${text}; see to the disk of PostgreSQL, its log tells more`);
    case "57014":
      return new StoreIoError(`${text}; PostgreSQL took too long, nothing was changed, try again`);
    case "25006":
      return new StoreIoError(`${text}; this PostgreSQL is a standby, name the primary in the URL`);
    case "XX001":
    case "XX002":
      return new StoreDamagedError(
        `${text}; restanza leaves it as it is: put a backup in its place, or see PostgreSQL's documentation on corrupted data`,
      );
    case "28P01":
    case "28000":
      return new StoreError(`${text}; correct the user or the password in the URL, or pg_hba.conf`);
    case "3D000":
      return new StoreError(`${text}; create it (CREATE DATABASE … ENCODING 'UTF8'), or correct the URL`);
    case "42501":
      return new StoreError(
        `${text}; let the user of the URL create the schema (GRANT CREATE ON DATABASE …), or own it`,
      );
    default:
      return new StoreError(
        `${text} (${code}); if the message does not tell what to do, it is a mistake in restanza: please report it`,
      );
  }
}

/** @internal The refusal of a commit that was sent and never answered. */
export function fateUnknown(error: unknown, where: string): StoreIoError {
  return new StoreIoError(
    `the store ${where} was lost during a commit: ${messageOf(error)}; the commit may turn out to have happened: read again and decide anew`,
  );
}

/** @internal */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(messageOf).join(", ");
  return error instanceof Error ? error.message : String(error);
}
