import type { Lane } from "./conversations.ts";

/** @internal Lanes that may go on: by priority, then in the order in which they came. */
export class Ready {
  readonly #lanes = new Map<number, Set<Lane>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(lane: Lane, priority: number): void {
    const lanes = this.#lanes.get(priority);
    if (lanes === undefined) this.#lanes.set(priority, new Set([lane]));
    else lanes.add(lane);
    this.#size += 1;
  }

  take(): Lane | undefined {
    if (this.#size === 0) return undefined;
    const first = Math.max(...this.#lanes.keys());
    const lanes = this.#lanes.get(first) as Set<Lane>;
    const [lane] = lanes;
    lanes.delete(lane as Lane);
    if (lanes.size === 0) this.#lanes.delete(first);
    this.#size -= 1;
    return lane;
  }

  clear(): void {
    this.#lanes.clear();
    this.#size = 0;
  }
}
