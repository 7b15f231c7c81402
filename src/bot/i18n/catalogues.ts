import { IntlMessageFormat } from "intl-messageformat";

/** Texts by key, in ICU MessageFormat: `{count, plural, one {# pizza} other {# pizzas}} for {name}`. */
export type Catalogue = Readonly<Record<string, string>>;

/** What stands in the place of `{name}`. */
export type Params = Readonly<Record<string, string | number | boolean | Date>>;

/** RFC 5646 §4.4.1: what implementations have to provide for. */
const LONGEST_TAG = 35;

/**
 * Catalogues of several languages.
 *
 * A text is taken from the catalogue of the language wanted, else of a shorter tag (`de` for `de-AT`, RFC 4647 §3.4), else
 * from the fallback's.
 */
export class Catalogues<Key extends string = string> {
  readonly #catalogues: ReadonlyMap<string, { readonly tag: string; readonly texts: Catalogue }>;
  readonly #fallback: string;
  readonly #formats = new Map<string, IntlMessageFormat>();

  /**
   * @throws TypeError when a language has no valid tag or the fallback no catalogue; SyntaxError when a text is not well
   *   formed, with its key and language.
   */
  constructor(catalogues: Readonly<Record<string, Partial<Record<Key, string>>>>, fallback: string) {
    this.#catalogues = new Map(
      Object.entries(catalogues).map(([tag, texts]) => [
        checked(tag).toLowerCase(),
        { tag, texts: texts as Catalogue },
      ]),
    );
    this.#fallback = fallback.toLowerCase();
    if (!this.#catalogues.has(this.#fallback)) {
      throw new TypeError(
        `there is no catalogue for the fallback language ${JSON.stringify(fallback)}; there is one for ${this.languages.join(", ") || "none"}`,
      );
    }
    for (const { tag, texts } of this.#catalogues.values())
      for (const [key, text] of Object.entries(texts))
        this.#formats.set(`${tag} ${key}`, format(tag, key, text));
  }

  /** The language of who speaks none of these. */
  get fallback(): string {
    return this.#catalogues.get(this.#fallback)?.tag ?? this.#fallback;
  }

  /** The languages that there are catalogues for. */
  get languages(): readonly string[] {
    return [...this.#catalogues.values()].map(({ tag }) => tag);
  }

  /** The language out of these that comes closest; `undefined` where none is the same or a shorter tag of it. */
  match(language: string | undefined): string | undefined {
    for (const tag of ranges(language)) {
      const found = this.#catalogues.get(tag);
      if (found !== undefined) return found.tag;
    }
    return undefined;
  }

  /** A text without parameters, in all languages that have it. */
  everywhere(key: Key): Readonly<Record<string, string>> {
    const having = [...this.#catalogues.values()].filter(({ texts }) => Object.hasOwn(texts, key));
    return Object.fromEntries(having.map(({ tag }) => [tag, this.say(key, tag)]));
  }

  /**
   * Says a text.
   *
   * @param language as `xml:lang` has it; `undefined` for the fallback.
   * @throws TypeError when there is no such text, or a parameter is missing.
   */
  say(key: Key, language: string | undefined, params: Params = {}): string {
    for (const tag of [...ranges(language), this.#fallback]) {
      const name = this.#catalogues.get(tag)?.tag;
      const found = name === undefined ? undefined : this.#formats.get(`${name} ${key}`);
      if (found === undefined) continue;
      try {
        return String(found.format(params));
      } catch (error) {
        throw new TypeError(
          `the text ${JSON.stringify(key)} could not be said in ${name}: ${error instanceof Error ? error.message : String(error)}; give all its parameters`,
          { cause: error },
        );
      }
    }
    throw new TypeError(
      `there is no text ${JSON.stringify(key)}, not even in ${this.#fallback}, which has to have them all`,
    );
  }
}

/** A language's tag and its shorter ones, in lower case. */
function ranges(language: string | undefined): string[] {
  if (!language) return [];
  const subtags = language.toLowerCase().slice(0, LONGEST_TAG).split("-");
  return subtags.map((_, index) => subtags.slice(0, subtags.length - index).join("-"));
}

function checked(tag: string): string {
  try {
    Intl.getCanonicalLocales(tag);
    return tag;
  } catch (error) {
    throw new TypeError(
      `${JSON.stringify(tag)} is no tag of a language (RFC 5646); write one such as "en" or "pt-BR"`,
      { cause: error },
    );
  }
}

function format(tag: string, key: string, text: string): IntlMessageFormat {
  try {
    return new IntlMessageFormat(text, tag, undefined, { ignoreTag: true });
  } catch (error) {
    throw new SyntaxError(
      `the text ${JSON.stringify(key)} in ${tag} is not well formed (${error instanceof Error ? error.message : String(error)}); a { of its own is written '{'`,
      { cause: error },
    );
  }
}
