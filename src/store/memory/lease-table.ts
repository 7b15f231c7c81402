import type { Lease } from "../leases.ts";
import type { QueueName } from "../queues.ts";

/** @internal Whoever can have leases. */
export interface Holder {
  /** Whether it has been silent for so long that its leases have ended. */
  readonly silent: boolean;
}

/** @internal Who has which key of a memory that is shared. */
export class LeaseTable {
  readonly #kept = new Map<string, { readonly lease: Lease; readonly holder: Holder }>();
  #last = 0;

  /** The lease of a key, for this holder; `undefined` where another one has it. */
  take(queue: QueueName, key: string, holder: Holder): Lease | undefined {
    const name = nameOf({ queue, key });
    const kept = this.#kept.get(name);
    if (kept !== undefined && !kept.holder.silent) return kept.holder === holder ? kept.lease : undefined;
    this.#last += 1;
    const lease = { queue, key, token: this.#last };
    this.#kept.set(name, { lease, holder });
    return lease;
  }

  has(lease: Lease, holder: Holder): boolean {
    const kept = this.#kept.get(nameOf(lease));
    return kept?.holder === holder && kept.lease.token === lease.token && !holder.silent;
  }

  isFree(queue: QueueName, key: string, holder: Holder): boolean {
    const kept = this.#kept.get(nameOf({ queue, key }));
    return kept === undefined || kept.holder === holder || kept.holder.silent;
  }

  /** @returns whether there was something to give back. */
  giveBack(lease: Lease, holder: Holder): boolean {
    return this.has(lease, holder) && this.#kept.delete(nameOf(lease));
  }

  /** Ends every lease of a holder. */
  clear(holder: Holder): void {
    for (const [name, kept] of this.#kept) if (kept.holder === holder) this.#kept.delete(name);
  }
}

function nameOf({ queue, key }: Pick<Lease, "queue" | "key">): string {
  return `${queue} ${key}`;
}
