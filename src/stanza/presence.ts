import { el, type NodeInit } from "./element.ts";
import { BaseStanza, type StanzaInit, StanzaShapeError, stanzaElement } from "./stanza.ts";

/** RFC 6121 §4.7.1; `available` is what no type at all means. */
export type PresenceType =
  | "available"
  | "unavailable"
  | "subscribe"
  | "subscribed"
  | "unsubscribe"
  | "unsubscribed"
  | "probe"
  | "error";

/** RFC 6121 §4.7.2.1. */
export type PresenceShow = "away" | "chat" | "dnd" | "xa";

/** What a {@link presence} may be made with. */
export interface PresenceInit extends StanzaInit {
  /** Default `available`, which is written as no type at all. */
  readonly type?: PresenceType | undefined;
  readonly show?: PresenceShow | undefined;
  /** Words for a person. */
  readonly status?: string | undefined;
  /** From -128 to 127; default 0. */
  readonly priority?: number | undefined;
}

/** A presence (RFC 6121 §4). */
export class Presence extends BaseStanza {
  readonly kind = "presence";

  get type(): PresenceType {
    return (this.element.attr("type") ?? "available") as PresenceType;
  }

  get show(): PresenceShow | undefined {
    const show = this.element.childText("show");
    return shows.find((known) => known === show);
  }

  get status(): string | undefined {
    return this.element.childText("status");
  }

  /** From -128 to 127; 0 where there is none, or none that RFC 6121 §4.7.2.3 knows. */
  get priority(): number {
    const text = this.element.childText("priority")?.trim() ?? "";
    const priority = /^[+-]?\d+$/.test(text) ? Number(text) : 0;
    return isPriority(priority) ? priority : 0;
  }
}

/** Every {@link PresenceType}. */
export const PRESENCE_TYPES: readonly PresenceType[] = [
  "available",
  "unavailable",
  "subscribe",
  "subscribed",
  "unsubscribe",
  "unsubscribed",
  "probe",
  "error",
];
function isPriority(priority: number): boolean {
  return Number.isInteger(priority) && priority >= -128 && priority <= 127;
}

const shows: readonly PresenceShow[] = ["away", "chat", "dnd", "xa"];

/**
 * Makes a presence.
 *
 * @example
 * ```ts
 * import { presence } from "restanza/stanza";
 *
 * presence({ to: "juliet@example.com", show: "away", status: "Back at four" });
 * ```
 * @throws JidError when `to` or `from` is no JID.
 * @throws {@link StanzaShapeError} when RFC 6121 §4.7 does not know the type or the priority.
 */
export function presence(init: PresenceInit = {}, ...children: NodeInit[]): Presence {
  if (init.type !== undefined && !PRESENCE_TYPES.includes(init.type)) {
    throw new StanzaShapeError(
      `${JSON.stringify(init.type)} is no type of a presence; it is one of ${PRESENCE_TYPES.join(", ")}`,
    );
  }
  if (init.priority !== undefined && !isPriority(init.priority)) {
    throw new StanzaShapeError(
      `${init.priority} is no priority of a presence; it is a whole number from -128 to 127`,
    );
  }
  return new Presence(
    stanzaElement("presence", init, init.type === "available" ? undefined : init.type, [
      init.show !== undefined && el("show", {}, init.show),
      init.status !== undefined && el("status", {}, init.status),
      init.priority !== undefined && el("priority", {}, String(init.priority)),
      ...children,
    ]),
  );
}
