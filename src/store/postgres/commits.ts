import type { PoolClient } from "pg";
import type { StoreError } from "../errors.ts";
import type { PreparedWrite } from "../prepare.ts";
import { Batcher, type Outcome } from "./batcher.ts";
import { type Connections, pause } from "./connections.ts";
import { conflictOf, encode } from "./encode.ts";
import { failureOf, fateUnknown, isPassing, refusal } from "./failure.ts";

type Numbers = readonly (number | undefined)[];

interface Commit {
  readonly writes: readonly PreparedWrite[];
  readonly json: string;
}

type Reply =
  | { readonly numbers: readonly (number | null)[] }
  | { readonly index: number; readonly found: string };

/** More subtransactions than this slow down everybody's snapshots: the server keeps 64 of them at hand for each session. */
const TOGETHER = 60;
/** What goes in one message, in characters, unless one commit alone is larger. */
const LARGEST = 1_000_000;
/** How often commits are tried again over which the server has chosen others. */
const ATTEMPTS = 20;

/** @internal Commits, in the order in which they were asked for; those that come together share a transaction. */
export class Commits {
  readonly #connections: Connections;
  readonly #text: string;
  readonly #owner: () => string;
  readonly #memory: number;
  readonly #batcher: Batcher<Commit, Numbers>;

  constructor(connections: Connections, s: string, memory: number, owner: () => string) {
    this.#connections = connections;
    this.#text = `SELECT ${s}.commit_1($1, $2)::text AS answers`;
    this.#owner = owner;
    this.#memory = memory;
    this.#batcher = new Batcher({
      joins: ({ json }, batch, held) =>
        held.length === 0 &&
        batch.length < TOGETHER &&
        batch.reduce((sum, each) => sum + each.json.length, json.length) <= LARGEST,
      send: (batch) => this.#send(batch),
    });
  }

  commit(writes: readonly PreparedWrite[], now: number): Promise<Numbers> {
    return this.#batcher.ask({ writes, json: JSON.stringify([now, this.#memory, writes.map(encode)]) });
  }

  settled(): Promise<unknown> {
    return this.#batcher.settled();
  }

  async #send(batch: readonly Commit[]): Promise<readonly Outcome<Numbers>[]> {
    for (let attempt = 1; ; attempt += 1) {
      let client: PoolClient;
      try {
        client = await this.#connections.take();
      } catch (error) {
        return all(batch, error as StoreError);
      }
      try {
        const outcomes = await this.#ask(client, batch);
        client.release();
        return outcomes;
      } catch (error) {
        const refused = refusal(error) !== undefined && (await goesOn(client));
        client.release(!refused);
        if (!refused) return all(batch, fateUnknown(error, this.#connections.where));
        if (isPassing(error) && attempt < ATTEMPTS) {
          await pause(Math.random() * 5 * attempt);
          continue;
        }
        // One that cannot be written must not take the others with it.
        if (batch.length === 1) return all(batch, failureOf(error, this.#connections.where));
        const outcomes: Outcome<Numbers>[] = [];
        for (const each of batch) outcomes.push(...(await this.#send([each])));
        return outcomes;
      }
    }
  }

  async #ask(client: PoolClient, batch: readonly Commit[]): Promise<Outcome<Numbers>[]> {
    const { rows } = await client.query<{ readonly answers: string }>({
      name: "commit",
      text: this.#text,
      values: [`[${batch.map(({ json }) => json).join(",")}]`, this.#owner()],
    });
    const replies = JSON.parse(rows[0]?.answers ?? "[]") as readonly Reply[];
    return batch.map(({ writes }, at): Outcome<Numbers> => {
      const reply = replies[at] as Reply;
      if ("numbers" in reply) return { answer: reply.numbers.map((number) => number ?? undefined) };
      return { error: conflictOf(writes[reply.index] as PreparedWrite, reply.index, reply.found) };
    });
  }
}

/** Whether a session goes on: a server that breaks off in the middle of a commit may have done it, whatever it said last. */
async function goesOn(client: PoolClient): Promise<boolean> {
  try {
    await client.query("SELECT");
    return true;
  } catch {
    return false;
  }
}

function all(batch: readonly Commit[], error: StoreError): Outcome<Numbers>[] {
  return batch.map(() => ({ error }));
}
