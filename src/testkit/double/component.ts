import type { Element } from "../../stanza/index.ts";
import type { Callback } from "./callback.ts";
import { IqTracker } from "./iq-tracker.ts";
import type { Host, Origin } from "./network.ts";

/** A Component whose stanzas `mod_rest` carries to a web server. */
export class RestComponent implements Host {
  readonly domain: string;
  readonly iqs = new IqTracker();
  readonly #callback: Callback | undefined;

  constructor(domain: string, callback: Callback | undefined) {
    this.domain = domain;
    this.#callback = callback;
  }

  deliver(stanza: Element, origin: Origin): boolean {
    if (this.iqs.take(stanza)) return true;
    if (this.#callback?.wants(stanza) !== true) return false;
    this.#callback.handle(stanza, origin);
    return true;
  }
}
