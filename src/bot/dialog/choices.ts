import type { Text } from "../text.ts";
import { textIn } from "../text.ts";
import { cancels, plain } from "./answer.ts";

/** One of several things to choose from. */
interface Item<Choice extends string> {
  readonly choice: Choice;
  readonly words: Text;
}

/** What a person can choose from, and how they may say so. */
export class Choices<Choice extends string> {
  readonly #items: readonly Item<Choice>[];
  readonly #lang: string | undefined;
  /** Choices that are small numbers themselves are not numbered, so that nobody says one and means the other. */
  readonly #numbered: boolean;

  /** @throws TypeError when there are none, or two read the same. */
  constructor(choices: readonly Choice[] | Readonly<Record<Choice, Text>>, lang: string | undefined) {
    this.#items = isList(choices)
      ? choices.map((choice) => ({ choice, words: choice }))
      : Object.entries<Text>(choices).map(([choice, words]) => ({ choice: choice as Choice, words }));
    this.#lang = lang;
    this.#numbered = !this.#labels.some((label) => /^\d+$/.test(plain(label)));
    const distinct = new Set(this.#labels.map(plain));
    if (distinct.size === 0)
      throw new TypeError("there is nothing to choose from; give d.choose() a choice at least");
    if (distinct.size < this.#items.length)
      throw new TypeError(
        `two choices read the same: ${this.#labels.join(", ")}; give each words of its own`,
      );
  }

  /** The list, a line each. */
  get list(): string {
    return this.#labels
      .map((label, index) => `${this.#numbered ? `${index + 1}.` : "•"} ${label}`)
      .join("\n");
  }

  /** Each with the words for it. */
  get labelled(): { readonly value: Choice; readonly label: string }[] {
    return this.#items.map(({ choice, words }) => ({ value: choice, label: textIn(words, this.#lang) }));
  }

  /** Those that would end a dialog if they were not to choose from. */
  get cancelling(): string[] {
    return this.#items
      .flatMap(({ choice, words }) => [choice, textIn(words, this.#lang)])
      .filter(cancels)
      .map(plain);
  }

  has(choice: unknown): choice is Choice {
    return this.#items.some((item) => item.choice === choice);
  }

  /** What a text chooses. */
  find(text: string): Choice | undefined {
    const said = plain(text);
    const spoken = this.#items.find(
      ({ choice, words }) => plain(textIn(words, this.#lang)) === said || plain(choice) === said,
    );
    if (spoken !== undefined) return spoken.choice;
    const number = this.#numbered ? numberIn(said) : undefined;
    return number === undefined ? undefined : this.#items[number - 1]?.choice;
  }

  get #labels(): string[] {
    return this.#items.map(({ words }) => textIn(words, this.#lang));
  }
}

function isList<Choice extends string>(
  choices: readonly Choice[] | Readonly<Record<Choice, Text>>,
): choices is readonly Choice[] {
  return Array.isArray(choices);
}

/** `2`, `2)`, `#2`, or the key with a 2 on it. */
function numberIn(text: string): number | undefined {
  if (text === "🔟") return 10;
  const digits = /^#?(\d{1,3})(?:\)|\ufe0f?\u20e3)?$/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
