import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Registry } from "prom-client";
import type { OutboxStatus } from "../../src/outbound/index.ts";
import { observeQueues } from "../../src/server/queue-metrics.ts";
import { MemoryStore } from "../../src/store/index.ts";

const STATUS: OutboxStatus = {
  accepted: 7,
  bounced: 1,
  buried: 2,
  expired: 3,
  cancelled: 4,
  failures: 5,
  possibleDuplicates: 6,
  waiting: 8,
  inFlight: 9,
  leased: 10,
  unreachable: ["away.test", "gone.test"],
};

/** What Prometheus would read, without what it is told about it. */
async function scraped(registry: Registry): Promise<string[]> {
  return (await registry.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

test("a scrape tells what waits and is dead, and how the outbox stands now", async () => {
  const registry = new Registry();
  await using store = new MemoryStore();
  let status = STATUS;
  observeQueues(registry, { outbox: { status: () => status }, store, domains: ["bots.test", "away.test"] });
  const entry = { queue: "inbox", key: "k", payload: null } as const;
  await store.commit(["m1", "m2", "m3"].map((id) => ({ enqueue: { ...entry, id } })));
  await store.commit([{ bury: { queue: "inbox", id: "m1", error: "no" } }]);
  assert.deepEqual(await scraped(registry), [
    'restanza_queue_entries{queue="inbox",state="waiting"} 2',
    'restanza_queue_entries{queue="inbox",state="dead"} 1',
    'restanza_queue_entries{queue="outbox",state="waiting"} 0',
    'restanza_queue_entries{queue="outbox",state="dead"} 0',
    'restanza_queue_entries{queue="timers",state="waiting"} 0',
    'restanza_queue_entries{queue="timers",state="dead"} 0',
    'restanza_outbox_stanzas_total{result="accepted"} 7',
    'restanza_outbox_stanzas_total{result="bounced"} 1',
    'restanza_outbox_stanzas_total{result="buried"} 2',
    'restanza_outbox_stanzas_total{result="expired"} 3',
    'restanza_outbox_stanzas_total{result="cancelled"} 4',
    "restanza_outbox_failures_total 5",
    "restanza_outbox_possible_duplicates_total 6",
    "restanza_outbox_in_flight 9",
    "restanza_outbox_leases 10",
    'restanza_outbox_unreachable{domain="bots.test"} 0',
    'restanza_outbox_unreachable{domain="away.test"} 1',
    'restanza_outbox_unreachable{domain="gone.test"} 1',
  ]);
  status = { ...STATUS, failures: 6, inFlight: 0, unreachable: [] };
  const later = await scraped(registry);
  assert.ok(later.includes("restanza_outbox_failures_total 6"));
  assert.ok(later.includes("restanza_outbox_in_flight 0"));
  assert.ok(later.includes('restanza_outbox_unreachable{domain="away.test"} 0'));
  assert.ok(!later.some((line) => line.includes("gone.test")));
});

test("a store that fails, or does not answer, holds up no scrape and is left out of it", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const registry = new Registry();
    const counts = (queue: string) =>
      queue === "inbox" ? Promise.reject(new Error("disk")) : new Promise<never>(() => undefined);
    observeQueues(registry, { outbox: { status: () => STATUS }, store: { counts }, domains: [] });
    const scrape = scraped(registry);
    mock.timers.tick(1_000);
    const lines = await scrape;
    assert.ok(!lines.some((line) => line.startsWith("restanza_queue_entries")));
    assert.ok(lines.includes("restanza_outbox_in_flight 9"));
  } finally {
    mock.timers.reset();
  }
});
