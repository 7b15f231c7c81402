import { setTimeout } from "node:timers/promises";
import { Counter, Gauge, type Registry } from "prom-client";
import type { Outbox } from "../outbound/index.ts";
import type { QueueCounts, QueueName, Store } from "../store/index.ts";

const QUEUES = ["inbox", "outbox", "timers"] as const satisfies readonly QueueName[];

/** How long a scrape waits for the store, in milliseconds; what it has not told by then is left out. */
const STORE_WAIT = 1_000;

/** What {@link observeQueues} looks at. */
export interface Queues {
  readonly outbox: Pick<Outbox, "status">;
  readonly store: Pick<Store, "counts">;
  /** The domains of the mounts. */
  readonly domains: readonly string[];
}

/** Adds what waits in the store, and what the outbox does, as they are when Prometheus asks. */
export function observeQueues(registry: Registry, { outbox, store, domains }: Queues): void {
  const registers = [registry];
  new Gauge({
    name: "restanza_queue_entries",
    help: "Entries in the store, by the queue and whether they wait or are dead; of all processes that share it",
    labelNames: ["queue", "state"] as const,
    registers,
    async collect() {
      const all = await Promise.all(
        QUEUES.map(async (queue) => [queue, await counted(store, queue)] as const),
      );
      this.reset();
      for (const [queue, counts] of all) {
        if (counts === undefined) continue;
        this.set({ queue, state: "waiting" }, counts.waiting);
        this.set({ queue, state: "dead" }, counts.dead);
      }
    },
  });
  new Counter({
    name: "restanza_outbox_stanzas_total",
    help: "Stanzas that have left the outbox of this process, by what became of them",
    labelNames: ["result"] as const,
    registers,
    collect() {
      this.reset();
      const status = outbox.status();
      for (const result of ["accepted", "bounced", "buried", "expired", "cancelled"] as const)
        this.inc({ result }, status[result]);
    },
  });
  new Counter({
    name: "restanza_outbox_failures_total",
    help: "Tries to send a stanza that failed and are repeated",
    registers,
    collect() {
      this.reset();
      this.inc(outbox.status().failures);
    },
  });
  new Counter({
    name: "restanza_outbox_possible_duplicates_total",
    help: "Tries with a stanza that Prosody may have taken before: at most so many have arrived twice",
    registers,
    collect() {
      this.reset();
      this.inc(outbox.status().possibleDuplicates);
    },
  });
  new Gauge({
    name: "restanza_outbox_in_flight",
    help: "Requests to Prosody under way from the outbox",
    registers,
    collect() {
      this.set(outbox.status().inFlight);
    },
  });
  new Gauge({
    name: "restanza_outbox_leases",
    help: "Conversations that the outbox of this process has to itself, where several share the store",
    registers,
    collect() {
      this.set(outbox.status().leased);
    },
  });
  new Gauge({
    name: "restanza_outbox_unreachable",
    help: "1 where Prosody is away or does not take the credential, by the domain of the mount",
    labelNames: ["domain"] as const,
    registers,
    collect() {
      const { unreachable } = outbox.status();
      this.reset();
      for (const domain of new Set([...domains, ...unreachable]))
        this.set({ domain }, unreachable.includes(domain) ? 1 : 0);
    },
  });
}

/** The counts of a queue; `undefined` where the store fails or takes too long. */
async function counted(store: Queues["store"], queue: QueueName): Promise<QueueCounts | undefined> {
  const enough = new AbortController();
  const late = setTimeout(STORE_WAIT, undefined, { signal: enough.signal }).catch(() => undefined);
  const counts = store.counts(queue).catch(() => undefined);
  try {
    return await Promise.race([counts, late]);
  } finally {
    enough.abort();
  }
}
