import { type Say, sayingIn } from "../i18n/framework.ts";
import type { Field } from "./fields.ts";
import { meant, nameOf, type Problem, shortened } from "./problems.ts";
import { type ReadingFor, readValue, ValueError } from "./values.ts";
import { splitWords, type Word } from "./words.ts";

/** Where the arguments of a command stand in its line. */
export interface Layout {
  readonly fields: readonly Field[];
  /** Those that stand without a name, in their order. */
  readonly positional: readonly Field[];
  /** The last of them, where it takes all that is left. */
  readonly rest: Field | undefined;
}

/** The words for each field. */
export interface Bound {
  readonly words: ReadonlyMap<Field, readonly string[]>;
  readonly problems: readonly Problem[];
}

/** The longest line that is read, in UTF-16 units; who writes more means no command. */
export const LONGEST_LINE = 65_536;

const MOST_WORDS = 8_192;
/** Of how many words a date or a duration may be: "in 2 days at 9:00 am". */
const LONGEST_PHRASE = 6;

/**
 * Tells which words of a line belong to which field. Flags stand anywhere; where the rest of the line is an argument, before
 * it or at its end, so that what somebody writes there keeps its own dashes. `--` ends the flags.
 */
export async function bindWords(line: string, layout: Layout, reading: ReadingFor): Promise<Bound> {
  const say = sayingIn(reading.lang, reading.texts);
  const tooLong: Bound = { words: new Map(), problems: [{ field: undefined, text: say("problemLine") }] };
  if (line.length > LONGEST_LINE) return tooLong;
  const words = splitWords(line, MOST_WORDS + 1);
  if (words.length > MOST_WORDS && layout.rest?.multiple !== false) return tooLong;
  return await new Binding(line, words, layout, reading, say).bind();
}

class Binding {
  readonly #line: string;
  readonly #words: readonly Word[];
  readonly #layout: Layout;
  readonly #reading: ReadingFor;
  readonly #say: Say;
  readonly #flags: ReadonlyMap<string, { readonly field: Field; readonly negated: boolean }>;
  readonly #bound = new Map<Field, string[]>();
  readonly #problems: Problem[] = [];
  #at = 0;
  #flagsOver = false;

  constructor(line: string, words: readonly Word[], layout: Layout, reading: ReadingFor, say: Say) {
    this.#line = line;
    this.#words = words;
    this.#layout = layout;
    this.#reading = reading;
    this.#say = say;
    this.#flags = flagsOf(layout.fields);
  }

