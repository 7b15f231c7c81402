import { Hono } from "hono";
import type { Metrics } from "./metrics.ts";

/** Where orchestrators and Prometheus look. */
export function healthApp(isReady: () => boolean, metrics: Metrics): Hono {
  return new Hono()
    .get("/livez", (c) => c.text("alive"))
    .get("/readyz", (c) => (isReady() ? c.text("ready") : c.text("not ready", 503)))
    .get("/metrics", async (c) =>
      c.body(await metrics.registry.metrics(), 200, { "content-type": metrics.registry.contentType }),
    );
}
