import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { expectTypeOf } from "expect-type";
import {
  Catalogues,
  type Composer,
  type Context,
  configureBot,
  defineBot,
  i18n,
} from "../../../src/bot/index.ts";
import { explanation } from "../../../src/dispatch/explanation.ts";
import { BotGate } from "../../../src/dispatch/index.ts";
import type { Stanza } from "../../../src/stanza/index.ts";
import { MemoryStore } from "../../../src/store/index.ts";
import { chat, stanza, turns, type World, words, world } from "../../dispatch/support.ts";

const speech = i18n({
  catalogues: {
    en: {
      hello: "Hello, {name}!",
      pizzas: "{count, plural, one {# pizza} other {# pizzas}}",
      only: "<3 only here",
    },
    de: { hello: "Hallo, {name}!", pizzas: "{count, plural, one {# Pizza} other {# Pizzen}}" },
    pl: { pizzas: "{count, plural, one {# pizza} few {# pizze} many {# pizz} other {# pizzy}}" },
  },
  fallback: "en",
});

function spoken(bot: Composer<Context>): void {
  const inside = bot.extend(speech);
  inside.command(speech.command);
  inside.hears("hello", (ctx) => ctx.t("hello", { name: "Juliet" }));
  inside.hears(/^(\d+)$/, (ctx) => ctx.t("pizzas", { count: Number(ctx.match[1]) }));
  inside.hears("only", (ctx) => `${ctx.language}: ${ctx.t("only")}`);
}

async function says({ dispatcher }: World, what: Stanza): Promise<string> {
  const outcome = await dispatcher.dispatch(what);
  return outcome.kind === "reply" ? words(outcome.stanza) : outcome.kind;
}

const inLanguage = (body: string, lang: string): Stanza => chat(body, `xml:lang='${lang}'`);

describe("i18n", () => {
  it("speaks the language of the stanza, of its shorter tag, else the fallback, with the plurals of each", async () => {
    const at = world({ echo: spoken });
    assert.equal(await says(at, chat("hello")), "Hello, Juliet!");
    assert.equal(await says(at, inLanguage("hello", "de-AT")), "Hallo, Juliet!");
    assert.equal(await says(at, inLanguage("hello", "xx")), "Hello, Juliet!");
    assert.equal(await says(at, inLanguage("1", "de")), "1 Pizza");
    assert.equal(await says(at, inLanguage("2", "de")), "2 Pizzen");
    assert.equal(await says(at, inLanguage("3", "pl")), "3 pizze");
    assert.equal(await says(at, inLanguage("5", "pl")), "5 pizz");
    assert.equal(await says(at, inLanguage("only", "de")), "de: <3 only here");
  });

  it("speaks any language where nobody in particular asks", () => {
    assert.equal(speech.in("de")("pizzas", { count: 2 }), "2 Pizzen");
    assert.equal(speech.in("de-AT")("only"), "<3 only here");
    assert.equal(speech.in(undefined)("hello", { name: "Juliet" }), "Hello, Juliet!");
    // @ts-expect-error the text has a name in it
    assert.throws(() => speech.in("de")("hello"));
  });

  it("speaks the language that somebody has chosen, whatever their client says, through restarts", async () => {
    const store = new MemoryStore();
    const at = world({ echo: spoken }, { store });
    assert.equal(
      await says(at, inLanguage("language", "en")),
      "I speak English with you. I know English (en), Deutsch (de), polski (pl).",
    );
    assert.equal(
      await says(at, inLanguage("language Deutsch", "en")),
      "In Ordnung, ich spreche mit dir Deutsch.",
    );
    const later = world({ echo: spoken }, { store });
    assert.equal(await says(later, inLanguage("hello", "en")), "Hallo, Juliet!");
    assert.match(await says(later, inLanguage("help", "en")), /stellt die Sprache ein/);
    assert.match(
      await says(later, inLanguage("language klingon", "en")),
      /^Diese Sprache kann ich nicht\. Ich kann/,
    );
    const romeo = stanza(
      "<message type='chat' id='r' xml:lang='en' from='romeo@example.com/x' to='echo@bots.example'><body>hello</body></message>",
    );
    assert.equal(await says(later, romeo), "Hello, Juliet!");
    assert.match(await says(later, inLanguage("language auto", "en")), /^I speak English/);
    assert.equal(await says(later, inLanguage("hello", "en")), "Hello, Juliet!");
  });

  it("knows the keys of the fallback's texts, and no others", () => {
    type Said = Parameters<Awaited<ReturnType<typeof speech.add>>["t"]>[0];
    expectTypeOf<Said>().toEqualTypeOf<"hello" | "pizzas" | "only">();
    const catalogues = { en: { a: "a" }, de: { a: "a", b: "b" } };
    assert.throws(() => i18n({ catalogues, fallback: "en" }), /"b" is in de and not in en/);
  });

  it("tells what is wrong with a catalogue, when the bot is loaded", () => {
    assert.throws(
      () => new Catalogues({ en: { a: "{count, plural," } }, "en"),
      /the text "a" in en is not well formed/,
    );
    assert.throws(() => new Catalogues({ en_GB: {} }, "en_GB"), /no tag of a language/);
    assert.throws(() => new Catalogues({ en: {} }, "de"), /no catalogue for the fallback language "de"/);
    const some = new Catalogues({ en: { a: "{who}" } }, "en");
    assert.throws(() => some.say("a", "en"), /give all its parameters/);
    assert.throws(() => some.say("b" as never, "en"), /no text "b"/);
    assert.equal(some.say("a", `${"x-".repeat(100_000)}y`, { who: "you" }), "you");
    assert.equal(some.say("a", "constructor", { who: "<b>{you}" }), "<b>{you}");
  });
});