  async bind(): Promise<Bound> {
    for (const field of this.#layout.positional) {
      while (this.#takeFlag());
      if (field === this.#layout.rest || this.#bound.has(field)) continue;
      const count = await this.#phrase(field);
      if (count > 0) this.#bound.set(field, [this.#slice(this.#at, this.#at + count)]);
      this.#at += count;
    }
    while (this.#takeFlag());
    this.#takeRest();
    return { words: this.#bound, problems: this.#problems };
  }

  /** How many words a positional argument is of: where several make a date or a duration, all of them. */
  async #phrase(field: Field): Promise<number> {
    const [first] = this.#words.slice(this.#at, this.#at + 1);
    if (first === undefined) return 0;
    if ((field.kind !== "date" && field.kind !== "duration") || first.quoted) return 1;
    for (let count = LONGEST_PHRASE; count > 1; count -= 1) {
      const phrase = this.#words.slice(this.#at, this.#at + count);
      if (phrase.length < count || phrase.some(({ quoted, flag }) => quoted || flag)) continue;
      const isOne = await readValue(field, this.#slice(this.#at, this.#at + count), this.#reading).then(
        () => true,
        (error: unknown) => {
          if (error instanceof ValueError) return false;
          throw error;
        },
      );
      if (isOne) return count;
    }
    return 1;
  }

  #takeRest(): void {
    const { rest } = this.#layout;
    const left = this.#words.length - this.#at;
    if (left === 0) return;
    if (rest === undefined || this.#bound.has(rest)) {
      this.#surplus();
      return;
    }
    const start = this.#at;
    const end = this.#flagsOver ? this.#words.length : this.#trailing(rest);
    if (end === start) return;
    const words = this.#words.slice(start, end).map(({ text }) => text);
    this.#bound.set(rest, rest.multiple ? words : [this.#slice(start, end)]);
  }

  /** Takes the flags at the end of the line, and tells where the rest before them ends. */
  #trailing(rest: Field): number {
    const start = this.#at;
    const all = this.#words.length;
    for (let from = Math.max(start, all - 2 * this.#layout.fields.length); from < all; from += 1) {
      if (!this.#areFlags(from, rest)) continue;
      this.#at = from;
      while (this.#takeFlag());
      return from;
    }
    return all;
  }

  #areFlags(from: number, rest: Field): boolean {
    for (let at = from; at < this.#words.length; at += 1) {
      const word = this.#words[at] as Word;
      const known = this.#known(word);
      if (known === undefined || known.field === rest) return false;
      if (this.#wantsValue(word) && word.flag?.value === undefined) at += 1;
      if (at >= this.#words.length) return false;
    }
    return true;
  }

  #takeFlag(): boolean {
    const word = this.#words[this.#at];
    if (word === undefined || word.quoted || this.#flagsOver) return false;
    if (word.text === "--") {
      this.#flagsOver = true;
      this.#at += 1;
      return true;
    }
    if (word.flag === undefined) return false;
    const known = this.#known(word);
    if (known === undefined) {
      if (this.#layout.rest !== undefined && this.#restIsNext()) return false;
      this.#unknown(word.flag.name);
      this.#at += 1;
      return true;
    }
    this.#at += 1;
    const { field, negated } = known;
    let value = word.flag.value;
    if (value === undefined && this.#wantsValue(word)) {
      value = this.#words[this.#at]?.text;
      this.#at += 1;
      if (value === undefined) {
        this.#problems.push({ field, text: `${nameOf(field, [])} ${this.#say("problemNoValue")}` });
        return true;
      }
    }
    this.#add(field, negated ? "no" : (value ?? "yes"));
    return true;
  }

  #restIsNext(): boolean {
    return this.#layout.positional.every((field) => field === this.#layout.rest || this.#bound.has(field));
  }

  #known({ flag, quoted: isQuoted }: Word): { readonly field: Field; readonly negated: boolean } | undefined {
    if (flag === undefined || isQuoted) return undefined;
    const known = this.#flags.get(plain(flag.name));
    return known?.negated === true && flag.value !== undefined ? undefined : known;
  }

  #wantsValue(word: Word): boolean {
    const known = this.#known(word);
    return known !== undefined && known.field.kind !== "boolean";
  }

  #add(field: Field, word: string): void {
    const before = this.#bound.get(field);
    if (before === undefined) this.#bound.set(field, [word]);
    else if (field.multiple) before.push(word);
    else this.#problems.push({ field, text: `${nameOf(field, [])} ${this.#say("problemTwice")}` });
  }

  #unknown(name: string): void {
    const names = this.#layout.fields.map((field) => field.name);
    const near = meant(name, names);
    const problem = this.#say("problemNoFlag", { word: shortened(name) });
    const text = near === undefined ? problem : this.#say("problemMeant", { problem, near: `--${near}` });
    this.#problems.push({ field: undefined, text });
  }

  #surplus(): void {
    while (this.#at < this.#words.length) {
      if (this.#takeFlag()) continue;
      const { text } = this.#words[this.#at] as Word;
      this.#problems.push({
        field: undefined,
        text: this.#say("problemSurplus", { word: shortened(text) }),
      });
      return;
    }
  }

  /** Words as they were written, with all that is between them; one in quotes without these. */
  #slice(from: number, to: number): string {
    const [first] = this.#words.slice(from, from + 1);
    if (first === undefined) return "";
    if (to - from === 1) return first.text;
    const end =
      to >= this.#words.length ? this.#line.length : (this.#words[to - 1]?.end ?? this.#line.length);
    return this.#line.slice(first.start, end).trimEnd();
  }
}

function flagsOf(fields: readonly Field[]): Map<string, { field: Field; negated: boolean }> {
  const flags = new Map<string, { field: Field; negated: boolean }>();
  for (const field of fields)
    if (field.kind === "boolean") flags.set(plain(`no-${field.name}`), { field, negated: true });
  for (const field of fields) flags.set(plain(field.name), { field, negated: false });
  return flags;
}

/** `--dryRun`, `--dry-run` and `--dry_run` are one. */
function plain(name: string): string {
  return name.replaceAll(/[-_]/g, "").toLowerCase();
}
