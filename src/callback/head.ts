import type { IncomingMessage } from "node:http";
import { Refusal } from "./refusal.ts";

/**
 * Refuses a request whose headers are not as Prosody writes them: each once, a host among them, and no expectations. Since it copies a
 * sender's `xml:lang` into Content-Language without escaping it, a sender can add lines, and the first or the last of two
 * would be believed depending on who reads them.
 *
 * @throws {@link Refusal} for the reason `bad-request`.
 */
export function checkHead(incoming: IncomingMessage): void {
  const { rawHeaders, headers } = incoming;
  // Node has one entry for each name, so that only a number that differs is worth a closer look.
  const twice = Object.keys(headers).length * 2 === rawHeaders.length ? undefined : repeated(rawHeaders);
  if (twice !== undefined) throw forged(`repeats the header ${JSON.stringify(twice.slice(0, 40))}`);
  if (headers.host === undefined) throw forged("has no header Host that a host could have");
  if (headers.expect !== undefined) throw forged("has the header Expect, which Prosody does not send");
}

function repeated(rawHeaders: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] as string).toLowerCase();
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return undefined;
}

function forged(what: string): Refusal {
  return new Refusal(
    "bad-request",
    `a callback ${what}: somebody may have changed its lines by a forged xml:lang, which mod_restanza_callback prevents`,
  );
}
