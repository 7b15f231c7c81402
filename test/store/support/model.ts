import type { EntryState, JsonValue, QueueName, Write } from "../../../src/store/index.ts";

interface ModelRecord {
  readonly value: JsonValue | undefined;
  readonly version: number;
  readonly expires: number | undefined;
}

interface ModelEntry {
  queue: QueueName;
  id: string;
  key: string;
  payload: JsonValue;
  priority: number;
  notBefore: number;
  expires: number | undefined;
  sequence: number;
  since: number;
  attempts: number;
  error: string | undefined;
  state: EntryState;
}

interface State {
  records: Map<string, ModelRecord>;
  entries: ModelEntry[];
  remembered: Map<string, number>;
}

/** What a commit must come to: which write conflicts, or which writes are given a number. */
export type Verdict =
  | { readonly conflict: number }
  | { readonly numbered: readonly boolean[]; accept(numbers: readonly (number | undefined)[]): void };

/** What a store means, as plainly as it can be written down: everything is copied, searched and sorted each time. */
export class Model {
  state: State = { records: new Map(), entries: [], remembered: new Map() };
  readonly #memory: number;

  constructor(memory: number) {
    this.#memory = memory;
  }

  version(collection: string, key: string, now: number): number {
    return this.#alive(this.state, `${collection} ${key}`, now)?.version ?? 0;
  }

  records(collection: string, now: number): { key: string; value: JsonValue | undefined; version: number }[] {
    return [...this.state.records.keys()]
      .filter((name) => name.startsWith(`${collection} `) && this.#alive(this.state, name, now))
      .map((name) => ({
        key: name.slice(collection.length + 1),
        ...(this.state.records.get(name) as ModelRecord),
      }))
      .sort((one, other) => Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)));
  }

  entries(queue: QueueName): ModelEntry[] {
    return this.state.entries
      .filter((entry) => entry.queue === queue)
      .sort((one, other) => one.sequence - other.sequence);
  }

  heads(queue: QueueName, now: number): ModelEntry[] {
    return this.#heads(queue)
      .filter((head) => due(head) <= now)
      .sort((one, other) => other.priority - one.priority || one.sequence - other.sequence);
  }

  nextAt(queue: QueueName, now: number): number | undefined {
    const times = this.#heads(queue)
      .map(due)
      .filter((time) => time > now);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Says what a commit must come to; `accept` then makes it so, with the numbers that the store gave. */
  judge(writes: readonly Write[], now: number): Verdict {
    const tried = structuredClone(this.state);
    const numbered: boolean[] = [];
    for (const [index, write] of writes.entries()) {
      // Any number beyond those given: only conditions within the same commit could tell, and none is generated.
      const given = this.#apply(tried, write, Number.MAX_SAFE_INTEGER - writes.length + index, now);
      if (given === undefined) return { conflict: index };
      numbered.push(given);
    }
    return {
      numbered,
      accept: (numbers) => {
        for (const [index, write] of writes.entries())
          this.#apply(this.state, write, numbers[index] ?? 0, now);
      },
    };
  }

  #heads(queue: QueueName): ModelEntry[] {
    const waiting = this.entries(queue).filter((entry) => entry.state === "waiting");
    return waiting.filter((entry) => waiting.find((first) => first.key === entry.key) === entry);
  }

  #alive({ records }: State, name: string, now: number): ModelRecord | undefined {
    const record = records.get(name);
    return record && (record.expires === undefined || record.expires > now) ? record : undefined;
  }

  /** @returns whether it is given a number; `undefined` for a conflict. */
  #apply(state: State, write: Write, number: number, now: number): boolean | undefined {
    if ("put" in write || "delete" in write || "check" in write) {
      const { collection, key } = "put" in write ? write.put : "delete" in write ? write.delete : write.check;
      const name = `${collection} ${key}`;
      const expected =
        "put" in write
          ? write.put.ifVersion
          : "delete" in write
            ? write.delete.ifVersion
            : write.check.version;
      if (expected !== undefined && expected !== (this.#alive(state, name, now)?.version ?? 0))
        return undefined;
      if ("delete" in write) state.records.delete(name);
      if (!("put" in write)) return false;
      state.records.set(name, { value: write.put.value, version: number, expires: write.put.expires });
      return true;
    }
    if ("enqueue" in write) {
      const { priority = 0, notBefore = 0, expires, ...rest } = write.enqueue;
      const known = state.entries.some((entry) => entry.queue === rest.queue && entry.id === rest.id);
      if (known || (state.remembered.get(`${rest.queue} ${rest.id}`) ?? 0) > now) return false;
      state.entries.push({
        ...{ ...rest, priority, notBefore, expires },
        ...{ sequence: number, since: now, attempts: 0, error: undefined, state: "waiting" },
      });
      return true;
    }
    const [kind, { queue, id }] = Object.entries(write)[0] as [string, { queue: QueueName; id: string }];
    const entry = state.entries.find((each) => each.queue === queue && each.id === id);
    if (entry?.state !== (kind === "revive" || kind === "drop" ? "dead" : "waiting")) return undefined;
    if (kind === "complete" || kind === "drop") {
      state.entries.splice(state.entries.indexOf(entry), 1);
      state.remembered.set(`${queue} ${id}`, now + this.#memory);
      return false;
    }
    if (kind === "revive") {
      Object.assign(entry, { state: "waiting", attempts: 0, notBefore: 0, sequence: number });
      return true;
    }
    entry.attempts += 1;
    if ("retry" in write)
      Object.assign(entry, { notBefore: write.retry.notBefore, error: write.retry.error });
    if ("bury" in write) Object.assign(entry, { state: "dead", error: write.bury.error });
    return false;
  }
}

function due({ notBefore, expires }: ModelEntry): number {
  return expires !== undefined && expires < notBefore ? expires : notBefore;
}
