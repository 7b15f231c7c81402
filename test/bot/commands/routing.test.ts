import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import {
  arg,
  Composer,
  type Context,
  command,
  commandsOf,
  configureBot,
  defineBot,
  i18n,
  inspectRoutes,
} from "../../../src/bot/index.ts";
import { writeXml } from "../../../src/stanza/index.ts";
import { buildOccupantId, readCorrection } from "../../../src/xep/index.ts";
import { Talk } from "./support.ts";

const remind = command({
  name: "remind",
  aliases: ["r"],
  summary: { en: "reminds you after a time", de: "erinnert dich nach einer Zeit" },
  description: "It comes to you even after a restart.",
  args: z.object({
    in: arg.duration().describe("after how long"),
    text: z.string().describe("what to say"),
    loud: z.boolean().default(false),
  }),
  positional: ["in", "text"],
  rest: "text",
  examples: ["remind 1h tea"],
  run: (_, { in: delay, text, loud }) => `${delay / 1000}s ${text}${loud ? "!" : ""}`,
});
const secret = command({ name: "secret", summary: "tells it", access: "admin", run: () => "42" });
const pick = command({
  name: "pick",
  summary: "picks a dish",
  args: z.object({ what: z.enum(["Pasta", "Pizza"]), often: z.number().max(5).optional() }),
  descriptions: { what: { en: "what there is", de: "was es gibt" } },
  positional: ["what"],
  run: (_, { what }) => what,
});
const routes = (bot: Composer<Context>): unknown => bot.command(remind).command(secret);

