import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import {
  type CallbackOptions,
  callbackApp,
  encodeAnswer,
  Refusal,
  readRequestLine,
  refuse,
} from "../callback/index.ts";
import { healthApp } from "./health.ts";
import type { Metrics } from "./metrics.ts";

/** What {@link serverApp} takes. */
export interface ServerAppOptions extends CallbackOptions {
  readonly onRefused: (refusal: Refusal) => void;
  readonly isReady: () => boolean;
  readonly metrics: Metrics;
  /** The web hooks of the bots, where they are served beside the callbacks. */
  readonly hooks?: Hono<{ Bindings: HttpBindings }> | undefined;
}

/** All that the callback server answers: callbacks, and those who ask how it is. */
export function serverApp(options: ServerAppOptions): Hono<{ Bindings: HttpBindings }> {
  const { isReady, metrics, onRefused, hooks } = options;
  // Hono's own pages would reach a chat as messages.
  const lost = (url: string | undefined, refusal: Refusal): Response => {
    const line = readRequestLine(url ?? "");
    if (line.kind === undefined && refusal.reason === "unknown-path")
      return new Response(null, { status: 404, headers: { "content-length": "0" } });
    onRefused(refusal);
    return encodeAnswer(refuse(refusal.reason, line), "xml", false);
  };
  const app = new Hono<{ Bindings: HttpBindings }>();
  if (hooks !== undefined) app.route("/", hooks);
  return app
    .route("/", callbackApp(options))
    .route("/", healthApp(isReady, metrics))
    .notFound((c) =>
      lost(
        c.env.incoming.url,
        new Refusal(
          "unknown-path",
          "a callback came to a path that is not /callback: compare rest_callback_url in Prosody's configuration",
        ),
      ),
    )
    .onError((error, c) =>
      lost(c.env.incoming.url, new Refusal("failed", "a request could not be handled", { cause: error })),
    );
}
