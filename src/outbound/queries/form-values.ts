import type { Jid } from "../../stanza/index.ts";
import type { DataForm, FormField } from "../../xep/index.ts";
import type { FieldProblem } from "./command-errors.ts";

type One = string | number | boolean | Date | Jid;

/** What is filled into the fields of a form, by their names; several values for a field that takes several. */
export type FormFill = Readonly<Record<string, One | readonly One[] | undefined>>;

/** What a form holds, by the names of its fields: a boolean for such a field, a list where it may hold several values. */
export type FormValues = Readonly<Record<string, string | boolean | readonly string[]>>;

/** @internal What a form holds. */
export function readFormValues(fields: readonly FormField[]): FormValues {
  const values: Record<string, string | boolean | readonly string[]> = Object.create(null);
  for (const field of fields) {
    if (field.var === undefined || field.type === "fixed" || field.var === "FORM_TYPE") continue;
    values[field.var] = fieldValue(field);
  }
  return values;
}

function fieldValue({ type, values }: FormField): string | boolean | readonly string[] {
  if (type === "boolean") return values[0] === "1" || values[0] === "true";
  if (type === "text-multi") return values.join("\n");
  if (type === "list-multi" || type === "jid-multi") return values;
  // Where an answer does not say, it is what it looks like.
  return type === undefined && values.length > 1 ? values : (values[0] ?? "");
}

/** @internal What to submit: what is given, and what the form has already. */
export function fillForm(
  form: DataForm | undefined,
  given: FormFill,
): {
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** The names in `given` that the form has no field for. */
  readonly unused: readonly string[];
  readonly problems: readonly FieldProblem[];
} {
  const values: Record<string, readonly string[]> = Object.create(null);
  const problems: FieldProblem[] = [];
  const names = new Set<string>();
  for (const field of form?.fields ?? []) {
    const { var: name, type } = field;
    if (name === undefined || type === "fixed") continue;
    names.add(name);
    const own = Object.hasOwn(given, name) ? given[name] : undefined;
    const filled = own === undefined ? field.values : write(own, type);
    if (filled.length > 0 || own !== undefined) values[name] = filled;
    const problem = problemOf(field, filled, own !== undefined);
    if (problem !== undefined) problems.push({ field: name, kind: problem });
  }
  const unused = Object.keys(given).filter((name) => given[name] !== undefined && !names.has(name));
  return { values, unused, problems };
}

function problemOf(
  { required, type, options, validation }: FormField,
  filled: readonly string[],
  own: boolean,
): FieldProblem["kind"] | undefined {
  if (required && filled.every((value) => value === "")) return "missing";
  // With a validation of its own, a list may take what it does not offer (XEP-0122 §4.3).
  const closed = (type === "list-single" || type === "list-multi") && validation === undefined;
  if (!own || !closed || options.length === 0) return undefined;
  return filled.every((value) => options.some((option) => option.value === value)) ? undefined : "no-option";
}

function write(value: One | readonly One[], type: FormField["type"]): readonly string[] {
  const each = (Array.isArray(value) ? value : [value]) as readonly One[];
  const texts = each.map(text);
  return type === "text-multi" ? texts.flatMap((line) => line.split("\n")) : texts;
}

function text(value: One): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  return value instanceof Date ? value.toISOString() : String(value);
}
