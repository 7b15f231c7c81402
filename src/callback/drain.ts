import type { IncomingMessage } from "node:http";

/** How much of a body that nobody wants is read all the same, in bytes. */
const LARGEST = 16 * 1024 * 1024;

/**
 * Reads what is left of a refused request and throws it away.
 *
 * A connection that is closed with bytes unread is reset, and mod_rest, which then has no answer at all, tells the sender
 * that the bot is away, or a room to throw it out.
 */
export function drain(incoming: IncomingMessage): Promise<void> {
  if (incoming.complete || incoming.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => resolve();
    let size = 0;
    incoming.removeAllListeners("data");
    incoming.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > LARGEST) done();
    });
    incoming.once("end", done);
    incoming.once("close", done);
    incoming.resume();
  });
}
