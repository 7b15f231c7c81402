import { createHmac } from "node:crypto";

/** The headers of a signed callback, as Standard Webhooks names them. */
export interface SignatureHeaders {
  readonly "webhook-id": string;
  /** Seconds since 1970. */
  readonly "webhook-timestamp": string;
  readonly "webhook-signature": string;
}

/**
 * Signs a callback: HMAC-SHA256 over `id.timestamp.body`, one `v1,` signature a key, so that two are valid while a key
 * is being replaced.
 *
 * @param keys `whsec_` and Base64, or the plain bytes of a text.
 * @param at milliseconds since 1970.
 */
export function signWebhook(keys: readonly string[], id: string, at: number, body: string): SignatureHeaders {
  const timestamp = String(Math.floor(at / 1000));
  const signatures = keys.map(
    (key) =>
      `v1,${createHmac("sha256", keyBytes(key)).update(`${id}.${timestamp}.${body}`).digest("base64")}`,
  );
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
}

function keyBytes(key: string): Buffer {
  return key.startsWith("whsec_") ? Buffer.from(key.slice(6), "base64") : Buffer.from(key);
}
