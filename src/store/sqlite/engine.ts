import type { DatabaseSync, StatementSync } from "node:sqlite";
import { ConflictError } from "../errors.ts";
import { failureOf, resultCode, SQLITE } from "./failure.ts";
import { strike } from "./faults.ts";
import { type OpenFile, openFile, pragma } from "./open.ts";
import type { Call, Reply, WorkerOptions } from "./protocol.ts";
import { Reader } from "./reader.ts";
import { prepareAll } from "./statements.ts";
import { Sweeper } from "./sweeper.ts";
import { Writer } from "./writer.ts";

type CommitCall = Extract<Call, { readonly kind: "commit" }>;

/** How far a commit that makes room may go over `maxBytes`, in pages. */
const SPARE_PAGES = 64;

/** @internal The side of the store that has the database. It lives in the worker. */
export class Engine implements Disposable {
  readonly #options: WorkerOptions;
  readonly #open: OpenFile;
  readonly #db: DatabaseSync;
  readonly #writer: Writer;
  readonly #reader: Reader;
  readonly #sweeper: Sweeper;
  readonly #sql: Readonly<Record<keyof typeof SQL, StatementSync>>;
  readonly #maxPages: number;

  /** @throws StoreInUseError, StoreDamagedError, StoreVersionError, and what SQLite throws. */
  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#open = openFile(options.file, options.shared);
    this.#db = this.#open.db;
    this.#writer = new Writer(this.#db, options.queueMemory);
    this.#reader = new Reader(this.#db);
    this.#sweeper = new Sweeper(this.#db);
    this.#sql = prepareAll(this.#db, SQL);
    this.#maxPages = Math.min(
      Math.floor(options.maxBytes / Number(pragma(this.#db, "page_size"))),
      2 ** 32 - 2,
    );
    pragma(this.#db, `max_page_count = ${this.#maxPages}`);
  }

  /** Answers calls so that each read sees the commits that were asked for before it. All commits become one transaction. */
  answer(calls: readonly Call[]): Reply[] {
    const commits = calls.filter((call) => call.kind === "commit");
    const first = calls.findIndex((call) => call.kind === "commit");
    const others = (part: readonly Call[]): Reply[] =>
      part.flatMap((call) => (call.kind === "commit" ? [] : [this.#attempt(call, () => this.#other(call))]));
    if (first === -1) return others(calls);
    return [...others(calls.slice(0, first)), ...this.#commits(commits), ...others(calls.slice(first))];
  }

  [Symbol.dispose](): void {
    this.#open[Symbol.dispose]();
  }

  #other(call: Exclude<Call, CommitCall>): Reply {
    const { number, now } = call;
    switch (call.kind) {
      case "get":
        return { number, answer: this.#reader.get(call.ask, now) };
      case "list":
        return { number, answer: this.#reader.list(call.ask, now) };
      case "heads":
        return { number, answer: this.#reader.heads(call.ask, now) };
      case "nextAt":
        return { number, answer: this.#reader.nextAt(call.ask, now) };
      case "find":
        return { number, answer: this.#reader.find(call.ask) };
      case "entries":
        return { number, answer: this.#reader.entries(call.ask) };
      case "counts":
        return { number, answer: this.#reader.counts(call.ask) };
      case "sweep":
        return { number, answer: this.#transaction(() => this.#sweeper.sweep(call.ask.limit, now)) };
      case "close":
        this[Symbol.dispose]();
        return { number, answer: undefined };
    }
  }

  #commits(calls: readonly CommitCall[]): Reply[] {
    const [only] = calls;
    if (calls.length === 1 && only) return [this.#attempt(only, () => this.#alone(only))];
    try {
      return this.#together(calls);
    } catch {
      // One that cannot be written must not take the others with it.
      return calls.map((call) => this.#attempt(call, () => this.#alone(call)));
    }
  }

  #alone(call: CommitCall): Reply {
    const [reply] = this.#roomFor(call, () => this.#together([call]));
    return reply as Reply;
  }

  /** Lets what empties the store through where it is full, or nothing could ever leave it. */
  #roomFor<Result>({ ask }: CommitCall, work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      const adds = ask.some(({ kind }) => kind === "put" || kind === "enqueue");
      if (adds || resultCode(error) !== SQLITE.full) throw error;
    }
    const pages = Number(pragma(this.#db, "page_count"));
    pragma(this.#db, `max_page_count = ${Math.max(pages, this.#maxPages) + SPARE_PAGES}`);
    try {
      return work();
    } finally {
      pragma(this.#db, `max_page_count = ${this.#maxPages}`);
    }
  }

  #together(calls: readonly CommitCall[]): Reply[] {
    return this.#transaction(() => {
      const before = this.#writer.last;
      let last = before;
      const replies = calls.map((call) => {
        const start = last;
        this.#sql.savepoint.run();
        try {
          const answer = call.ask.map((write, index) => {
            if (!this.#writer.apply(write, index, last + 1, call.now)) return undefined;
            last += 1;
            return last;
          });
          this.#sql.release.run();
          return { number: call.number, answer };
        } catch (error) {
          if (!(error instanceof ConflictError)) throw error;
          last = start;
          this.#sql.takeBack.run();
          this.#sql.release.run();
          return this.#failed(call, error);
        }
      });
      if (last !== before) this.#writer.last = last;
      return replies;
    });
  }

  #transaction<Result>(work: () => Result): Result {
    this.#sql.begin.run();
    try {
      const result = work();
      strike(this.#options.faults);
      this.#sql.commit.run();
      return result;
    } catch (error) {
      // Some errors have already rolled everything back.
      if (this.#db.isTransaction) this.#sql.rollback.run();
      throw error;
    }
  }

  #attempt(call: Call, work: () => Reply): Reply {
    try {
      return work();
    } catch (error) {
      return this.#failed(call, error);
    }
  }

  #failed({ number }: Call, error: unknown): Reply {
    return { number, failure: failureOf(error, this.#options.file) };
  }
}

const SQL = {
  begin: "BEGIN IMMEDIATE",
  commit: "COMMIT",
  rollback: "ROLLBACK",
  savepoint: "SAVEPOINT one",
  release: "RELEASE one",
  takeBack: "ROLLBACK TO one",
} as const;
