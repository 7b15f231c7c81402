import type { Element } from "../../../stanza/index.ts";
import type { Origin } from "../network.ts";

/** A callback of mod_rest's as the module carries it. */
export interface Job {
  /** The `webhook-id`, the same each time that it is sent. */
  readonly id: string;
  /** The conversation that it belongs to. */
  readonly key: string;
  /** Whether it may overtake the conversation's messages. */
  readonly iq: boolean;
  readonly stanza: Element;
  readonly origin: Origin;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What its body takes while it waits, in bytes. */
  readonly bytes: number;
  /** In milliseconds since 1970. */
  readonly arrived: number;
  /** How often it was sent. */
  attempts: number;
  /** The how many-th it was to be started. */
  turn: number;
  /** When its request was on its way as a whole, in milliseconds since 1970; `undefined` while it is not. */
  written: number | undefined;
  /** Since when it has been kept because the web server was away. */
  keptSince: number | undefined;
  /** How often it has failed while later ones were answered. */
  ownFailures: number;
}
