import { describe, it } from "node:test";
import { expectTypeOf } from "expect-type";
import type * as commands from "../../../src/bot/i18n/words/commands.ts";
import type * as dialogs from "../../../src/bot/i18n/words/dialogs.ts";
import type * as permissions from "../../../src/bot/i18n/words/permissions.ts";
import { Composer, i18n, type Placeholders } from "../../../src/bot/index.ts";

type Simple = string | number;

// The compiler is the judge here: a line that should not compile carries @ts-expect-error, and fails where it does.
describe("the parameters of a text", () => {
  it("are read from the text", () => {
    expectTypeOf<Placeholders<"no {name} but { other }">>().toEqualTypeOf<{
      readonly name: Simple;
      readonly other: Simple;
    }>();
    expectTypeOf<keyof Placeholders<"nothing at all">>().toEqualTypeOf<never>();
    expectTypeOf<
      Placeholders<"{count, number} {share, number, percent} on {day, date, short} at {day, time}">
    >().toEqualTypeOf<{
      readonly count: number;
      readonly share: number;
      readonly day: Date | number;
    }>();
  });

  it("are also those inside of plurals and cases, whose texts are none", () => {
    expectTypeOf<
      Placeholders<"{count, plural, offset:1 =0 {none} one {# pizza {size}} other {# pizzas, {how, select, fast {now} other {{when}}}}} for {name}.">
    >().toEqualTypeOf<{
      readonly count: number;
      readonly size: Simple;
      readonly how: string | boolean;
      readonly when: Simple;
      readonly name: Simple;
    }>();
    expectTypeOf<Placeholders<"{place, selectordinal, one {#st} other {#th}}">>().toEqualTypeOf<{
      readonly place: number;
    }>();
  });

  it("are not what stands in apostrophes, and an apostrophe elsewhere is one", () => {
    expectTypeOf<Placeholders<"write '{name}' or '{' and '}', don't {verb} it''s {thing}">>().toEqualTypeOf<{
      readonly verb: Simple;
      readonly thing: Simple;
    }>();
  });

  it("of a text that is known only later may be any", () => {
    expectTypeOf<Placeholders<string>>().toExtend<Readonly<Record<string, unknown>>>();
  });
});

/** The keys of texts that want in another language what they do not want in English. */
type Strange<English, Other> = {
  [Key in keyof English & keyof Other]: English[Key] extends string
    ? Other[Key] extends string
      ? Placeholders<English[Key]> extends Placeholders<Other[Key]>
        ? never
        : Key
      : never
    : never;
}[keyof English & keyof Other];

describe("what restanza says in German", () => {
  it("wants nothing that it does not want in English", () => {
    expectTypeOf<Strange<typeof commands.english, typeof commands.german>>().toEqualTypeOf<never>();
    expectTypeOf<Strange<typeof permissions.english, typeof permissions.german>>().toEqualTypeOf<never>();
    expectTypeOf<Strange<typeof dialogs.english, typeof dialogs.german>>().toEqualTypeOf<never>();
    expectTypeOf<Strange<{ a: "{x}" }, { a: "{y}" }>>().toEqualTypeOf<"a">();
  });
});

describe("the types of ctx.t", () => {
  const speech = i18n({
    catalogues: {
      en: { hello: "Hello, {name}!", pizzas: "{count, plural, one {# pizza} other {# pizzas}}", bye: "Bye." },
      de: { hello: "Hallo, {name} aus {town}!", pizzas: "{count, plural, one {# Pizza} other {# Pizzen}}" },
    },
    fallback: "en",
  });

  it("want what the text wants in every language, and nothing else", () => {
    new Composer().extend(speech).hears("x", (ctx) => {
      ctx.t("bye");
      ctx.t("pizzas", { count: 1 });
      ctx.t("hello", { name: "Juliet", town: "Verona" });
      // @ts-expect-error there is no such text
      ctx.t("goodbye");
      // @ts-expect-error the parameter is missing
      ctx.t("pizzas");
      // @ts-expect-error a plural needs a number
      ctx.t("pizzas", { count: "1" });
      // @ts-expect-error it is called count
      ctx.t("pizzas", { number: 1 });
      // @ts-expect-error the German text wants the town too
      ctx.t("hello", { name: "Juliet" });
      // @ts-expect-error there is nothing to fill in
      ctx.t("bye", { name: "Juliet" });
    });
  });

  it("know nothing of texts that are read from a file", () => {
    const read: Record<string, string> = {};
    new Composer().extend(i18n({ catalogues: { en: read }, fallback: "en" })).hears("x", (ctx) => {
      ctx.t("anything", { name: 1 });
      ctx.t("anything");
    });
  });
});
