import { StanzaError } from "../../stanza/index.ts";
import {
  type CommandCondition,
  type CommandNote,
  type DataForm,
  readCommandCondition,
} from "../../xep/index.ts";

/**
 * Why an entity refuses a step of a command: a reason of XEP-0050 §4.4, such as `bad-sessionid` or `session-expired`; `forbidden` where
 * who asks may not run it; `item-not-found` where there is no such command.
 */
export type CommandRefusal = CommandCondition | "forbidden" | "item-not-found";

/** An entity refuses a step of a command. It is a `StanzaError` as well, with the condition and the words of the entity. */
export class CommandRefusedError extends StanzaError {
  override name = "CommandRefusedError";
  readonly reason: CommandRefusal;
  /** Which command. */
  readonly node: string;

  constructor(reason: CommandRefusal, node: string, error: StanzaError) {
    super(error.condition, error);
    this.reason = reason;
    this.node = node;
  }
}

/** @internal The error of a step as it is thrown. */
export function commandFailure(error: unknown, node: string): unknown {
  const reason = error instanceof StanzaError ? reasonOf(error) : undefined;
  return reason === undefined ? error : new CommandRefusedError(reason, node, error as StanzaError);
}

function reasonOf(error: StanzaError): CommandRefusal | undefined {
  const { condition } = error;
  const known = readCommandCondition(error);
  if (known !== undefined) return known;
  return condition === "forbidden" || condition === "item-not-found" ? condition : undefined;
}

/** A command has ended without doing what was wanted: it was called off, or says so in a note of type `error`. */
export class CommandFailedError extends Error {
  override name = "CommandFailedError";
  /** Which command. */
  readonly node: string;
  /** What it said. */
  readonly notes: readonly CommandNote[];

  constructor(node: string, notes: readonly CommandNote[], why: string) {
    const said = notes.map(({ text }) => text).join(" ");
    super(`The command ${node} ${why}${said === "" ? "" : `: ${said}`}`);
    this.node = node;
    this.notes = notes;
  }
}

/** What is wrong with a field. */
export interface FieldProblem {
  readonly field: string;
  /** `unknown`: no form asks for it; `missing`: it is required; `no-option`: it is none of the form's. */
  readonly kind: "unknown" | "missing" | "no-option";
}

/** What is given does not fit the forms of a command. */
export class CommandFormError extends TypeError {
  override name = "CommandFormError";
  /** Which command. */
  readonly node: string;
  readonly problems: readonly FieldProblem[];
  /** The form that it does not fit; `undefined` where no form was left. */
  readonly form: DataForm | undefined;
  /** Whether the command has run all the same: it came to its end before it had asked for everything. Else it was called off. */
  readonly ran: boolean;

  constructor(
    node: string,
    problems: readonly FieldProblem[],
    { form, ran }: Pick<CommandFormError, "form" | "ran">,
  ) {
    const wrong = problems.map(({ field, kind }) => `${field} ${SAID[kind]}`).join(", ");
    const fields = form?.fields.filter(({ type }) => type !== "fixed" && type !== "hidden") ?? [];
    const asked = fields.length === 0 ? "nothing" : fields.map(({ var: name }) => name).join(", ");
    super(
      `${wrong}: the command ${node} ${ran ? "did not ask for that, and has run without" : `asks for ${asked}; it was called off`}`,
    );
    this.node = node;
    this.problems = problems;
    this.form = form;
    this.ran = ran;
  }
}

const SAID: Readonly<Record<FieldProblem["kind"], string>> = {
  unknown: "is no field of its form",
  missing: "is required",
  "no-option": "is none of the form's options",
};
