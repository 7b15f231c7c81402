import type { z } from "zod";
import type { Jid } from "../../stanza/index.ts";
import type { CommandNote, DataForm } from "../../xep/index.ts";
import type { Requester } from "../requester.ts";
import { type CommandStep, command } from "./command.ts";
import { CommandFailedError, CommandFormError } from "./command-errors.ts";
import { type FormFill, type FormValues, fillForm, readFormValues } from "./form-values.ts";
import type { QueryOptions } from "./query-options.ts";

/**
 * A command of somebody else, typed: by which node it is run, what it takes and what comes of it.
 *
 * @example
 * ```ts
 * import type { RemoteCommand } from "restanza/outbound";
 * import { z } from "zod";
 *
 * const weather = {
 *   node: "weather",
 *   fields: z.object({ city: z.string(), days: z.number() }),
 *   result: z.object({ sky: z.string() }),
 * } satisfies RemoteCommand;
 * ```
 */
export interface RemoteCommand<Fields extends z.ZodType = z.ZodType, Result extends z.ZodType = z.ZodType> {
  readonly node: string;
  /** Makes what is filled into its forms of what is given. */
  readonly fields?: Fields;
  /** Checks what is in its last form. */
  readonly result?: Result;
}

/** What came of a command. */
export interface CommandResult<Values = FormValues> {
  /** What it said, a line each. */
  readonly text: string;
  readonly notes: readonly CommandNote[];
  /** What is in its last form. */
  readonly values: Values;
  /** The rows of a table. */
  readonly rows: readonly FormValues[];
  readonly form: DataForm | undefined;
}

/** More stages than any command has: one that goes on without end is called off. */
const MOST_STAGES = 64;

/** XEP-0050 §2.4 to §2.6: from the first stage to the last. */
export async function runCommand(
  client: Requester,
  jid: string | Jid,
  { node, fields, result }: RemoteCommand,
  given: unknown,
  options: QueryOptions,
): Promise<CommandResult<unknown>> {
  const fill = (fields === undefined ? (given ?? {}) : fields.parse(given)) as FormFill | readonly FormFill[];
  const end = await finish(client, jid, node, isStages(fill) ? fill : [fill], options);
  const failed = end.notes.filter(({ type }) => type === "error");
  if (end.status === "canceled") throw new CommandFailedError(node, end.notes, "was called off");
  if (failed.length > 0) throw new CommandFailedError(node, failed, "has failed");
  const values = readFormValues(end.form?.fields ?? []);
  return {
    text: end.notes.map(({ text }) => text.trim()).join("\n"),
    notes: end.notes,
    values: result === undefined ? values : result.parse({ ...values }),
    rows: end.form?.items.map(readFormValues) ?? [],
    form: end.form,
  };
}

/** @param fills one for each stage, of which the last is for all further ones. */
async function finish(
  client: Requester,
  jid: string | Jid,
  node: string,
  [first = {}, ...further]: readonly FormFill[],
  options: QueryOptions,
): Promise<CommandStep> {
  let step = await command(client, jid, node, options);
  let left = first;
  for (let stage = 1; step.status === "executing"; stage += 1) {
    const { sessionId, form, notes } = step;
    const { values, unused, problems } = fillForm(form, left);
    const action = forward(step);
    const isLast = action === "complete";
    const unknown =
      isLast || further.length > 0 ? unused.map((field) => ({ field, kind: "unknown" as const })) : [];
    const refused = notes.filter(({ type }) => type === "error");
    if (problems.length + unknown.length + refused.length > 0 || stage > MOST_STAGES) {
      await command(client, jid, node, { ...options, action: "cancel", sessionId }).catch(() => undefined);
      if (refused.length > 0) throw new CommandFailedError(node, refused, "did not take what was filled in");
      if (stage > MOST_STAGES) throw new CommandFailedError(node, [], `has more than ${MOST_STAGES} stages`);
      throw new CommandFormError(node, [...unknown, ...problems], { form, ran: false });
    }
    left = further.shift() ?? Object.fromEntries(unused.map((name) => [name, left[name]]));
    step = await command(client, jid, node, { ...options, action, sessionId, values });
  }
  const forgotten = [left, ...further].flatMap((fill) =>
    Object.keys(fill).filter((name) => fill[name] !== undefined),
  );
  if (forgotten.length === 0 || step.status === "canceled") return step;
  const problems = forgotten.map((field) => ({ field, kind: "unknown" as const }));
  throw new CommandFormError(node, problems, { form: undefined, ran: true });
}

function isStages(fill: FormFill | readonly FormFill[]): fill is readonly FormFill[] {
  return Array.isArray(fill);
}

/** What goes on: the default of the step (XEP-0050 §3.4), which many a one-stage command has, that offers `next` as well. */
function forward({ execute, actions }: CommandStep): "next" | "complete" {
  if (execute === "next" || execute === "complete") return execute;
  return actions.includes("next") ? "next" : "complete";
}
