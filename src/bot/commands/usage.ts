import { type Say, sayingIn } from "../i18n/framework.ts";
import { textIn } from "../text.ts";
import type { Command } from "./command.ts";
import type { Field } from "./fields.ts";
import { nameOf, wanted } from "./problems.ts";
import { writeValue } from "./values.ts";

/** @internal What usage and help look at: a command for whatever context. */
export type AnyCommand = Command<never>;

/** How a command is written, such as `remind <in> <text…> [--loud]`. */
export function usageOf(command: AnyCommand, lang?: string, say: Say = sayingIn(lang)): string {
  const flags = command.fields.filter((field) => !command.positional.includes(field));
  return [
    command.name,
    ...command.positional.map((field) => placed(field, field === command.rest)),
    ...flags.map((field) => flagged(field, say)),
  ].join(" ");
}

/** All about a command, for `help COMMAND`. */
export function helpOf(command: AnyCommand, lang: string | undefined, say: Say = sayingIn(lang)): string {
  const { aliases, description, examples, fields, positional } = command;
  const paragraphs = [
    [usageOf(command, lang, say), textIn(command.summary, lang)],
    description === undefined ? [] : [textIn(description, lang)],
    fields.map((field) => `${nameOf(field, positional)}: ${explained(field, lang, say)}`),
    aliases.length === 0 ? [] : [say("helpAliases", { names: aliases.join(", ") })],
    examples.length === 0 ? [] : [say("helpExamples"), ...examples],
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

function flagged(field: Field, say: Say): string {
  const isSwitch = field.kind === "boolean";
  const name = isSwitch && field.default === true ? `--no-${field.name}` : `--${field.name}`;
  const value =
    field.options === undefined ? say("kind", { kind: field.kind }) : [...field.options.keys()].join("|");
  const text = isSwitch ? name : `${name} <${value}>`;
  return `${field.required ? text : `[${text}]`}${field.multiple ? "…" : ""}`;
}

function explained(field: Field, lang: string | undefined, say: Say): string {
  const { description, default: value, kind } = field;
  const type = kind === "text" ? undefined : wanted(field, say);
  const standard =
    value === undefined || value instanceof Date || Array.isArray(value)
      ? undefined
      : say("helpDefault", {
          value: typeof value === "boolean" ? say(value ? "yes" : "no") : writeValue(field, value),
        });
  const notes = [description === undefined ? undefined : type, standard].filter((note) => note !== undefined);
  const what = description === undefined ? wanted(field, say) : textIn(description, lang);
  return `${what}${notes.length > 0 ? ` (${notes.join("; ")})` : ""}`;
}
