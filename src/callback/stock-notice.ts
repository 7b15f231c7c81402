import type { Logger } from "pino";
import type { Answer } from "./respond.ts";

/** Says once for each domain what people miss of answers that stock mod_rest takes back to the client that asked. */
export class StockNotice {
  readonly #log: Logger;
  readonly #told = new Set<string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Takes the answer to a callback that did not come by our module. */
  answered(domain: string, { stanza }: Answer): void {
    // A room sends on to all what it is answered.
    if (stanza?.kind !== "message" || stanza.body === undefined || stanza.type === "groupchat") return;
    if (this.#told.has(domain)) return;
    this.#told.add(domain);
    this.#log.info(
      { domain },
      "the answers of bots are on the client that asked alone, and in no archive, as stock mod_rest takes them there: load mod_restanza_callback, or have them POSTed by RESTANZA_DEADLINE=0",
    );
  }
}
