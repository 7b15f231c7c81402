import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { frameworkTexts } from "../../../src/bot/i18n/framework.ts";
import { arg, defineBot, i18n } from "../../../src/bot/index.ts";
import { Jid, writeXml } from "../../../src/stanza/index.ts";
import { testbed } from "../../../src/testkit/index.ts";
import { buildOccupantId, buildReplyTo } from "../../../src/xep/index.ts";
import { leads, message, Stage } from "./support.ts";

const START = Date.parse("2026-01-05T09:00:00Z");
const DAY = 86_400_000;

describe("an answer as arg wants it", () => {
  const booking = leads(async (d) => {
    const length = await d.ask("How long?", { schema: arg.duration().min(60_000) });
    const who = await d.ask("With whom?", { schema: arg.jid() });
    const when = await d.ask("When?", { schema: arg.date({ zone: "Europe/Berlin" }) });
    const count = await d.ask("How many?", { schema: z.int().max(9) });
    return `${length} ${who instanceof Jid} ${who} ${when.toISOString()} ${count}`;
  });

  it("is read from words, and asked for again where it is none", async () => {
    const stage = new Stage(booking);
    stage.now = START;
    await stage.says("go");
    assert.deepEqual(await stage.says("soon"), [
      "That has to be a duration, such as 1h30m or 90s, not “soon”.\nHow long?",
    ]);
    assert.deepEqual(await stage.says("5s"), ["That has to be at least 1m.\nHow long?"]);
    assert.deepEqual(await stage.says("1h"), ["With whom?"]);
    assert.deepEqual(await stage.says(message("@", undefined, "type='chat' xml:lang='de'")), [
      "Das muss eine Adresse (etwa juliet@example.com) sein, nicht „@“.\nWith whom?",
    ]);
    assert.deepEqual(await stage.says("romeo@example.com"), ["When?"]);
    assert.deepEqual(await stage.says("tomorrow 9:00"), ["How many?"]);
    assert.deepEqual(await stage.says("10"), ["That has to be at most 9.\nHow many?"]);
    assert.deepEqual(await stage.says("3"), ["3600000 true romeo@example.com 2026-01-06T08:00:00.000Z 3"]);
  });

  it("means the day that it meant when it was given, in the language of then", async () => {
    const stage = new Stage(booking);
    stage.now = START;
    for (const said of ["go", "1h", "romeo@example.com"]) await stage.says(said);
    await stage.says(message("morgen 9:00", undefined, "type='chat' xml:lang='de'"));
    stage.now += DAY / 2;
    stage.restart();
    assert.match((await stage.says("3"))[0] ?? "", / 2026-01-06T08:00:00.000Z 3$/);
  });

  it("may be what only the schema itself can read", async () => {
    const stage = new Stage(
      leads(async (d) => `${await d.ask("How many?", { schema: z.coerce.number() })}!`),
    );
    await stage.says("go");
    assert.deepEqual(await stage.says("1e3"), ["1000!"]);
  });
});

describe("what a dialog takes for an answer", () => {
  const path = leads(async (d) => `It is ${await d.ask("Where is it?")}.`);

  it("may begin with a stroke, unless there is a command of that name", async () => {
    const stage = new Stage((bot) => {
      bot.command({ name: "list", summary: "lists", run: () => "nothing" });
      path(bot);
    });
    await stage.says("go");
    assert.deepEqual(await stage.says("/list"), ["nothing"]);
    assert.deepEqual(await stage.says("/tmp"), ["It is /tmp."]);
  });

  it("is no command behind the prefix of the room, and may begin with that of others", async () => {
    const bot = defineBot({
      name: "bot",
      summary: "asks",
      routes: (on) => {
        on.command({ name: "list", summary: "lists", run: () => "nothing" });
        path(on);
      },
    });
    await using bed = await testbed(bot, { permissions: { rules: [{ allow: ["everyone"] }] } });
    const alice = bed.alice.in(await bed.room("lobby"));
    await alice.says("!prefix ?");
    await alice.says("go");
    (await alice.says("?list")).expect("nothing");
    (await alice.says("!important")).expect("It is !important.");
    await alice.says("go");
    (await alice.says("?cancel")).expect("All right, I have stopped.");
  });

  it("is a reaction also where the room gives messages ids of its own, and no reply to others", async () => {
    const bot = defineBot({
      name: "bot",
      summary: "asks",
      routes: leads(async (d) => `So ${await d.choose("Which?", ["tea", "milk"])}.`),
    });
    await using bed = await testbed(bot);
    const lobby = await bed.room("lobby", { archives: true });
    const alice = bed.alice.in(lobby);
    const asked = await alice.says("go");
    const toBob = buildReplyTo({ id: "of-bob", jid: Jid.parse(`${lobby.jid}/bob`) });
    (await alice.says("milk", toBob)).expect("echo milk");
    (await alice.reacts(asked.last, "1️⃣")).expect("So tea.");
  });

  it("comes from the same person under another name, where the room tells who it is", async () => {
    const stage = new Stage(path);
    const said = (nick: string, body: string, id: string) =>
      message(body, `room@rooms.example/${nick}`, "type='groupchat'", writeXml(buildOccupantId(id), ""));
    await stage.says(said("juliet", "go", "one"));
    assert.deepEqual(await stage.says(said("juliet", "there", "two")), ["echo there"]);
    assert.deepEqual(await stage.says(said("julia", "there", "one")), ["It is there."]);
  });
});

describe("the time that a question waits", () => {
  for (const timeout of [Number.POSITIVE_INFINITY, Number.NaN, -1, 0, 101 * 366 * DAY])
    it(`is not ${timeout}`, async () => {
      let thrown: unknown;
      const stage = new Stage(
        leads(async (d) => {
          try {
            await d.ask("Well?", { timeout });
          } catch (error) {
            thrown = error;
          }
        }),
      );
      await stage.says("go");
      assert.ok(thrown instanceof RangeError);
      assert.match(thrown.message, /"Well\?" cannot wait .* give a number from 1 to/);
    });

  it("may be longer than any timer of the process", async () => {
    const stage = new Stage(leads(async (d) => `${await d.ask("Well?", { timeout: 60 * DAY })}!`));
    await stage.says("go");
    stage.now += 59 * DAY;
    assert.deepEqual(await stage.says("yes"), ["yes!"]);
  });
});

describe("what a dialog says by itself", () => {
  it("is in the language that the person has chosen, and in the bot's own words", async () => {
    const speech = i18n({ catalogues: { en: {}, de: {} }, fallback: "en" });
    const stage = new Stage((bot) => {
      bot.command(speech.command);
      leads(async (d) => ((await d.confirm({ en: "Really?", de: "Wirklich?" })) ? "yes" : "no"))(bot);
    });
    const texts = frameworkTexts({ de: { dialogCancelled: "Dann eben nicht." } });
    stage.at.mount.put({ ...stage.at.bot("echo"), texts });
    await stage.says("language de");
    assert.deepEqual(await stage.says(message("go", undefined, "type='chat' xml:lang='en'")), [
      "Wirklich? (ja oder nein)",
    ]);
    assert.deepEqual(await stage.says("cancel"), ["Dann eben nicht."]);
  });
});