describe("a command", () => {
  it("is said in a chat as it is, or behind a prefix, by any of its names", async () => {
    const talk = new Talk(routes);
    for (const line of ["remind 1h tea", "!remind 1h tea", "/remind 1h tea", "REMIND 1h tea", " r\n1h tea "])
      assert.equal(await talk.say(line), "3600s tea", line);
  });

  it("is said in a room behind the prefix, or to the bot by name, and in no other way", async () => {
    const talk = new Talk(routes);
    await talk.join();
    for (const line of [
      "!remind 1h tea",
      "!R 1h tea",
      "Bot: remind 1h tea",
      "bot, !remind 1h tea",
      "@bot remind 1h tea",
    ])
      assert.equal(await talk.shout(line), "3600s tea", line);
    for (const line of [
      "remind 1h tea",
      "/remind 1h tea",
      "!!remind 1h tea",
      "! remind 1h tea",
      "!remnid 1h tea",
      "Bot: hello",
      "robot: remind 1h tea",
      "?",
    ])
      assert.equal(await talk.shout(line), "", line);
    const delayed = { extra: "<delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/>" };
    assert.equal(await talk.shout("!remind 1h tea", delayed), "", "what was said before the bot came");
  });

  it("is answered to the occupant who said it in private", async () => {
    const talk = new Talk(routes);
    await talk.join();
    const [answer] = await talk.answers("r 1h tea", { from: "lobby@rooms.example.com/juliet" });
    assert.equal(String(answer?.to), "lobby@rooms.example.com/juliet");
    assert.equal(answer?.element.attr("type"), "chat");
  });

  it("is left to others where it has no place", async () => {
    const talk = new Talk((bot) =>
      bot
        .command({ name: "here", summary: "x", where: "groupchat", run: () => "room" })
        .command({ name: "there", summary: "x", where: "direct", run: () => "chat" })
        .on("message:body", () => "other"),
    );
    await talk.join();
    assert.equal(await talk.say("here"), "other");
    assert.equal(await talk.say("there"), "chat");
    assert.equal(await talk.shout("!here"), "room");
    assert.equal(await talk.shout("!there"), "other");
  });

  it("that yields is left to others where it only looks like one, unless there is a prefix", async () => {
    const talk = new Talk((bot) =>
      bot
        .command({ name: "forget", summary: "x", yields: true, run: () => "forgotten" })
        .on("message:body", () => "other"),
    );
    await talk.join();
    assert.equal(await talk.say("forget"), "forgotten");
    assert.equal(await talk.say("forget about it"), "other");
    assert.match((await talk.say("!forget about it")) ?? "", /Usage: forget/);
    assert.equal(await talk.shout("Bot: forget about it"), "other");
  });

  it("says what is wrong with its arguments, and how they would be right", async () => {
    const talk = new Talk(routes);
    assert.equal(
      await talk.say("remind soon"),
      "<in> has to be a duration, such as 1h30m or 90s, not “soon”.\n<text> is missing.\nUsage: remind <in> <text…> [--loud]",
    );
  });

  it("is not taken from the quotation that a reply carries", async () => {
    const talk = new Talk(routes);
    const extra =
      "<reply xmlns='urn:xmpp:reply:0' id='x'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='6'/></fallback>";
    assert.equal(await talk.say("> yes\nremind 1h tea", { extra }), "3600s tea");
  });

  it("has what plugins have added, and its place among other handlers", async () => {
    const talk = new Talk((bot) => {
      bot.hears("remind me", () => "first");
      bot.extend({ add: () => ({ city: "Verona" }) }).command({
        name: "city",
        summary: "tells the city",
        run: (ctx) => ctx.city,
      });
      bot.use(new Composer<Context>().command(remind));
      bot.on("message:body", () => "last");
    });
    assert.equal(await talk.say("remind me"), "first");
    assert.equal(await talk.say("city"), "Verona");
    assert.equal(await talk.say("remind 1s x"), "1s x");
    assert.equal(await talk.say("mantua"), "last");
  });

  it("is known before any stanza comes, wherever it is, and has a name of its own", () => {
    const bot = new Composer<Context>();
    bot.on("message:groupchat").command(remind);
    bot.use(new Composer<Context>().command(secret));
    assert.deepEqual(
      commandsOf(bot).map(({ name }) => name),
      ["remind", "secret"],
    );
    assert.throws(
      () => new Composer().command(remind).command({ name: "r", summary: "x", run: () => undefined }),
      /two commands are called r/,
    );
    assert.throws(() => new Talk((all) => all.use(bot).command(remind)), /two commands are called remind/);
  });

  it("is reported where a handler before takes all messages, and nothing else is", () => {
    const problems = (routes: (bot: Composer<Context>) => void): string[] =>
      inspectRoutes(configureBot(defineBot({ name: "a", summary: "b", routes })).routes).map(
        ({ route }) => route,
      );
    assert.deepEqual(
      problems((bot) => {
        bot.on("message", () => "all");
        bot.command(remind);
      }),
      ["command()"],
    );
    assert.deepEqual(
      problems((bot) => bot.command(remind).use(() => "all")),
      [],
    );
  });

  it("may answer several times, fail, and say nothing", async () => {
    const talk = new Talk((bot) =>
      bot
        .command({
          name: "many",
          summary: "x",
          run: async (ctx) => {
            await ctx.reply("one");
            await ctx.reply("two");
            return "three";
          },
        })
        .command({ name: "none", summary: "x", run: () => undefined }),
    );
    assert.equal(await talk.say("many"), "one / two / three");
    assert.equal(await talk.say("none"), "");
  });
});

describe("help", () => {
  it("lists what one may run", async () => {
    const talk = new Talk(routes, { permissions: { groups: { admins: ["romeo@example.com"] } } });
    const listed = await talk.say("help");
    assert.match(listed, /^remind <in> <text…> \[--loud\]: reminds you after a time$/m);
    assert.doesNotMatch(listed, /secret|grant/);
    assert.match(await talk.say("help", { from: "romeo@example.com/x" }), /^secret: tells it$/m);
  });

  it("speaks the language of who asks", async () => {
    const talk = new Talk(routes);
    assert.match(await talk.say("help"), /reminds you/);
    assert.match(await talk.say("help", { lang: "de-AT" }), /erinnert dich/);
  });

  it("tells all about a command, from its schema", async () => {
    const talk = new Talk(routes);
    assert.equal(
      await talk.say("help R"),
      [
        "remind <in> <text…> [--loud]",
        "reminds you after a time",
        "",
        "It comes to you even after a restart.",
        "",
        "<in>: after how long (a duration, such as 1h30m or 90s)",
        "<text>: what to say",
        "--loud: yes or no (default no)",
        "",
        "Also: r",
        "",
        "For example:",
        "remind 1h tea",
      ].join("\n"),
    );
    assert.match(await talk.say("!help remnid"), /no command “remnid”; did you mean remind\?/);
    assert.doesNotMatch(await talk.say("!help secret"), /tells it|did you mean/);
  });

  it("is a line in a room for who asks everybody, and all for who asks the bot", async () => {
    const talk = new Talk(routes);
    await talk.join();
    const line = await talk.shout("!help");
    assert.match(line, /^!remind .*“Bot: help”/);
    assert.doesNotMatch(line, /\n/);
    assert.match(await talk.shout("Bot: help"), /^remind <in>/);
    assert.match(await talk.shout("!help remind"), /^remind <in>/);
    assert.equal(await talk.shout("!help weather"), "", "another bot may know");
  });

  it("is the bot's own where it has one, and there is none where there are no commands", async () => {
    const own = new Talk((bot) => bot.command({ name: "help", summary: "x", run: () => "mine" }));
    assert.equal(await own.say("help"), "mine");
    assert.equal(await new Talk((bot) => bot.hears("x", () => "y")).say("help"), "");
  });

  it("does not take what only begins like a command of every bot", async () => {
    const talk = new Talk((bot) => bot.command(remind).on("message:direct", () => "chat"));
    for (const line of ["help me with this", "why is the sky blue?", "groups", "grant me a wish"])
      assert.equal(await talk.say(line), "chat", line);
  });
});

