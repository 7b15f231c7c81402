import { Hono } from "hono";
import type { WebApp, WebEnv } from "../../bot/index.ts";
import type { WebAnswer, WebRequest } from "./brief.ts";

/** Web hooks that are answered in another process. */
export function isolatedWeb(
  fetch: (request: WebRequest, admit: WebEnv["Bindings"]["admit"]) => Promise<WebAnswer>,
): WebApp {
  const app: WebApp = new Hono<WebEnv>();
  app.all("*", async (c) => {
    const { method, url, headers } = c.req.raw;
    const hasBody = method !== "GET" && method !== "HEAD";
    const body = hasBody ? new Uint8Array(await c.req.arrayBuffer()) : undefined;
    const answer = await fetch({ method, url, headers: [...headers], body }, c.env.admit);
    if (answer.refused !== undefined) return c.env.refuse(answer.refused);
    const bare = answer.body.length === 0;
    return new Response(bare ? null : answer.body, {
      status: answer.status,
      headers: answer.headers.map(([key, value]): [string, string] => [key, value]),
    });
  });
  // Its process is gone, or starts again.
  app.onError(() => new Response(null, { status: 503 }));
  return app;
}
