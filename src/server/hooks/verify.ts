import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import type { WebDenial, WebEnv } from "../../bot/index.ts";

/** A secret, or two while one replaces the other. */
export type HookSecret = string | readonly string[];

/** What {@link verify}`.standardWebhooks` may be told. */
export interface StandardWebhooksOptions {
  /** How far the clocks of both sides may be apart, in seconds; an older request is refused. Default 300. */
  readonly tolerance?: number;
}

/** The most signatures that one request may offer. */
const MOST_SIGNATURES = 8;

/**
 * GitHub, and Gitea and Forgejo, which sign in the same way: HMAC-SHA256 of the body in `X-Hub-Signature-256`. The delivery is
 * that of `X-GitHub-Delivery`; the scheme has no time in it.
 */
function github(secret: HookSecret): MiddlewareHandler<WebEnv> {
  const keys = keysOf(secret, "verify.github");
  return verifier(async (c) => {
    const given = /^sha256=([\da-f]{64})$/i.exec(c.req.header("x-hub-signature-256") ?? "")?.[1];
    const body = await bodyOf(c);
    if (given === undefined || !signs(keys, [body], [Buffer.from(given, "hex")])) {
      return refusal(
        "X-Hub-Signature-256 is missing or fits none of the secrets: give the web hook the secret of the bot's configuration",
      );
    }
    return { delivery: c.req.header("x-github-delivery") };
  });
}

/** GitLab: the token that comes as it is in `X-Gitlab-Token`. The delivery is that of `Idempotency-Key`. */
function gitlab(token: HookSecret): MiddlewareHandler<WebEnv> {
  return header("X-Gitlab-Token", token, "Idempotency-Key");
}

/**
 * Standard Webhooks (standardwebhooks.com): `webhook-signature` is the HMAC-SHA256 of `webhook-id`, `webhook-timestamp` and the
 * body. The delivery is that of `webhook-id`, which is signed.
 *
 * @param secret `whsec_` and Base64.
 */
function standardWebhooks(
  secret: HookSecret,
  { tolerance = 300 }: StandardWebhooksOptions = {},
): MiddlewareHandler<WebEnv> {
  const keys = keysOf(secret, "verify.standardWebhooks", standardKey);
  return verifier(async (c) => {
    const id = c.req.header("webhook-id") ?? "";
    const timestamp = c.req.header("webhook-timestamp") ?? "";
    const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN;
    if (!(Math.abs(Date.now() / 1000 - seconds) <= tolerance)) {
      return refusal(
        `webhook-timestamp is missing or not of now, give or take ${tolerance} s: set the clocks of both machines`,
      );
    }
    const given = (c.req.header("webhook-signature") ?? "")
      .split(" ", MOST_SIGNATURES)
      .filter((each) => each.startsWith("v1,"))
      .map((each) => Buffer.from(each.slice(3), "base64"));
    if (id === "" || !signs(keys, [Buffer.from(`${id}.${timestamp}.`), await bodyOf(c)], given)) {
      return refusal(
        "webhook-id or webhook-signature is missing, or the signature fits none of the secrets: compare the secret of the sender with that of the bot's configuration",
      );
    }
    return { delivery: id };
  });
}

/** A shared secret as `Authorization: Bearer …`, as Alertmanager and Grafana send it. There is no delivery. */
function bearer(token: HookSecret): MiddlewareHandler<WebEnv> {
  return secretIn(
    "Authorization",
    list(token, "verify.bearer").map((each) => `Bearer ${each}`),
  );
}

/**
 * A shared secret in a header.
 *
 * @param name of the header with the secret.
 * @param delivery of the header with the id of the delivery; default: there is none.
 */
function header(name: string, secret: HookSecret, delivery?: string): MiddlewareHandler<WebEnv> {
  return secretIn(name, list(secret, `verify for ${name}`), delivery);
}

