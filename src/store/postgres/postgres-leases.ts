import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { StoreIoError } from "../errors.ts";
import type { Claim, Lease, Leases } from "../leases.ts";
import { checkText } from "../prepare.ts";
import type { QueueEntry, QueueName } from "../queues.ts";
import { type EntryRow, entryOf } from "../rows.ts";
import { Batcher, type Outcome } from "./batcher.ts";
import { ENTRY } from "./columns.ts";
import type { Connections } from "./connections.ts";
import { failureOf, messageOf } from "./failure.ts";
import { Listener } from "./listener.ts";
import { shortName } from "./names.ts";

type Ask =
  | { readonly kind: "claim"; readonly queue: QueueName; readonly key: string }
  | {
      readonly kind: "release" | "abandon";
      readonly queue: QueueName;
      readonly key: string;
      readonly token: number;
    };

/** A lease that this node has now, with what waits first; where nothing does, all that is of an entry is null. */
type Found = Omit<EntryRow, "id"> & {
  readonly name: string;
  readonly token: number;
  readonly id: string | null;
};

/** Keys that are claimed or given back in one statement at most. */
const TOGETHER = 500;
/** How often a node that was forgotten takes part anew before it gives a claim up. */
const ATTEMPTS = 20;

/** @internal The leases of a node: all of them last as long as the node is renewed. */
export class PostgresLeases implements Leases {
  readonly duration: number;
  readonly #connections: Connections;
  readonly #sql: ReturnType<typeof statements>;
  readonly #log: Logger | undefined;
  readonly #settled: () => Promise<unknown>;
  readonly #batcher: Batcher<Ask, Found | undefined>;
  readonly #listener: Listener;
  readonly #listeners = new Set<(queue: QueueName) => void>();
  /** The tokens of what this node has, by queue and key. */
  readonly #held = new Map<string, number>();
  /** Who this node is; another one each time that it was silent for too long. */
  #owner: string = randomUUID();
  /** By this process's monotonic clock. */
  #heldUntil = 0;
  #timer: NodeJS.Timeout | undefined;
  #joining: Promise<void> | undefined;
  #renewing = false;
  #closed = false;

