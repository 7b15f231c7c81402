import { createHash } from "node:crypto";
import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { matchedRoutes, routePath } from "hono/route";
import { findTargetHandler, isMiddleware } from "hono/utils/handler";
import { type BotHandle, type ConfiguredBot, sendOwn, type WebApp, type WebEnv } from "../../bot/index.ts";
import { denied, isVerifier } from "./verify.ts";

/** A bot's web hooks, ready to be called. */
export interface BotWeb {
  readonly handle: BotHandle;
  readonly app: WebApp;
}

/** Builds the web hooks of a bot; `undefined` where it has none. */
export function botWeb({ web }: Pick<ConfiguredBot, "web">, handle: BotHandle): BotWeb | undefined {
  if (web === undefined) return undefined;
  const app: WebApp = new Hono<WebEnv>();
  app.use(async (c, next) => {
    if (!asksForSecret(c)) {
      const denial = await c.env.admit(false);
      if (denial !== undefined) return denied(denial);
    }
    let count = 0;
    c.set("send", (to, content) => {
      count += 1;
      const { delivery } = c.var;
      const once =
        delivery === undefined ? undefined : name([c.req.path, delivery, String(count), String(to)]);
      return sendOwn(handle, to, content, { once, wait: false });
    });
    return await next();
  });
  app.notFound(() => new Response(null, { status: 404 }));
  app.onError((error, c) => {
    // What a handler answers in this way, it means to.
    if (error instanceof HTTPException) return error.getResponse();
    // The query may hold a secret, and so may what stands for a parameter in the path; the route is the author's own.
    handle.log.error(
      { err: error, method: c.req.method, route: routePath(c, -1) },
      `${handle.name} failed over a web hook`,
    );
    return new Response(null, { status: 500 });
  });
  web(app, handle);
  return { handle, app };
}

/** Whether one of the `verify` helpers comes before the handler of a request. */
function asksForSecret(c: Context<WebEnv>): boolean {
  const handlers = matchedRoutes(c).map(({ handler }) => findTargetHandler(handler));
  const verifier = handlers.findIndex((each) => isVerifier(each));
  return verifier >= 0 && handlers.slice(0, verifier).every((each) => isMiddleware(each));
}

/** Of one length, whatever the sender has put into its id. */
function name(parts: readonly string[]): string {
  return `hook-${createHash("sha256").update(JSON.stringify(parts)).digest("base64url")}`;
}
