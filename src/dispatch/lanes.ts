import type { MaybePromise } from "../bot/index.ts";

/** Bounds on what may wait. */
export interface LaneLimits {
  /** Tasks that may wait in one lane; default 1,000. */
  readonly perLane?: number;
  /** Tasks that may wait or run in all of them; default 10,000. */
  readonly total?: number;
}

/** Thrown when no more may wait. */
export class LaneFullError extends Error {
  override name = "LaneFullError";
}

type Task = () => MaybePromise<void>;

/** What tasks have in common that have to wait for each other; an object stands for itself alone. */
type LaneKey = string | object;

/**
 * Runs tasks of one key one after another, in the order in which they came, and those of different keys side by side.
 * A task that can run at once does, without a turn of the event loop in between; a key costs memory only while it
 * has work.
 */
export class Lanes {
  readonly #waiting = new Map<LaneKey, Task[]>();
  readonly #perLane: number;
  readonly #total: number;
  #pending = 0;

  constructor({ perLane = 1_000, total = 10_000 }: LaneLimits = {}) {
    this.#perLane = perLane;
    this.#total = total;
  }

  /** Tasks that wait or run. */
  get pending(): number {
    return this.#pending;
  }

  /** Keys that have work. */
  get keys(): number {
    return this.#waiting.size;
  }

  /** The keys that have work, of those that are names. */
  get names(): Set<string> {
    return new Set([...this.#waiting.keys()].filter((key) => typeof key === "string"));
  }

  /** Whether a task with this key waits for the one that runs. */
  isAwaited(key: LaneKey): boolean {
    return (this.#waiting.get(key)?.length ?? 0) > 0;
  }

  /**
   * Whether one more task with this key may wait.
   *
   * @throws {@link LaneFullError} when not.
   */
  assertRoom(key: LaneKey): void {
    if (this.#pending >= this.#total) throw new LaneFullError(`${this.#pending} stanzas are at work already`);
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined && waiting.length >= this.#perLane) {
      throw new LaneFullError(`${waiting.length} stanzas wait in this conversation`);
    }
  }

  /**
   * Runs a task once all before it with this key are through, whatever the bounds. The task handles its own errors.
   *
   * @returns whether it has been started already.
   */
  add(key: LaneKey, task: Task): boolean {
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) {
      this.#pending += 1;
      const queue: Task[] = [];
      this.#waiting.set(key, queue);
      this.#start(key, queue, task);
      return true;
    }
    this.#pending += 1;
    waiting.push(task);
    return false;
  }

  /** Runs tasks for as long as they end at once; a loop, so that a long queue does not grow the stack. */
  #start(key: LaneKey, queue: Task[], first: Task): void {
    for (let task: Task | undefined = first; task !== undefined; task = queue.shift()) {
      const result = task();
      if (result instanceof Promise) {
        void result.finally(() => {
          this.#pending -= 1;
          const next = queue.shift();
          if (next) this.#start(key, queue, next);
          else this.#waiting.delete(key);
        });
        return;
      }
      this.#pending -= 1;
    }
    this.#waiting.delete(key);
  }
}
