import type { JsonValue } from "../../store/index.ts";
import type { Context } from "../context.ts";
import type { Storage } from "../storage.ts";

/** What a dialog has been through, in order: it is gone through again, with these results, at each message. */
export interface Entry {
  readonly kind: "ask" | "choose" | "confirm" | "step" | "now" | "random";
  readonly name: string;
  readonly value?: JsonValue;
  /** Of the message that has answered, by which it is known when it is corrected. */
  readonly by?: string;
  /** The message of what a step has thrown. */
  readonly error?: string;
}

/** The question that a dialog waits at. */
export interface Question {
  readonly kind: "ask" | "choose" | "confirm";
  readonly name: string;
  /** Of the message that asked it. */
  readonly id: string;
  /** By when it is to be answered, in milliseconds since 1970. */
  readonly until: number;
  /** Words that would end the dialog, were they not among the choices. */
  readonly taken: readonly string[];
}

/** A failure that a dialog waits at, to be tried again; it comes after a step that must not be done twice. */
export interface Failure {
  readonly kind: "failure";
  /** How many things had been said, which are not said again. */
  readonly said: number;
  readonly until: number;
}

/** A dialog between two messages, as it is stored. */
export interface Flight {
  readonly name: string;
  readonly version: number;
  readonly args: JsonValue;
  /** Of the message that has started it, by which it is known when it is corrected. */
  readonly begunBy?: string;
  readonly log: readonly Entry[];
  readonly waiting: Question | Failure;
  /** How often it has failed since something was last answered. */
  readonly failures: number;
}

/** Where a dialog was left; without what it waits for, it asks once more. */
export type Left = Omit<Flight, "waiting"> & { readonly waiting: Flight["waiting"] | undefined };

/** Where the dialogs of a bot are stored. */
export function flightsOf(ctx: Context): Storage {
  return ctx.effects.area("dialogs", { guarded: true });
}

/** Where in a log the last question is that one can go back to: no step has been done since. */
export function lastQuestion(log: readonly Entry[]): number | undefined {
  const position = log.findLastIndex(({ kind }) => kind === "step" || isQuestion(kind));
  const entry = log[position];
  return entry === undefined || entry.kind === "step" ? undefined : position;
}

/** Whether an entry is the answer to a question. */
export function isQuestion(kind: Entry["kind"]): kind is Question["kind"] {
  return kind === "ask" || kind === "choose" || kind === "confirm";
}

/** How much a dialog may have been through; a loop that has gone wrong ends there. */
export const MOST_ENTRIES = 500;

/** How large its log may be, in bytes as JSON. */
export const MOST_BYTES = 65_536;
