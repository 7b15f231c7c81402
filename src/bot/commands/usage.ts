import { textIn } from "../text.ts";
import type { Command } from "./command.ts";
import type { Field } from "./fields.ts";
import { nameOf, wanted } from "./problems.ts";
import { writeValue } from "./values.ts";

/** @internal What usage and help look at: a command for whatever context. */
export type AnyCommand = Command<never>;

/** How a command is written, such as `remind <in> <text…> [--loud]`. */
export function usageOf(command: AnyCommand): string {
  const flags = command.fields.filter((field) => !command.positional.includes(field));
  return [
    command.name,
    ...command.positional.map((field) => placed(field, field === command.rest)),
    ...flags.map(flagged),
  ].join(" ");
}

/** All about a command, for `help COMMAND`. */
export function helpOf(command: AnyCommand, lang: string | undefined): string {
  const { aliases, description, examples, fields, positional } = command;
  const paragraphs = [
    [usageOf(command), textIn(command.summary, lang)],
    description === undefined ? [] : [textIn(description, lang)],
    fields.map((field) => `${nameOf(field, positional)}: ${explained(field)}`),
    aliases.length === 0 ? [] : [`Also: ${aliases.join(", ")}`],
    examples.length === 0 ? [] : ["For example:", ...examples],
  ];
  return paragraphs
    .filter(({ length }) => length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function placed(field: Field, isRest: boolean): string {
  const name = isRest ? `${field.name}…` : field.name;
  return field.required || field.emptyIfAbsent ? `<${name}>` : `[${name}]`;
}

function flagged(field: Field): string {
  const isSwitch = field.kind === "boolean";
  const name = isSwitch && field.default === true ? `--no-${field.name}` : `--${field.name}`;
  const value = field.options === undefined ? field.kind : [...field.options.keys()].join("|");
  const text = isSwitch ? name : `${name} <${value}>`;
  return `${field.required ? text : `[${text}]`}${field.multiple ? "…" : ""}`;
}

function explained(field: Field): string {
  const { description, default: value, kind } = field;
  const type = kind === "text" ? undefined : wanted(field);
  const standard =
    value === undefined || value instanceof Date || Array.isArray(value)
      ? undefined
      : `default ${writeValue(field, value)}`;
  const notes = [description === undefined ? undefined : type, standard].filter((note) => note !== undefined);
  return `${description ?? wanted(field)}${notes.length > 0 ? ` (${notes.join("; ")})` : ""}`;
}
