import type { I18nContext, Texts } from "restanza";
import type { catalogues } from "./texts.ts";

/** Says a text in some language. */
export type Say = I18nContext<Texts<typeof catalogues>>["t"];

/** A vote of one person. */
export interface Vote {
  /** The places of the options, from 0. */
  readonly choices: readonly number[];
  /** Whether it was given by a reaction, and so is taken back with it. */
  readonly reacted: boolean;
}

/** A poll that is open. */
export interface Poll {
  readonly number: number;
  /** The id of the message that shows it, by which corrections and reactions name it. */
  readonly id: string;
  readonly question: string;
  readonly options: readonly string[];
  readonly multi: boolean;
  /** How long it is open, as people write it; `null` where it is until somebody closes it. */
  readonly length: string | null;
  readonly by: string;
  /** That of who has asked, as all read it; those from before there was a choice have none. */
  readonly language?: string;
  /** The id of the message that asked for it. */
  readonly asked: string | null;
  /** By person. */
  votes: Record<string, Vote>;
  /** When its message was corrected last, in milliseconds since 1970. */
  shown: number;
  /** Whether its message will be corrected soon. */
  stale: boolean;
}

/** How many options a poll can have: as many as there are keys with a number on them. */
export const MOST_OPTIONS = 10;

const KEYS = ["1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣", "6️⃣", "7️⃣", "8️⃣", "9️⃣", "🔟"];

/** Clients differ in whether they write the variation selector. */
const BY_KEY = new Map(KEYS.map((key, index) => [bare(key), index]));

/** Which option somebody means, by its words or its number; `undefined` where it is none. */
export function optionOf({ options }: Pick<Poll, "options">, said: string): number | undefined {
  const words = plain(said);
  const spoken = options.findIndex((option) => plain(option) === words);
  if (spoken !== -1) return spoken;
  const index = /^#?\d{1,2}$/.test(words) ? Number(words.replace("#", "")) - 1 : BY_KEY.get(bare(words));
  return index !== undefined && index >= 0 && index < options.length ? index : undefined;
}

/**
 * Takes the reactions of a person for their vote. Where one vote is allowed, and they have added a second key, the new one counts.
 *
 * @returns whether that changes anything.
 */
export function react(poll: Poll, person: string, emojis: readonly string[]): boolean {
  const keys = emojis.map((emoji) => BY_KEY.get(bare(emoji)));
  const chosen = poll.options.map((_, index) => index).filter((index) => keys.includes(index));
  const before = poll.votes[person];
  if (chosen.length === 0) return before?.reacted === true && unvote(poll, person);
  const added = chosen.filter((index) => before?.choices.includes(index) !== true);
  const choices = poll.multi ? chosen : [...added, ...chosen].slice(0, 1);
  return vote(poll, person, { choices, reacted: true });
}

/** Sets the vote of a person, in the place of what they voted before. @returns whether that changes anything. */
export function vote(poll: Poll, person: string, given: Vote): boolean {
  const before = poll.votes[person]?.choices.join();
  poll.votes[person] = given;
  return before !== given.choices.join();
}

/** Takes back what a person voted. @returns whether they had. */
export function unvote(poll: Poll, person: string): boolean {
  if (!Object.hasOwn(poll.votes, person)) return false;
  delete poll.votes[person];
  return true;
}

/** What the message of a poll says. */
export function show(poll: Poll, state: "open" | "closed", say: Say): string {
  const { question, options, number, length, multi } = poll;
  const counts = countsOf(poll);
  const lines = options.map((option, index) => `${KEYS[index]} ${option}: ${counts[index]}`);
  const open = say("open", { number, multi: String(multi) });
  const hint = length === null ? open : say("openFor", { open, length });
  return [`📊 ${question}`, ...lines, state === "open" ? hint : say("over", { number })].join("\n");
}

/** How it has ended, in a line. */
export function resultOf(poll: Poll, say: Say): string {
  const { question } = poll;
  const counts = countsOf(poll);
  const votes = Math.max(...counts);
  const people = Object.keys(poll.votes).length;
  if (people === 0) return say("nobody", { question });
  const first = poll.options.filter((_, index) => counts[index] === votes);
  const [option = "", ...others] = first;
  if (others.length === 0) return say("wins", { question, option, votes, people });
  const options = first.reduce((all, last) => say("and", { options: all, last }));
  return say("draw", { question, options, votes, people });
}

function countsOf({ options, votes }: Poll): number[] {
  const all = Object.values(votes).flatMap(({ choices }) => choices);
  return options.map((_, index) => all.filter((choice) => choice === index).length);
}

/** Words as they are compared. */
export function plain(text: string): string {
  return text.trim().normalize("NFKC").toLowerCase();
}

function bare(emoji: string): string {
  return emoji.replaceAll("\ufe0f", "");
}
