import { Counter, Gauge, type Registry } from "prom-client";
import type { Mount } from "../dispatch/index.ts";

/** Adds which bots handle what comes, and how often they were paused, as it is when Prometheus asks. */
export function observeBots(registry: Registry, mounts: readonly Pick<Mount, "domain" | "bots">[]): void {
  const registers = [registry];
  const labelNames = ["bot", "domain"] as const;
  new Gauge({
    name: "restanza_bot_open",
    help: "1 where a bot handles what comes, 0 where it is switched off or paused because it fails",
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const { domain, bots } of mounts)
        for (const { name: bot, gate } of bots)
          this.set({ bot, domain }, gate === undefined || gate.state === "running" ? 1 : 0);
    },
  });
  new Counter({
    name: "restanza_bot_pauses_total",
    help: "Pauses that bots were given because they failed again and again, by this process",
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const { domain, bots } of mounts)
        for (const { name: bot, gate } of bots) this.inc({ bot, domain }, gate?.pauses ?? 0);
    },
  });
}
