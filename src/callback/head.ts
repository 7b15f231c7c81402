import type { IncomingMessage } from "node:http";
import { Refusal } from "./refusal.ts";

/**
 * Refuses a request whose headers are repeated.
 *
 * Prosody writes each header once. Since it copies a sender's `xml:lang` into Content-Language without escaping it, a
 * sender can add lines, and the first or the last of two would be believed depending on who reads them.
 *
 * @throws {@link Refusal} for the reason `bad-request`.
 */
export function checkHead(incoming: IncomingMessage): void {
  const { rawHeaders } = incoming;
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] as string).toLowerCase();
    if (seen.has(name)) {
      throw new Refusal(
        "bad-request",
        `a callback repeats the header ${JSON.stringify(name)}: somebody may have added lines by a forged xml:lang, which mod_restanza_callback prevents`,
      );
    }
    seen.add(name);
  }
}