describe("what restanza itself says", () => {
  it("is in the language that somebody has chosen where the bot is closed, and where there is too much to say", async () => {
    const store = new MemoryStore();
    const at = world(
      {
        echo: (bot) => {
          const inside = bot.extend(speech);
          inside.command(speech.command);
          inside.hears("much", () => "word ".repeat(30_000));
        },
      },
      { store },
    );
    await says(at, chat("language de"));
    await says(at, inLanguage("much", "en"));
    await at.dispatcher.idle();
    const outcome = await at.dispatcher.dispatch(inLanguage("much", "en"));
    await at.dispatcher.idle();
    assert.match(outcome.kind === "reply" ? words(outcome.stanza) : "", /^Es gibt noch mehr/);
    const gate = new BotGate();
    gate.disabled = true;
    at.mount.put({ ...at.bot("echo"), gate });
    assert.match(await says(at, inLanguage("hello", "en")), /^Ich bin gerade abgeschaltet/);
  });

  const failing = (texts?: Parameters<typeof defineBot>[0]["texts"]): World => {
    const at = world({ echo: () => undefined });
    const bot = defineBot({
      name: "echo",
      summary: "fails",
      ...(texts && { texts }),
      rateLimit: { points: 1 },
      routes: (on) =>
        void on.on("message:body", (ctx) =>
          ctx.body === "slow" ? new Promise<string>(() => undefined) : "fine",
        ),
    });
    at.mount.put({ ...at.bot("echo"), ...configureBot(bot) });
    return at;
  };

  it("is in English and German", async () => {
    const at = failing();
    await says(at, inLanguage("a", "de"));
    assert.match(await says(at, inLanguage("b", "de")), /^Das ist mir zu viel/);
  });

  it("can be said in other words and further languages by a bot", async () => {
    const at = failing({ en: { tooMany: "Hush for {seconds}!" }, fr: { tooMany: "Chut !" } });
    await says(at, chat("a"));
    assert.equal(await says(at, inLanguage("b", "fr-CA")), "Chut !");
    const other = failing({ en: { tooMany: "Hush for {seconds}!" } });
    await says(other, chat("a"));
    assert.equal(await says(other, chat("b")), "Hush for 60!");
  });

  it("is the bot's own apology, too, in the person's language", async () => {
    const at = world({ echo: () => undefined });
    const bot = defineBot({
      name: "echo",
      summary: "fails",
      texts: { en: { apology: "Oops." }, de: { apology: "Hoppla." } },
      ack: "durable",
      routes: (on) =>
        void on.on("message:body", () => {
          throw new Error("on purpose");
        }),
    });
    at.mount.put({ ...at.bot("echo"), ...configureBot(bot) });
    await says(at, inLanguage("a", "de"));
    await at.dispatcher.idle();
    assert.deepEqual(at.sender.words, ["Hoppla."]);
  });

  it("is said in the language that somebody has chosen, also when a handler fails or is late", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const at = world({
      echo: (bot) => {
        bot.command(speech.command);
        bot.hears("fail", () => Promise.reject(new Error("on purpose")));
        bot.hears("crash", () => {
          throw new Error("on purpose");
        });
        bot.hears("hang", () => new Promise<string>(() => undefined));
      },
    });
    const fails = async (body: string, from: string): Promise<string> => {
      const say = (words: string): Stanza =>
        stanza(
          `<message type='chat' xml:lang='en' from='${from}@example.com/x' to='echo@bots.example'><body>${words}</body></message>`,
        );
      await says(at, say("language de"));
      const outcome = at.dispatcher.dispatch(say(body));
      await turns();
      t.mock.timers.tick(60_000);
      const words = explanation(say(body), await outcome)?.body;
      await at.dispatcher.idle();
      return words ?? at.sender.words.at(-1) ?? "";
    };
    for (const body of ["fail", "crash"]) assert.match(await fails(body, body), /^Entschuldigung, hier ist/);
    assert.match(await fails("hang", "hang"), /^Entschuldigung, das hat zu lange gedauert/);
  });
});
