import type { JsonValue } from "../../store/index.ts";

/** What is known of one room that the bot is in, or is to be in. */
export interface Stay {
  /** The nickname there; `undefined` as long as the room has not let the bot in. */
  readonly nick?: string | undefined;
  /** The nickname that was asked for last, and not answered yet. */
  readonly asked?: string | undefined;
  /** The nickname that the bot is to have. */
  readonly wish?: string | undefined;
  readonly password?: string | undefined;
  /** Whether the configuration asks for the room. */
  readonly listed?: boolean | undefined;
  /** Whether somebody has asked the bot in, and the room has not let it in yet. */
  readonly invited?: boolean | undefined;
  /** Whether the bot makes it, and opens it itself. */
  readonly making?: boolean | undefined;
  /** Whether the room gives its occupants no ids (XEP-0421), so that one in a stanza is what its sender has made up. */
  readonly noIds?: boolean | undefined;
  /** How often in a row it was not to be entered, or not to be stayed in. */
  readonly tries?: number | undefined;
  /** When to enter it again, in milliseconds since 1970; `undefined` for who is in, or was not answered yet. */
  readonly again?: number | undefined;
}

/** Where a bot is with a room: `in` it, `joining`, its answer still to come, or `waiting` to try again. */
export type StayState = "in" | "joining" | "waiting";

/** Tells which. */
export function stateOf({ nick, again }: Stay): StayState {
  if (again !== undefined) return "waiting";
  return nick === undefined ? "joining" : "in";
}

/** The nickname by which the room knows the bot, or is to know it as soon as it lets it in. */
export function nickOf({ nick, again, asked }: Stay): string | undefined {
  return nick ?? (again === undefined ? asked : undefined);
}

/** A room that the bot is in, or is to be in. */
export interface KnownRoom {
  /** Its bare JID. */
  readonly room: string;
  readonly state: StayState;
  /** When to enter it again, in milliseconds since 1970, where it waits for that. */
  readonly again: number | undefined;
  readonly listed: boolean;
}

/** What others may know of a stay. */
export function knownRoom(room: string, stay: Stay): KnownRoom {
  return { room, state: stateOf(stay), again: stay.again, listed: stay.listed === true };
}

/** As the store has it. */
export function writeStay(stay: Stay): JsonValue {
  return Object.fromEntries(
    Object.entries(stay).filter(([, value]) => value !== undefined && value !== false && value !== 0),
  ) as JsonValue;
}

/** From the store. */
export function readStay(value: JsonValue | undefined): Stay | undefined {
  return value as Stay | undefined;
}
