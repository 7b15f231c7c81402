import type { Element } from "../../stanza/index.ts";
import { buildDataForm, type FieldInit } from "../../xep/index.ts";
import type { Command } from "../commands/command.ts";
import { lastQuestion } from "../dialog/flight.ts";
import { textIn } from "../text.ts";
import type { Stage, StageQuestion } from "./call.ts";
import { fieldFor, type Reader } from "./form.ts";

/** The name of the one field that a question has. */
export const ANSWER = "answer";

/**
 * The form of a stage.
 *
 * @param said what the dialog says before it asks.
 */
export function formOfStage(
  { summary }: Command<never>,
  { question }: Stage,
  said: readonly string[],
  reader: Reader,
): Element {
  return buildDataForm({
    title: textIn(summary, reader.lang),
    instructions: said.length === 0 ? undefined : said.join("\n"),
    fields: question === undefined ? [] : [fieldOf(question, reader)],
  });
}

function fieldOf({ kind, question, field, choices, given }: StageQuestion, reader: Reader): FieldInit {
  const values = given === undefined ? [] : [given];
  switch (kind) {
    case "ask":
      if (field !== undefined)
        return {
          ...fieldFor({ ...field, required: true }, reader, given === undefined ? undefined : values),
          var: ANSWER,
          label: question,
          required: true,
        };
      return { var: ANSWER, type: "text-single", label: question, required: true, values };
    case "choose":
      return {
        var: ANSWER,
        type: "list-single",
        label: question,
        required: true,
        // What clients show is what they send then.
        values: given === undefined ? choices.slice(0, 1).map(({ value }) => value) : values,
        options: choices,
      };
    case "confirm":
      return { var: ANSWER, type: "boolean", label: question, values: given === undefined ? ["0"] : values };
  }
}

/** What was filled into the form of a stage, as it would be said. */
export function answerIn({ flight: { waiting } }: Pick<Stage, "flight">, values: readonly string[]): string {
  const text = values.join("\n").trim();
  if (waiting.kind !== "confirm") return text;
  return text === "1" || text === "true" ? "yes" : "no";
}

/** What may be done next. */
export function actionsOf({ flight }: Stage): readonly ("prev" | "next")[] {
  return lastQuestion(flight.log) === undefined ? ["next"] : ["prev", "next"];
}
