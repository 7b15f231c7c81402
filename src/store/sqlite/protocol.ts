import type { PreparedWrite } from "../prepare.ts";
import type { EntryState, QueueCounts, QueueName } from "../queues.ts";
import type { EntryRow, RecordRow } from "../rows.ts";
import type { Failure } from "./failure.ts";

/** @internal What the worker is started with. */
export interface WorkerOptions {
  readonly file: string;
  readonly shared: boolean;
  readonly maxBytes: number;
  readonly queueMemory: number;
  readonly faults: Int32Array | undefined;
}

/** @internal What the worker can be asked for, each with its answer. */
export interface Calls {
  readonly commit: {
    readonly ask: readonly PreparedWrite[];
    readonly answer: readonly (number | undefined)[];
  };
  readonly get: {
    readonly ask: { readonly collection: string; readonly key: string };
    readonly answer: RecordRow | undefined;
  };
  readonly list: {
    readonly ask: {
      readonly collection: string;
      readonly prefix: string;
      readonly after: string | undefined;
      readonly limit: number;
    };
    readonly answer: readonly RecordRow[];
  };
  readonly heads: {
    readonly ask: {
      readonly queue: QueueName;
      readonly limit: number;
      readonly skipKeys: ReadonlySet<string> | undefined;
    };
    readonly answer: readonly EntryRow[];
  };
  readonly nextAt: { readonly ask: QueueName; readonly answer: number | undefined };
  readonly find: {
    readonly ask: { readonly queue: QueueName; readonly id: string };
    readonly answer: EntryRow | undefined;
  };
  readonly entries: {
    readonly ask: {
      readonly queue: QueueName;
      readonly state: EntryState | undefined;
      readonly after: number;
      readonly limit: number;
    };
    readonly answer: readonly EntryRow[];
  };
  readonly counts: { readonly ask: QueueName; readonly answer: QueueCounts };
  /** Forgets so many of what has expired at most; answers how many it were. */
  readonly sweep: { readonly ask: { readonly limit: number }; readonly answer: number };
  readonly close: { readonly ask: undefined; readonly answer: undefined };
}

/** @internal */
export type CallKind = keyof Calls;

/** @internal A question to the worker; `now` is the time by the store's clock. */
export type Call = {
  readonly [Kind in CallKind]: {
    readonly number: number;
    readonly now: number;
    readonly kind: Kind;
    readonly ask: Calls[Kind]["ask"];
  };
}[CallKind];

/** @internal What comes of it. */
export type Reply =
  | { readonly number: number; readonly answer: Calls[CallKind]["answer"] }
  | { readonly number: number; readonly failure: Failure };

/** @internal The worker's first message: whether it could open the file. */
export type Opened = { readonly failure?: Failure };
