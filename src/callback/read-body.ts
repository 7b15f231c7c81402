import type { IncomingMessage } from "node:http";
import { Refusal } from "./refusal.ts";

/**
 * Reads the body of a request, counting while it arrives.
 *
 * From the socket's own stream: the web stream of a request costs several times as much as all the rest of a callback.
 *
 * @param limit in bytes.
 * @throws {@link Refusal} for the reason `too-large` or `incomplete`.
 */
export function readBody(incoming: IncomingMessage, limit: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    if (Number(incoming.headers["content-length"] ?? 0) > limit) {
      reject(tooLarge(limit));
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
        return;
      }
      incoming.pause();
      reject(tooLarge(limit));
    });
    incoming.on("end", () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    // It comes after every request, also after an error, so nothing is made here that is not needed.
    incoming.on("close", () => {
      if (incoming.readableEnded) return;
      reject(new Refusal("incomplete", "a callback's connection ended before its body did"));
    });
  });
}

function tooLarge(limit: number): Refusal {
  return new Refusal(
    "too-large",
    `a callback's body is over ${limit} bytes: raise the limit, or lower the size of stanzas that Prosody lets through`,
  );
}
