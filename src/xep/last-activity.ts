import { type Element, el } from "../stanza/index.ts";
import { readNumber } from "./values.ts";

/** XEP-0012: Last Activity; also its feature. */
export const NS_LAST = "jabber:iq:last";

/** When an entity was last active. */
export interface LastActivity {
  /** Seconds since then: of a bare JID since it went offline, of a device since it was used, of a server since it started. */
  readonly seconds: number | undefined;
  /** The status of the last unavailable presence. */
  readonly status: string | undefined;
}

/** Reads the answer to {@link buildLastActivityRequest}. */
export function readLastActivity(query: Element): LastActivity {
  return { seconds: readNumber(query.attr("seconds")), status: query.text || undefined };
}

/** Asks when an entity was last active (XEP-0012 §3 to §5). */
export function buildLastActivityRequest(): Element {
  return el("query", { xmlns: NS_LAST });
}

/** Tells when an entity was last active. */
export function buildLastActivity({ seconds, status }: LastActivity): Element {
  return el("query", { xmlns: NS_LAST, seconds }, status);
}
