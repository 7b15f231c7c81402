import type { PresenceType } from "../../stanza/index.ts";

/**
 * @internal What a stanza is before one looks into it. No stanza is of two classes. `private` is what an occupant of a room
 * says to the bot alone; `room` is what the room itself says to the bot alone; `history` is what was said in a room before the
 * bot came.
 */
export type StanzaClass =
  | "direct"
  | "private"
  | "room"
  | "groupchat"
  | "history"
  | "headline"
  | "message-error"
  | `presence-${PresenceType}`
  | "iq-get"
  | "iq-set";

/** @internal When something can pass, as far as that can be told without a stanza: one of the classes, and all of the parts. */
export interface Condition {
  readonly classes: readonly StanzaClass[];
  readonly parts: readonly string[];
}

/** What no stanza has together, whatever its class. */
const EXCLUSIVE: readonly (readonly [string, string])[] = [
  ["body", "encrypted"],
  ["occupant", "contact"],
  ["left", "renamed"],
  ["kicked", "banned"],
  ["joined", "changed"],
];

/** Of each of these a stanza has one alone. */
const SINGLE: readonly string[] = ["words ", "payload ", "namespace ", "node "];

/** @internal When both conditions hold; `undefined` where that can never be. */
export function both(one: Condition, other: Condition): Condition | undefined {
  const classes = one.classes.filter((each) => other.classes.includes(each));
  if (classes.length === 0) return undefined;
  const parts = [...new Set([...one.parts, ...other.parts])];
  if (EXCLUSIVE.some((pair) => pair.every((part) => parts.includes(part)))) return undefined;
  if (SINGLE.some((prefix) => parts.filter((part) => part.startsWith(prefix)).length > 1)) return undefined;
  return { classes, parts };
}

/** @internal Whether all that passes `one` passes `other`. */
export function implies(one: Condition, other: Condition): boolean {
  return (
    one.classes.every((each) => other.classes.includes(each)) &&
    other.parts.every((part) => one.parts.includes(part))
  );
}