describe("what restanza says about commands", () => {
  const german = { lang: "de" };

  it("is in the language of the stanza", async () => {
    const talk = new Talk((bot) => bot.command(remind).command(secret).command(pick));
    assert.equal(
      await talk.say("remind --lout soon x", german),
      "„--lout“ gibt es nicht; meintest du --loud?\n<in> muss eine Dauer (etwa 1h30m oder 90s) sein, nicht „soon“.\nSo geht es: remind <in> <text…> [--loud]",
    );
    assert.match(
      await talk.say("pick psta --often 9", german),
      /^<what> muss Pasta oder Pizza sein, nicht „psta“; meintest du Pasta\?\n--often darf höchstens 5 sein\.\n.* \[--often <Zahl>]$/,
    );
    assert.equal(await talk.say("!secret", german), "Du darfst secret hier nicht benutzen.");
    assert.equal(
      await talk.say("remnid", german),
      "„remnid“ kenne ich nicht. Meintest du remind? help zählt auf, was ich kann.",
    );
    assert.match(
      await talk.say("help", german),
      /^help \[command…]: sagt, was ich kann.*help BEFEHL sagt mehr\.$/ms,
    );
    assert.match(
      await talk.say("help remind", german),
      /--loud: ja oder nein \(sonst nein\)\n\nAuch: r\n\nZum Beispiel:/,
    );
    assert.match(await talk.say("help pick", german), /<what>: was es gibt \(Pasta oder Pizza\)/);
    assert.equal(await talk.say("!why remind", german), "Du darfst remind benutzen: es ist für alle.");
    assert.equal(
      await talk.say("pick pizza --often ja", german),
      "--often muss eine Zahl (etwa 2.5) sein, nicht „ja“.\nSo geht es: pick <what> [--often <Zahl>]",
    );
    assert.equal(await talk.say("remind 1s x --loud=ja", german), "1s x!");
  });

  it("is in the language that the sender has chosen, whatever their client says", async () => {
    const speech = i18n({ catalogues: { en: {}, de: {} }, fallback: "en" });
    const talk = new Talk((bot) => bot.command(remind).command(secret).command(speech.command));
    await talk.say("language de");
    assert.match(await talk.say("remind soon x", { lang: "en" }), /muss eine Dauer/);
    assert.match(await talk.say("secret", { lang: "en" }), /^Du darfst/);
    assert.match(await talk.say("remnid", { lang: "en" }), /^„remnid“ kenne ich nicht/);
    assert.match(await talk.say("!grant a@b.example x", { lang: "en" }), /^Du darfst/);
  });

  it("is what the bot has other words for", async () => {
    const bot = defineBot({
      name: "bot",
      summary: "x",
      texts: { en: { usage: "Try {usage}", helpSummary: "all about me" }, fr: { commandUnknown: "Quoi ?" } },
      routes: (on) => void on.command(remind),
    });
    const talk = new Talk(() => undefined);
    talk.world.mount.put({ ...talk.world.bot("bot"), ...configureBot(bot) });
    assert.match(await talk.say("remind soon x"), /\nTry remind /);
    assert.match(await talk.say("help"), /all about me/);
    assert.equal(await talk.say("hm", { lang: "fr" }), "Quoi ?");
  });

  it("ends with one stop", async () => {
    const talk = new Talk(routes);
    assert.match(await talk.say("remind --lout 1s x"), /^there is no “--lout”; did you mean --loud\?$/m);
    assert.match(await talk.say("!help zzz"), /^There is no command “zzz”\. help lists all\.$/);
  });
});

