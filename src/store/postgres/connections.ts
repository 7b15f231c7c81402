import { Client, type ClientConfig, Pool, type PoolClient, type QueryResultRow } from "pg";
import { failureOf, isAway, isPassing, refusal } from "./failure.ts";
import type { Settled } from "./options.ts";

/** A statement; those with a name are parsed once on each connection. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values?: unknown[];
  /** How long to wait for the answer, in milliseconds, where that is not {@link PostgresStoreOptions.timeout}. */
  readonly query_timeout?: number;
}

/** bigint, as a number: nothing here goes beyond what one can hold. */
const INT8 = 20;
const asNumber = (text: string): number => Number(text);
const types = {
  getTypeParser: (oid: number) => (oid === INT8 ? asNumber : (text: string) => PARSERS[oid]?.(text) ?? text),
};
const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  16: (text) => text === "t",
  23: Number,
  3802: JSON.parse,
};

/** How often something that only happened to fail is tried. */
const ATTEMPTS = 20;
/** Between two attempts to reach a server, in milliseconds. */
const PAUSE = 100;

/**
 * What every connection is told. The planner takes tables that were empty when they were last looked at for small, and would walk through
 * them from end to end; each statement here has an index for it, and takes few rows.
 */
const SETUP = `
SET default_transaction_isolation = 'read committed';
SET enable_seqscan = off;
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET enable_bitmapscan = off;
SET jit = off;
SET client_min_messages = error;
SELECT set_config('synchronous_commit', 'on', false)
WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply')`;

/** @internal The connections of a store. */
export class Connections {
  /** The database, as errors may name it. */
  readonly where: string;
  readonly #options: Settled;
  readonly #pool: Pool;

  constructor(options: Settled) {
    this.where = nameOf(options.url);
    this.#options = options;
    this.#pool = new Pool({
      ...this.#config(),
      max: options.poolSize,
      idleTimeoutMillis: 30_000,
      allowExitOnIdle: true,
      query_timeout: options.timeout,
      statement_timeout: options.timeout,
      onConnect: async (client) => {
        await client.query(SETUP);
      },
    });
    // Whoever waits for an answer is told by the answer; without a listener the process would end.
    this.#pool.on("error", () => undefined);
    this.#pool.on("connect", (client) => client.on("error", () => undefined));
  }

  /** A connection that is nobody else's, and has no limit to its statements. */
  alone(): Client {
    const client = new Client(this.#config());
    client.on("error", () => undefined);
    return client;
  }

  /** Lets the process end though this connection is open. */
  letGo(client: Client): void {
    // It is there (see pg's lib/client.js), and what its types lack.
    (client as Client & { unref(): void }).unref();
  }

  /** Takes a connection, waiting a while for a server that is not there. @throws StoreIoError and others: nothing was sent. */
  async take(): Promise<PoolClient> {
    return this.#patiently(() => this.#pool.connect());
  }

  /** Asks for what can be asked for twice, as often as it takes while the server comes back. */
  async ask<Row extends QueryResultRow>(statement: Statement): Promise<Row[]> {
    return this.#patiently(async () => {
      const client = await this.#pool.connect();
      try {
        const { rows } = await client.query<Row>({ ...statement, types });
        client.release();
        return rows;
      } catch (error) {
        client.release(refusal(error) === undefined);
        throw error;
      }
    });
  }

  /** Ends all connections, without waiting for a server that does not answer. */
  async end(): Promise<void> {
    await atMost(this.#options.patience, this.#pool.end());
  }

  #config(): ClientConfig {
    return {
      connectionString: this.#options.url,
      connectionTimeoutMillis: this.#options.patience,
      application_name: "restanza",
      keepAlive: true,
    };
  }

  async #patiently<Result>(work: () => Promise<Result>): Promise<Result> {
    const end = performance.now() + this.#options.patience;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        const again = isPassing(error) ? attempt < ATTEMPTS : isAway(error) && performance.now() < end;
        if (!again) throw failureOf(error, this.where);
        await pause(PAUSE * (0.5 + Math.random()));
      }
    }
  }
}

/** @internal */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** @internal Waits for something, so long at most; nothing of that keeps the process from ending once it is there. */
export async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, milliseconds);
  await Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}

/** A database without user, password and parameters. */
function nameOf(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw new TypeError(
      "the URL of a PostgreSQL store must look like postgresql://user:password@host:5432/database; " +
        "write special characters of the password as %XX. It is not shown here, as it may hold a password",
    );
  }
  return `postgresql://${parsed.host}${parsed.pathname}`;
}
