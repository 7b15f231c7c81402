import {
  ConflictError,
  StoreDamagedError,
  StoreError,
  StoreFullError,
  StoreInUseError,
  StoreIoError,
  StoreVersionError,
} from "../errors.ts";

/** @internal An error on its way from the worker, as classes do not pass between threads. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  /** Of a conflict. */
  readonly index?: number;
}

const KINDS: readonly (new (message: string) => StoreError)[] = [
  StoreDamagedError,
  StoreFullError,
  StoreInUseError,
  StoreIoError,
  StoreVersionError,
];

/** @internal Says what an error of the worker means to whoever uses the store. */
export function failureOf(error: unknown, file: string): Failure {
  if (error instanceof ConflictError) {
    return { name: error.name, message: error.problem, index: error.index };
  }
  if (error instanceof StoreError) return { name: error.name, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  const [name, advice] = ADVICE[resultCode(error) ?? systemCode(error) ?? -1] ?? [
    "StoreError",
    "; if the message does not tell what to do, it is a mistake in restanza: please report it",
  ];
  return { name, message: `the store ${file} failed: ${message}${advice}` };
}

/** @internal The error that a failure stands for. */
export function errorOf({ name, message, index }: Failure): StoreError {
  if (index !== undefined) return new ConflictError(index, message);
  const Kind = KINDS.find((each) => each.name === name) ?? StoreError;
  return new Kind(message);
}

/** @internal The primary result code of SQLite, where an error has one. */
export function resultCode(error: unknown): number | undefined {
  const { errcode } = error as { readonly errcode?: unknown };
  return typeof errcode === "number" ? errcode & 0xff : undefined;
}

/** What SQLite would say to what the file system has said. */
function systemCode(error: unknown): number | undefined {
  const { code } = error as { readonly code?: unknown };
  if (code === "ENOSPC" || code === "EDQUOT") return SQLITE.full;
  if (code === "EIO") return SQLITE.ioerr;
  return typeof code === "string" && /^E[A-Z]+$/.test(code) ? SQLITE.cantopen : undefined;
}

/** @internal https://www.sqlite.org/rescode.html */
export const SQLITE = {
  busy: 5,
  readonly: 8,
  ioerr: 10,
  corrupt: 11,
  full: 13,
  cantopen: 14,
  notadb: 26,
} as const;

/** @internal What to do about a file that is damaged. */
export const MEND =
  "restanza leaves such a file as it is. Move it away together with its -wal and -shm files, then put a backup in its " +
  'place, or what "sqlite3 FILE .recover" gets out of it, or start empty';

const ADVICE: Readonly<Record<number, readonly [name: string, advice: string]>> = {
  [SQLITE.busy]: ["StoreInUseError", "; another process is holding it, try again once that is through"],
  [SQLITE.readonly]: [
    "StoreIoError",
    "; make the file and its directory writable for the user that runs restanza",
  ],
  [SQLITE.ioerr]: [
    "StoreIoError",
    "; see to the disk (the kernel's log tells more), the store goes on once that works",
  ],
  [SQLITE.corrupt]: ["StoreDamagedError", `; ${MEND}`],
  [SQLITE.full]: [
    "StoreFullError",
    "; make room on its disk, or raise maxBytes, and the store goes on by itself",
  ],
  [SQLITE.cantopen]: [
    "StoreIoError",
    "; see that its directory is there, and writable for the user that runs restanza",
  ],
  [SQLITE.notadb]: ["StoreDamagedError", `; ${MEND}`],
};