describe("help in a bot that people talk to", () => {
  const chatty = (bot: Composer<Context>): unknown => bot.command(remind).on("message:body", () => "chat");

  it("is for the bot where what follows is no command", async () => {
    const talk = new Talk(chatty);
    await talk.join();
    assert.equal(await talk.say("help me"), "chat");
    assert.equal(await talk.shout("Bot: help me with this"), "chat");
    assert.match(await talk.say("help remind"), /^remind <in>/);
    assert.match(await talk.say("!help me"), /no command “me”/);
    assert.match(await talk.say("help"), /^remind <in>/);
  });

  it("is answered where the bot has nothing to say", async () => {
    const talk = new Talk(routes);
    await talk.join();
    assert.equal(
      await talk.say("help remnid"),
      "There is no command “remnid”; did you mean remind? help lists all.",
    );
    assert.match(await talk.shout("Bot: help me with this"), /no command “me with this”/);
    assert.equal(await talk.shout("!help weather"), "", "another bot may know");
  });
});

describe("what nobody knows", () => {
  it("is answered in a chat with what was probably meant", async () => {
    const talk = new Talk(routes);
    for (const _ of [1, 2]) assert.match(await talk.say("remnid 1h tea"), /“remnid”. Did you mean remind\?/);
    assert.doesNotMatch(await talk.say("secrte"), /secret\?/);
  });

  it("is answered once otherwise, so that two bots do not go on for ever", async () => {
    const talk = new Talk(routes);
    const said = await talk.say("good morning");
    assert.match(said, /I do not know “good”/);
    assert.equal(await talk.say(said), "");
    assert.match(await talk.say("!weather"), /I do not know “weather”/);
    assert.match(await talk.say("hello", { from: "romeo@example.com/x" }), /I do not know/);
  });

  it("is not answered where the bot has a handler for it, nor in a room", async () => {
    const talk = new Talk((bot) => bot.command(remind).on("message:direct", () => "mine"));
    await talk.join();
    assert.equal(await talk.say("good morning"), "mine");
    assert.equal(await talk.shout("!weather"), "");
  });
});

describe("the prefix of a room", () => {
  it("is changed by its admins, for this room only, and survives a restart", async () => {
    const talk = new Talk(routes);
    await talk.join();
    await talk.join("hall@rooms.example.com");
    await talk.presence("lobby@rooms.example.com/romeo", "affiliation='admin' role='moderator'");
    await talk.presence("lobby@rooms.example.com/juliet", "affiliation='member' role='moderator'");
    assert.match(await talk.shout("!prefix ?"), /may not/);
    const romeo = { from: "lobby@rooms.example.com/romeo" };
    assert.match(await talk.shout("!prefix a", romeo), /has to be one to three characters/);
    assert.match(await talk.shout("!prefix ?", romeo), /begin with \?/);
    assert.equal(await talk.shout("!r 1s x"), "");
    assert.equal(await talk.shout("?r 1s x"), "1s x");
    assert.equal(await talk.shout("!r 1s x", { from: "hall@rooms.example.com/juliet" }), "1s x");
    const again = new Talk(routes, { store: talk.store });
    await again.join();
    assert.equal(await again.shout("?r 1s x"), "1s x");
  });
});