/**
 * Lets in requests of whom one shares a secret with; all others get a 401, in a time that tells nothing about the secret.
 *
 * @example
 * ```ts
 * import { defineBot, verify } from "restanza";
 * import { z } from "zod";
 *
 * export default defineBot({
 *   name: "alerts",
 *   summary: "tells the room what Alertmanager says",
 *   config: z.object({ token: z.string(), room: z.string() }),
 *   routes: () => undefined,
 *   web(app, { config }) {
 *     app.post("/", verify.bearer(config.token), async (c) => {
 *       const { status } = await c.req.json<{ status: string }>();
 *       await c.var.send(config.room, `Alerts: ${status}`);
 *       return c.body(null, 204);
 *     });
 *   },
 * });
 * ```
 * @throws TypeError when a secret is empty, which would let everybody in.
 */
export const verify = { github, gitlab, standardWebhooks, bearer, header } as const;

function secretIn(name: string, secrets: readonly string[], delivery?: string): MiddlewareHandler<WebEnv> {
  // Digests have one length, and so does the time that it takes to compare them.
  const keys = secrets.map((secret) => digest(secret));
  return verifier(async (c) => {
    const given = digest(c.req.header(name) ?? "");
    let known = false;
    for (const key of keys) known = timingSafeEqual(key, given) || known;
    if (!known)
      return refusal(
        `${name} is missing or holds none of the secrets: compare the secret of the sender with that of the bot's configuration`,
      );
    return { delivery: delivery === undefined ? undefined : c.req.header(delivery) };
  });
}

/** Why somebody is not let in, or the id of their delivery. */
type Verified = { readonly why: string } | { readonly delivery: string | undefined };

function refusal(why: string): Verified {
  return { why };
}

/** By which a verifier is known in whichever copy of this module it was made. */
const IS_VERIFIER: unique symbol = Symbol.for("restanza.verifier") as never;

function verifier(check: (c: Context<WebEnv>) => Promise<Verified>): MiddlewareHandler<WebEnv> {
  const handler: MiddlewareHandler<WebEnv> = async (c, next) => {
    const verified = await check(c);
    if ("why" in verified) return c.env.refuse(verified.why);
    const denial = await c.env.admit(true);
    if (denial !== undefined) return denied(denial);
    if (verified.delivery !== undefined) c.set("delivery", verified.delivery);
    return await next();
  };
  return Object.assign(handler, { [IS_VERIFIER]: true });
}

/** Whether a handler is one of {@link verify}. */
export function isVerifier(handler: object): boolean {
  return IS_VERIFIER in handler;
}

/** The answer to a request that must not go on. */
export function denied({ status, retryAfter }: WebDenial): Response {
  return new Response(null, { status, headers: { "retry-after": String(retryAfter) } });
}

function digest(text: string): Buffer {
  return createHmac("sha256", "restanza").update(text).digest();
}

function signs(keys: readonly KeyObject[], parts: readonly Uint8Array[], given: readonly Buffer[]): boolean {
  return keys.some((key) => {
    const hmac = createHmac("sha256", key);
    for (const part of parts) hmac.update(part);
    const expected = hmac.digest();
    return given.some((each) => each.length === expected.length && timingSafeEqual(each, expected));
  });
}

/** The bytes as they came: a signature is over these, and not over what somebody has read in them. */
async function bodyOf(c: Context<WebEnv>): Promise<Uint8Array> {
  return new Uint8Array(await c.req.arrayBuffer());
}

function list(secret: HookSecret, helper: string): readonly string[] {
  const secrets = typeof secret === "string" ? [secret] : secret;
  if (secrets.length > 0 && secrets.every((each) => each !== "")) return secrets;
  throw new TypeError(
    `${helper} was given no secret, or an empty one, with which everybody could call the web hook`,
  );
}

function keysOf(
  secret: HookSecret,
  helper: string,
  read: (secret: string) => Buffer = (text) => Buffer.from(text),
): KeyObject[] {
  return list(secret, helper).map((each) => createSecretKey(read(each)));
}

function standardKey(secret: string): Buffer {
  const encoded = secret.replace(/^whsec_/, "");
  const key = Buffer.from(encoded, "base64");
  if (/^[\w+/-]+={0,2}$/.test(encoded) && key.length > 0) return key;
  throw new TypeError(
    "verify.standardWebhooks was given a secret that is no whsec_ and Base64: copy it from the sender",
  );
}
