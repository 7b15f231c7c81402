import { closestMatch } from "leven";
import type { z } from "zod";
import type { FrameworkText, Say } from "../i18n/framework.ts";
import { writeDuration } from "./durations.ts";
import type { Field } from "./fields.ts";

/** What is wrong with the arguments of a command, in a sentence for who gave them. */
export interface Problem {
  /** The argument that it is about; `undefined` where it is about all of them. */
  readonly field: Field | undefined;
  readonly text: string;
}

const LONGEST_QUOTE = 40;

/** What somebody wrote, not too long to be said again; in a line of its own it could say anything. */
export function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  const points = Array.from(line.slice(0, 2 * LONGEST_QUOTE));
  return points.length > LONGEST_QUOTE ? `${points.slice(0, LONGEST_QUOTE).join("")}…` : points.join("");
}

/**
 * The word that was probably meant. Upper and lower case are the same, and of a short word little may be wrong.
 *
 * @returns `undefined` where there is none so close.
 */
export function meant(word: string, words: Iterable<string>): string | undefined {
  if (word.length < 3 || word.length > LONGEST_QUOTE) return undefined;
  // Two letters in the wrong order, the commonest of all, count as two mistakes.
  const maxDistance = word.length === 3 ? 1 : Math.max(2, Math.floor(word.length / 3));
  const byLower = new Map([...words].map((each) => [each.toLowerCase(), each]));
  const found = closestMatch(word.toLowerCase(), [...byLower.keys()], { maxDistance });
  return found === undefined ? undefined : byLower.get(found);
}

/** How an argument is called where something is said about it. */
export function nameOf(field: Field, positional: readonly Field[]): string {
  return positional.includes(field) ? `<${field.name}>` : `--${field.name}`;
}

/** What a field wants, for "has to be …". */
export function wanted(field: Field, say: Say): string {
  return field.kind === "choice"
    ? oneOf([...(field.options?.keys() ?? [])], say)
    : say("wantedKind", { kind: field.kind });
}

/** @internal Has a check of restanza's own say one of its texts, in the language of who reads it. */
export function saying(key: FrameworkText): { readonly params: { readonly restanza: FrameworkText } } {
  return { params: { restanza: key } };
}

/** What zod found, in a sentence without its subject; what the author says in the schema comes before it. */
export function sentence(issue: z.core.$ZodRawIssue, field: Field | undefined, say: Say): string {
  const amount = (value: number | bigint): string =>
    field?.kind === "duration"
      ? writeDuration(Number(value))
      : field?.kind === "date"
        ? new Date(Number(value)).toISOString()
        : String(value);
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined) return say("problemMissing");
      return say("problemWanted", { wanted: field ? wanted(field, say) : issue.expected });
    case "too_small":
      return say(issue.inclusive === false ? "problemMore" : "problemLeast", {
        of: countOf(issue.origin),
        amount: amount(issue.minimum),
      });
    case "too_big":
      return say(issue.inclusive === false ? "problemLess" : "problemMost", {
        of: countOf(issue.origin),
        amount: amount(issue.maximum),
      });
    case "not_multiple_of":
      return say("problemMultiple", { amount: amount(issue.divisor) });
    case "invalid_value":
      if (issue.input === undefined) return say("problemMissing");
      return say("problemWanted", { wanted: oneOf(issue.values.map(String), say) });
    case "invalid_format":
      return say("problemWanted", { wanted: say("wantedFormat", { format: issue.format }) });
    case "custom": {
      const own = (issue.params as Partial<ReturnType<typeof saying>["params"]> | undefined)?.restanza;
      return own === undefined ? say("problemWrong") : say(own as "problemWrong");
    }
    default:
      return say("problemWrong");
  }
}

/** Ends what is wrong with a full stop, where it does not end a sentence already. */
export function ended(text: string): string {
  return /[.?!…]$/.test(text) ? text : `${text}.`;
}

function countOf(origin: string): "text" | "list" | "amount" {
  return origin === "string" ? "text" : origin === "array" ? "list" : "amount";
}

function oneOf(words: readonly string[], say: Say): string {
  const [last] = words.slice(-1);
  if (last === undefined) return say("wantedNothing");
  return words.length === 1 ? last : say("oneOf", { others: words.slice(0, -1).join(", "), last });
}