  /** @param settled resolves once the commits that were asked for before have ended. */
  constructor(
    connections: Connections,
    s: string,
    lock: number,
    duration: number,
    log: Logger | undefined,
    settled: () => Promise<unknown>,
  ) {
    this.duration = duration;
    this.#connections = connections;
    this.#sql = statements(s);
    this.#log = log;
    this.#settled = settled;
    this.#listener = new Listener(connections, `"restanza_${lock}"`, log, (queue, from) => {
      if (from !== this.#owner) for (const wake of this.#listeners) wake(queue);
    });
    this.#batcher = new Batcher({
      joins: mayJoin,
      send: (batch) => this.#send(batch),
    });
  }

  /** Whoever this node is just now. */
  get owner(): string {
    return this.#owner;
  }

  async start(): Promise<void> {
    await this.#join();
    await this.#listener.start();
    this.#timer = setInterval(() => void this.#renew(), this.duration / 3).unref();
  }

  async claim(queue: QueueName, key: string): Promise<Claim | undefined> {
    checkText("a key", key);
    await this.#settled();
    const found = await this.#batcher.ask({ kind: "claim", queue, key });
    return found && { lease: { queue, key, token: found.token }, head: headOf(found) };
  }

  async release({ queue, key, token }: Lease): Promise<QueueEntry | undefined> {
    await this.#settled();
    for (;;) {
      const found = await this.#batcher.ask({ kind: "release", queue, key, token });
      if (found === undefined) return undefined;
      const head = headOf(found);
      if (head !== undefined) return head;
      // What was in the way is gone by now.
    }
  }

  async abandon({ queue, key, token }: Lease): Promise<void> {
    await this.#settled();
    await this.#batcher.ask({ kind: "abandon", queue, key, token });
  }

  isHeld(lease: Lease): boolean {
    return performance.now() < this.#heldUntil && this.#held.get(nameOf(lease)) === lease.token;
  }

  listen(wake: (queue: QueueName) => void): () => void {
    // Two that are the same function are two all the same.
    const listener = (queue: QueueName): void => wake(queue);
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#listeners.clear();
    this.#held.clear();
    await this.#listener.close();
    await this.#batcher.settled();
    try {
      await this.#connections.ask({ text: this.#sql.leave, values: [this.#owner] });
    } catch (error) {
      this.#log?.warn({ reason: messageOf(error) }, "leases could not be given back; they end by themselves");
    }
  }

  async #send(batch: readonly Ask[]): Promise<readonly Outcome<Found | undefined>[]> {
    try {
      const found = new Map((await this.#ask(batch)).map((each) => [each.name, each]));
      return batch.map((ask) => {
        const answer = found.get(`${ask.queue} ${shortName(ask.key)}`);
        if (answer === undefined) this.#forget(ask);
        else this.#held.set(nameOf(ask), answer.token);
        return { answer };
      });
    } catch (thrown) {
      const error = failureOf(thrown, this.#connections.where);
      return batch.map(() => ({ error }));
    }
  }

  async #ask(batch: readonly Ask[]): Promise<Found[]> {
    const kind = batch[0]?.kind ?? "claim";
    const names = new Map(batch.map((ask) => [nameOf(ask), ask]));
    const asks = [...names.values()];
    const queues = asks.map(({ queue }) => queue);
    const keys = asks.map(({ key }) => shortName(key));
    if (kind !== "claim") {
      const tokens = asks.map((ask) => ("token" in ask ? ask.token : 0));
      const values = [this.#owner, queues, keys, tokens, kind === "abandon"];
      return this.#connections.ask<Found>({ name: "release", text: this.#sql.release, values });
    }
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      await this.#joining?.catch(() => undefined);
      const owner = this.#owner;
      const found = await this.#connections.ask<Found | { readonly name: null }>({
        name: "claim",
        text: this.#sql.claim,
        values: [owner, queues, keys],
      });
      if (found.some(({ name }) => name === null)) await this.#rejoin(owner);
      // Where this node is another one by now, what it was given has ended already.
      else if (owner === this.#owner) return found as Found[];
    }
    throw new StoreIoError(
      `the store ${this.#connections.where} forgets this node before it answers: its leases of ${this.duration} ms are shorter than a question takes; give a longer leaseDuration, or see why PostgreSQL is slow`,
    );
  }

  #forget(ask: Ask): void {
    if (ask.kind === "claim" || this.#held.get(nameOf(ask)) === ask.token) this.#held.delete(nameOf(ask));
  }

  async #renew(): Promise<void> {
    if (this.#renewing) return;
    this.#renewing = true;
    try {
      await this.#joining?.catch(() => undefined);
      const owner = this.#owner;
      const sent = performance.now();
      const [row] = await this.#connections.ask<{ readonly known: boolean }>({
        name: "renew",
        text: this.#sql.renew,
        values: [owner, this.duration],
        query_timeout: this.duration / 3,
      });
      if (owner !== this.#owner) return;
      if (row?.known) this.#heldUntil = Math.max(this.#heldUntil, sent + this.duration);
      else await this.#rejoin(owner);
    } catch (error) {
      if (!this.#closed) this.#log?.warn({ reason: messageOf(error) }, "leases could not be renewed");
    } finally {
      this.#renewing = false;
    }
  }

  /** Takes part anew, as somebody else: whatever this node had has ended. */
  async #rejoin(owner: string): Promise<void> {
    if (this.#closed) return;
    if (owner === this.#owner) {
      this.#owner = randomUUID();
      this.#held.clear();
      this.#heldUntil = 0;
      this.#joining = this.#join();
      this.#joining.catch(() => undefined);
    }
    await this.#joining;
  }

  async #join(): Promise<void> {
    const sent = performance.now();
    await this.#connections.ask({ text: this.#sql.join, values: [this.#owner, this.duration] });
    this.#heldUntil = sent + this.duration;
  }
}

function nameOf({ queue, key }: { readonly queue: QueueName; readonly key: string }): string {
  return `${queue} ${key}`;
}

/** Questions of one kind go together, none before an earlier one for the same key. */
function mayJoin(ask: Ask, batch: readonly Ask[], held: readonly Ask[]): boolean {
  if (batch.length === TOGETHER || batch[0]?.kind !== ask.kind) return false;
  const before = ask.kind === "claim" ? held : [...held, ...batch];
  return !before.some((each) => each.key === ask.key && each.queue === ask.queue);
}

function headOf({ name: _, token: __, id, ...row }: Found): QueueEntry | undefined {
  return id === null ? undefined : entryOf({ ...row, id });
}

function statements(s: string) {
  const found = (call: string, token: string) => `
    SELECT f.queue || ' ' || f.key AS name, ${token} AS token, ${ENTRY}
    FROM ${s}.${call} AS f LEFT JOIN ${s}.entries AS e ON e.sequence + 0 = f.head`;
  return {
    join: `SELECT ${s}.join_1($1, $2)`,
    renew: `SELECT ${s}.renew_1($1, $2) AS known`,
    claim: found("claim_1($1, $2, $3)", "f.token"),
    release: found("release_1($1, $2, $3, $4, $5)", "f.token"),
    leave: `SELECT ${s}.leave_1($1)`,
  } as const;
}
