import type { Command } from "../commands/command.ts";
import type { Field } from "../commands/fields.ts";
import type { Context } from "../context.ts";
import type { Flight } from "../dialog/flight.ts";

/** A question of a dialog, as a form puts it. */
export interface StageQuestion {
  readonly kind: "ask" | "choose" | "confirm";
  readonly question: string;
  /** Of `ask`: what the answer has to become, where its schema says. */
  readonly field: Field | undefined;
  /** Of `choose`: what there is, with the words for it. */
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  /** What was wrong with the answer before. */
  readonly problem: string | undefined;
  /** What was answered before, where the person has gone back to it or has to answer anew. */
  readonly given: string | undefined;
}

/** Where a dialog in a menu stands when a step of it is answered. */
export interface Stage {
  readonly flight: Flight;
  /** `undefined` where it has failed, and is tried again by the next step. */
  readonly question: StageQuestion | undefined;
}

/** What one step of a command in a menu wants: the command is to run, or a dialog goes on. */
export type Wanted =
  | { readonly kind: "run"; readonly args: unknown }
  | {
      readonly kind: "dialog";
      readonly flight: Flight;
      /** Back to the question before. */
      readonly back: boolean;
      readonly answer: string | undefined;
    };

/** One step of a command that somebody runs from a menu of their client (XEP-0050), on its way through the bot. */
export class MenuCall {
  readonly command: Command<never>;
  readonly wanted: Wanted;
  /** Whether a command or dialog has taken it. */
  taken = false;
  /** Where its dialog stands now; `undefined` where there is none, or it is over. */
  stage: Stage | undefined;
  /** Whether its dialog has ended before its end. */
  failed = false;
  /** Whether what is said is still a part of the answer; later it goes in messages. */
  isOpen = true;

  constructor(command: Command<never>, wanted: Wanted) {
    this.command = command;
    this.wanted = wanted;
  }
}

const calls = new WeakMap<Context, MenuCall>();

/** What is at hand where somebody runs a command from a menu; the stanza of the context is as if they had said its name. */
export function menuCallOf(ctx: Context): MenuCall | undefined {
  return calls.get(ctx);
}

/** Makes a context that of such a call. */
export function setMenuCall(ctx: Context, call: MenuCall): void {
  calls.set(ctx, call);
}
