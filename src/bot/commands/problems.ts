import { closestMatch } from "leven";
import type { z } from "zod";
import { writeDuration } from "./durations.ts";
import type { Field } from "./fields.ts";

/** What is wrong with the arguments of a command, in a sentence for who gave them. */
export interface Problem {
  /** The argument that it is about; `undefined` where it is about all of them. */
  readonly field: Field | undefined;
  readonly text: string;
}

const LONGEST_QUOTE = 40;

/** What somebody wrote, between quotes and not too long to be said again; in a line of its own it could say anything. */
export function quoted(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  const points = Array.from(line.slice(0, 2 * LONGEST_QUOTE));
  return `“${points.length > LONGEST_QUOTE ? `${points.slice(0, LONGEST_QUOTE).join("")}…` : points.join("")}”`;
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
export function wanted(field: Field): string {
  switch (field.kind) {
    case "text":
      return "words";
    case "number":
      return "a number, such as 2.5";
    case "integer":
      return "a whole number";
    case "boolean":
      return "yes or no";
    case "choice":
      return oneOf([...(field.options?.keys() ?? [])]);
    case "duration":
      return "a duration, such as 1h30m or 90s";
    case "date":
      return "a date, such as tomorrow 9:00 or 2026-12-24";
    case "jid":
      return "an address, such as juliet@example.com";
  }
}

/** What zod found, in a sentence without its subject; what the author says in the schema comes before it. */
export function sentence(issue: z.core.$ZodRawIssue, field: Field | undefined): string {
  const amount = (value: number | bigint): string =>
    field?.kind === "duration"
      ? writeDuration(Number(value))
      : field?.kind === "date"
        ? new Date(Number(value)).toISOString()
        : String(value);
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is missing" : `has to be ${field ? wanted(field) : issue.expected}`;
    case "too_small":
      return `has to be ${issue.inclusive === false ? "more than" : "at least"} ${amount(issue.minimum)}${unit(issue.origin)}`;
    case "too_big":
      return `has to be ${issue.inclusive === false ? "less than" : "at most"} ${amount(issue.maximum)}${unit(issue.origin)}`;
    case "not_multiple_of":
      return `has to be a multiple of ${amount(issue.divisor)}`;
    case "invalid_value":
      if (issue.input === undefined) return "is missing";
      return `has to be ${oneOf(issue.values.map(String))}`;
    case "invalid_format":
      return `has to be ${FORMATS[issue.format] ?? `in the right form (${issue.format})`}`;
    default:
      return "is not right";
  }
}

const FORMATS: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  email: "an e-mail address",
  url: "a URL, such as https://example.com/",
  uuid: "a UUID",
  ipv4: "an IPv4 address",
  ipv6: "an IPv6 address",
  date: "a date, such as 2026-12-24",
  time: "a time, such as 09:00:00",
  datetime: "a date and time, such as 2026-12-24T09:00:00Z",
});

function unit(origin: string): string {
  return origin === "string" ? " characters long" : origin === "array" ? " values" : "";
}

function oneOf(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? "nothing") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
