import { type Element, el } from "../stanza/index.ts";
import { readInstant } from "./values.ts";

/** XEP-0202: Entity Time; also its feature. */
export const NS_TIME = "urn:xmpp:time";

/** What an entity's clock shows. */
export interface EntityTime {
  readonly utc: Date | undefined;
  /** Its zone as an offset, such as `-06:00` or `Z`. */
  readonly zone: string | undefined;
}

/** Reads the answer to {@link buildTimeRequest}. */
export function readTime(time: Element): EntityTime {
  return { utc: readInstant(time.childText("utc")), zone: time.childText("tzo") };
}

/** Asks what an entity's clock shows (XEP-0202 §2). */
export function buildTimeRequest(): Element {
  return el("time", { xmlns: NS_TIME });
}

/** Tells what an entity's clock shows, to the second as XEP-0202 has it. */
export function buildTime({ utc, zone }: EntityTime): Element {
  return el(
    "time",
    { xmlns: NS_TIME },
    zone !== undefined && el("tzo", {}, zone),
    utc && el("utc", {}, utc.toISOString().replace(/\.\d+Z$/, "Z")),
  );
}
