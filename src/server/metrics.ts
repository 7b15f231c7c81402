import { Counter, Registry } from "prom-client";
import type { Refusal } from "../callback/index.ts";
import type { Stanza } from "../stanza/index.ts";

/** What is counted, in the form that Prometheus reads. */
export class Metrics {
  readonly registry = new Registry();

  readonly #callbacks = new Counter({
    name: "restanza_callbacks_total",
    help: "Callbacks answered, by the kind of the stanza and the status of the answer",
    labelNames: ["kind", "status"] as const,
    registers: [this.registry],
  });

  readonly #refused = new Counter({
    name: "restanza_callbacks_refused_total",
    help: "Callbacks not let in, by the reason",
    labelNames: ["reason"] as const,
    registers: [this.registry],
  });

  readonly #web = new Counter({
    name: "restanza_web_requests_total",
    help: "Requests to web hooks answered, by the bot, if there is one, and the status of the answer",
    labelNames: ["bot", "status"] as const,
    registers: [this.registry],
  });

  webAnswered(bot: string, status: number): void {
    this.#web.inc({ bot, status });
  }

  handled(stanza: Stanza, status: number): void {
    this.#callbacks.inc({ kind: stanza.kind, status });
  }

  refused({ reason }: Refusal): void {
    this.#refused.inc({ reason });
  }
}
