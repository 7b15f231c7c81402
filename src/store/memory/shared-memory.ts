import { checkCount } from "../prepare.ts";
import type { QueueName } from "../queues.ts";
import type { StoreOptions } from "../store.ts";
import { MemoryCore } from "./core.ts";
import { LeaseTable } from "./lease-table.ts";
import { MemoryNode } from "./memory-node.ts";

/** What a {@link SharedMemory} takes. */
export interface SharedMemoryOptions extends StoreOptions {
  /** How long a node may be silent before others take its keys over, in milliseconds. Default 10,000. */
  readonly leaseDuration?: number;
}

/** @internal What the nodes of a {@link SharedMemory} have in common. */
export interface Shared {
  readonly core: MemoryCore;
  readonly leases: LeaseTable;
  readonly leaseDuration: number;
  /** Tells every node that something waits that nobody has. */
  wake(queue: QueueName): void;
}

/**
 * What several processes would share, in the memory of one: each opens a store of its own, whose leases keep them apart.
 * For tests of what happens among many nodes, also when one is killed or stands still.
 *
 * @example
 * ```ts
 * import { SharedMemory } from "restanza/store";
 *
 * const memory = new SharedMemory({ leaseDuration: 1_000 });
 * const [one, other] = [memory.open(), memory.open()];
 * await one.leases.claim("inbox", "juliet@example.com");
 * console.log(await other.leases.claim("inbox", "juliet@example.com")); // undefined
 * ```
 */
export class SharedMemory {
  readonly #shared: Shared;
  readonly #nodes = new Set<MemoryNode>();

  constructor({ leaseDuration = 10_000, ...options }: SharedMemoryOptions = {}) {
    this.#shared = {
      core: new MemoryCore(options),
      leases: new LeaseTable(),
      leaseDuration: checkCount("leaseDuration", leaseDuration),
      wake: (queue) => {
        for (const node of this.#nodes) node.wake(queue);
      },
    };
  }

  /** Opens a store for one more node. */
  open(): MemoryNode {
    const node = new MemoryNode(this.#shared, () => void this.#nodes.delete(node));
    this.#nodes.add(node);
    return node;
  }
}
