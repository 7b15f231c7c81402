import type { Element } from "../../stanza/index.ts";
import {
  buildDataForm,
  type FieldInit,
  type FieldOption,
  type FieldType,
  type FieldValidation,
} from "../../xep/index.ts";
import type { Command } from "../commands/command.ts";
import { writeDuration } from "../commands/durations.ts";
import type { Field } from "../commands/fields.ts";
import { nameOf, type Problem, wanted } from "../commands/problems.ts";
import type { Say } from "../i18n/framework.ts";
import { textIn } from "../text.ts";

/** For whom a form is made. */
export interface Reader {
  readonly lang: string | undefined;
  readonly say: Say;
}

/**
 * The form of a command: a field for each argument.
 *
 * @param problems what is wrong with what was filled in: said above it, as some clients show no notes beside a form.
 */
export function formOf(
  command: Command<never>,
  { lang, say }: Reader,
  given?: ReadonlyMap<string, readonly string[]>,
  problems: readonly string[] = [],
): Element {
  const { summary, description } = command;
  const said = problems.length > 0 || description === undefined ? problems : [textIn(description, lang)];
  return buildDataForm({
    title: textIn(summary, lang),
    instructions: said.length === 0 ? undefined : said.join("\n"),
    fields: command.fields.map((field) => fieldFor(field, { lang, say }, given?.get(field.key))),
  });
}

/** @param given what was filled in before; default: what the field has as its default. */
export function fieldFor(
  field: Field,
  { lang, say }: Reader,
  given: readonly string[] | undefined,
): FieldInit {
  const { key, kind, required, emptyIfAbsent, some } = field;
  return {
    var: key,
    type: typeOf(field),
    label: labelOf(field, lang),
    description: kind === "text" || kind === "choice" || kind === "boolean" ? undefined : wanted(field, say),
    required: (required && kind !== "boolean") || (emptyIfAbsent && some),
    // A secret is not said again.
    values: field.secret ? [] : (given ?? standard(field)),
    options: optionsOf(field),
    validation: validationOf(field),
  };
}

/** What a person sees in front of a field. */
function labelOf({ name, description }: Field, lang: string | undefined): string {
  return description === undefined ? name : textIn(description, lang);
}

function typeOf({ kind, multiple, secret }: Field): FieldType {
  switch (kind) {
    case "boolean":
      return multiple ? "text-multi" : "boolean";
    case "choice":
      return multiple ? "list-multi" : "list-single";
    case "jid":
      return multiple ? "jid-multi" : "jid-single";
    default:
      if (multiple) return "text-multi";
      return secret ? "text-private" : "text-single";
  }
}

/** What there is to choose from; where it need not be chosen, nothing too, as clients show the first where nothing is selected. */
function optionsOf({ options, required, multiple, default: value }: Field): FieldOption[] {
  const all = [...(options?.keys() ?? [])].map((each) => ({ label: each, value: each }));
  const canBeNone = options !== undefined && !multiple && !required && value === undefined;
  return canBeNone ? [{ label: "–", value: "" }, ...all] : all;
}

function standard(field: Field): readonly string[] {
  const { default: value, kind } = field;
  if (value === undefined || value === null) {
    if (field.multiple) return [];
    // What clients show is what they send then.
    const [first] = optionsOf(field);
    return kind === "boolean" ? ["0"] : first === undefined ? [] : [first.value];
  }
  return (Array.isArray(value) ? value : [value]).map((each) => written(kind, each));
}

function written(kind: Field["kind"], value: unknown): string {
  if (kind === "duration") return writeDuration(Number(value));
  if (value instanceof Date) return value.toISOString();
  return typeof value === "boolean" ? (value ? "1" : "0") : String(value);
}

function validationOf({ kind, least, most, multiple }: Field): FieldValidation | undefined {
  if (kind !== "number" && kind !== "integer") return undefined;
  const datatype = kind === "integer" ? "xs:integer" : "xs:decimal";
  // Of several values each is checked.
  if (multiple) return { datatype, method: { kind: "open" } };
  if (least === undefined && most === undefined) return { datatype, method: { kind: "basic" } };
  return { datatype, method: { kind: "range", min: least?.toString(), max: most?.toString() } };
}

/** What is wrong with what was filled in, by the labels of the fields. */
export function problemsOf(
  command: Command<never>,
  problems: readonly Problem[],
  { lang, say }: Reader,
): string[] {
  return problems.map(({ field, text }) => {
    if (field === undefined) return text;
    const name = nameOf(field, command.positional);
    const problem = text.startsWith(name) ? text.slice(name.length).trim() : text;
    return say("menuProblem", { label: labelOf(field, lang), problem });
  });
}
