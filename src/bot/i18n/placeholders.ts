/**
 * What has to be given to say a text in ICU MessageFormat, read from the text itself: `{ count: number; name: string | number }` for
 * `"{count, plural, one {# pizza} other {# pizzas}} for {name}"`. Of a text that is known only when the bot runs, nothing is known here.
 */
export type Placeholders<Text extends string> = string extends Text
  ? Readonly<Record<string, Placeholder>>
  : { readonly [Name in keyof Together<Found<Text>>]: Together<Found<Text>>[Name] };

/** What stands in the place of some `{name}`. */
export type Placeholder = string | number | boolean | Date;

/** The parameters behind the key of a text: none where it has no placeholders. */
export type Given<Text extends string> = string extends Text
  ? [params?: Placeholders<Text>]
  : keyof Placeholders<Text> extends never
    ? []
    : [params: Placeholders<Text>];

/** One placeholder, in a function's parameter so that several of one union become what is all of them. */
type Found<Text extends string> = Text extends string ? Scan<Text, "text", never> : never;

type Together<Each> = (
  [Each] extends [never]
    ? never
    : Each extends unknown
      ? (each: Each) => void
      : never
) extends (all: infer All) => void
  ? All
  : unknown;

/** Goes from brace to brace: those of a text begin a placeholder, those among the cases of a plural or select a text. */
type Scan<Text extends string, Where extends "text" | "cases", All> =
  ToBrace<Text> extends [infer Before extends string, infer Brace, infer After extends string]
    ? Where extends "cases"
      ? Scan<After, "text", All>
      : IsQuoted<Before> extends true
        ? After extends `${string}'${infer Rest}`
          ? Scan<Rest, "text", All>
          : All
        : Brace extends "}"
          ? Scan<After, "cases", All>
          : Placed<After, All>
    : All;

type Placed<Text extends string, All> = Text extends `${infer Head}}${infer After}`
  ? Head extends `${infer Name},${infer Kind}`
    ? Trim<Name> extends infer Key extends string
      ? Head extends `${string},${infer Branching},${string}`
        ? Trim<Branching> extends "plural" | "selectordinal"
          ? Scan<Cases<Text>, "cases", All | { readonly [K in Key]: number }>
          : Trim<Branching> extends "select"
            ? Scan<Cases<Text>, "cases", All | { readonly [K in Key]: string | boolean }>
            : Scan<After, "text", All | { readonly [K in Key]: Formatted<Trim<Branching>> }>
        : Scan<After, "text", All | { readonly [K in Key]: Formatted<Trim<Kind>> }>
      : never
    : Scan<After, "text", All | { readonly [K in Trim<Head>]: string | number }>
  : All;

type Cases<Text extends string> = Text extends `${string},${string},${infer Rest}` ? Rest : "";

type Formatted<Kind extends string> = Kind extends "date" | "time" ? Date | number : number;

type ToBrace<Text extends string> = Text extends `${infer Before}{${infer After}`
  ? Before extends `${infer Start}}${infer End}`
    ? [Start, "}", `${End}{${After}`]
    : [Before, "{", After]
  : Text extends `${infer Before}}${infer After}`
    ? [Before, "}", After]
    : never;

/** An apostrophe before a brace makes it a brace of the text, up to the next apostrophe; two are one apostrophe. */
type IsQuoted<Before extends string> = Before extends `${string}''`
  ? false
  : Before extends `${string}'`
    ? true
    : false;

type Trim<Text extends string> = Text extends ` ${infer Rest}` | `\n${infer Rest}`
  ? Trim<Rest>
  : Text extends `${infer Rest} ` | `${infer Rest}\n`
    ? Trim<Rest>
    : Text;
