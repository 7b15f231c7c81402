import type { Element } from "../../stanza/index.ts";
import type { Clock } from "../../store/index.ts";
import { IqTracker } from "./iq-tracker.ts";
import type { Host, Origin } from "./network.ts";

/** What carries the stanzas of a host to a bot. */
export interface CallbackSide {
  /** Whether stanzas of this kind and destination are called back about. */
  wants(stanza: Element): boolean;
  /** Takes a stanza; the reply goes straight to where it came from. */
  handle(stanza: Element, origin: Origin): void;
}

/** A Component whose stanzas `mod_rest` carries to a web server. */
export class RestComponent implements Host {
  readonly domain: string;
  readonly iqs: IqTracker;
  readonly #callback: CallbackSide | undefined;

  constructor(domain: string, callback: CallbackSide | undefined, clock?: Clock) {
    this.domain = domain;
    this.iqs = new IqTracker(clock);
    this.#callback = callback;
  }

  deliver(stanza: Element, origin: Origin): boolean {
    if (this.iqs.take(stanza)) return true;
    if (this.#callback?.wants(stanza) !== true) return false;
    this.#callback.handle(stanza, origin);
    return true;
  }
}