describe("a corrected command", () => {
  const corrects = (id: string): string => `<replace xmlns='urn:xmpp:message-correct:0' id='${id}'/>`;
  const corrections = async (talk: Talk, body: string, options: object): Promise<(string | undefined)[]> =>
    (await talk.answers(body, options)).map((each) =>
      each.kind === "message" ? readCorrection(each) : undefined,
    );

  it("runs again, and its answer takes the place of the one before, as often as it is corrected", async () => {
    const talk = new Talk(routes);
    const [first] = await talk.answers("remind 1h tee", { id: "one" });
    assert.ok(first?.id);
    assert.deepEqual(await corrections(talk, "remind 1h tea", { id: "two", extra: corrects("one") }), [
      first.id,
    ]);
    assert.equal(await talk.say("remind 2h tea", { id: "three", extra: corrects("one") }), "7200s tea");
    assert.deepEqual(await corrections(talk, "r 3h tea", { id: "four", extra: corrects("one") }), [first.id]);
  });

  it("is told so, and replaces each of several answers, what was wrong with it too", async () => {
    const talk = new Talk((bot) =>
      bot.command({
        name: "two",
        summary: "x",
        args: z.object({ n: z.number() }),
        positional: ["n"],
        run: async (ctx, { n }, call) => {
          await ctx.reply(`corrects ${call.corrects}`);
          return String(n);
        },
      }),
    );
    const [wrong] = await talk.answers("two x", { id: "a" });
    const fixed = await talk.answers("two 2", { id: "b", extra: corrects("a") });
    assert.deepEqual(
      fixed.map((each) => [
        each.kind === "message" && each.body,
        each.kind === "message" && readCorrection(each),
      ]),
      [
        ["corrects a", wrong?.id],
        ["2", undefined],
      ],
    );
    assert.deepEqual(await corrections(talk, "two 3", { id: "c", extra: corrects("a") }), [
      wrong?.id,
      fixed[1]?.id,
    ]);
  });

  it("has the answer corrected also where that is streamed, from its first words on", async () => {
    async function* pieces(text: string) {
      for (const word of text.split(" ")) yield `${word} `;
    }
    const talk = new Talk((bot) =>
      bot.command({
        name: "story",
        summary: "tells",
        args: z.object({ text: z.string() }),
        rest: "text",
        run: async (ctx, { text }) => {
          await ctx.stream(pieces(text), { corrections: "never" });
          await ctx.stream(pieces("The end."), { corrections: "never" });
        },
      }),
    );
    const [first, last] = await talk.answers("story once upon a time", { id: "a" });
    assert.ok(first?.id && last?.id);
    assert.deepEqual(await corrections(talk, "story at first", { id: "b", extra: corrects("a") }), [
      first.id,
      last.id,
    ]);
    assert.deepEqual(await corrections(talk, "story in the beginning", { id: "c", extra: corrects("a") }), [
      first.id,
      last.id,
    ]);
  });

  it("is the last one of the same sender only", async () => {
    const talk = new Talk(routes);
    await talk.answers("r 1h a", { id: "one" });
    const romeo = { from: "romeo@example.com/x", id: "two", extra: corrects("one") };
    assert.deepEqual(await corrections(talk, "r 1h b", romeo), [undefined], "somebody else");
    await talk.answers("r 1h c", { id: "three" });
    assert.deepEqual(
      await corrections(talk, "r 1h d", { id: "four", extra: corrects("one") }),
      [undefined],
      "not the last",
    );
    const [last] = await talk.answers("r 1h e", { id: "five" });
    const phone = { from: "juliet@example.com/phone", id: "six", extra: corrects("five") };
    assert.deepEqual(await corrections(talk, "r 1h f", phone), [last?.id], "another device of hers");
  });

  it("is in a room the occupant's, whom another one of the name is not", async () => {
    const talk = new Talk(routes);
    await talk.join();
    const room = (nick: string, id: string, extra: string) => ({
      from: `lobby@rooms.example.com/${nick}`,
      id,
      extra,
      type: "groupchat",
    });
    const known = (id: string): string => writeXml(buildOccupantId(id), "");
    const [first] = await talk.answers("!r 1h a", room("juliet", "one", known("j")));
    assert.deepEqual(await corrections(talk, "!r 1h b", room("romeo", "two", corrects("one") + known("r"))), [
      undefined,
    ]);
    assert.deepEqual(
      await corrections(talk, "!r 1h c", room("juliet", "three", corrects("one") + known("j"))),
      [first?.id],
    );
    assert.deepEqual(
      await corrections(talk, "!r 1h d", room("juliet", "four", corrects("one") + known("x"))),
      [undefined],
    );
  });
});
