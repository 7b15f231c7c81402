import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import assistant from "../../bots/assistant/bot.ts";
import { StandIn } from "../../bots/assistant/stand-in.ts";
import feeds from "../../bots/feeds/bot.ts";
import { rss, testSite } from "../../bots/feeds/support.ts";
import github from "../../bots/github/bot.ts";
import { delivers, pushed } from "../../bots/github/sample.ts";
import poll from "../../bots/poll/bot.ts";
import remind from "../../bots/remind/bot.ts";
import { type Testbed, testbed } from "../../src/testkit/index.ts";

const page = readFileSync(new URL("../../docs/BUNDLED_BOTS.md", import.meta.url), "utf8");

/** The conversation in a bot's section. */
function conversationOf(bot: string): string {
  const section = page.split(/^## /m).find((each) => each.startsWith(`${bot}\n`)) ?? "";
  const [, block] = /^```conversation\n([\s\S]+?)\n```$/m.exec(section) ?? [];
  assert.ok(block !== undefined, `there is no conversation about ${bot}`);
  return block;
}

/** Does and says what people do and say in it, and lets time pass. */
async function perform(bed: Testbed, bot: string, conversation: string): Promise<void> {
  for (const line of conversation.split("\n")) {
    const [, length] = /^— (.+) later —$/.exec(line) ?? [];
    const [, who = bot, to = bot, words = ""] = /^(\w+) → (\w+)(?:\/\w+)?: (.+)$/.exec(line) ?? [];
    if (length !== undefined) await bed.clock.advance(length);
    else if (who === bot && words === "[joins]") await bed.room(to);
    else if (who !== bot && words === "[joins]") await bed.user(who).joins(to);
    else if (who !== bot) await (to === bot ? bed.user(who) : bed.user(who).in(to)).says(words);
    await bed.idle();
  }
  assert.equal(bed.transcript().trim(), conversation);
}

test("remind talks as its section shows", async () => {
  await using bed = await testbed(remind, { config: { zone: "Europe/Berlin" } });
  await perform(bed, "remind", conversationOf("remind"));
});

test("poll talks as its section shows", async () => {
  await using bed = await testbed(poll);
  await perform(bed, "poll", conversationOf("poll"));
});

test("feeds talks as its section shows", async () => {
  await using site = await testSite();
  const config = { privateHosts: ["127.0.0.1"] };
  await using bed = await testbed(feeds, { config, patience: 20_000 });
  site.answer = (_, response) => {
    response.end(site.asked.length === 1 ? rss("News", "one") : rss("News", "two", "one"));
  };
  await perform(bed, "feeds", conversationOf("feeds").replaceAll("https://news.example", site.url));
});

test("assistant talks as its section shows", async () => {
  await using model = await StandIn.start();
  await using bed = await testbed(assistant, {
    config: { url: model.url, model: "stand-in", corrections: "never" },
  });
  model.says("In Verona, ", "as she is a Capulet.");
  model.says("At his parents’, ", "the Montagues.");
  await perform(bed, "assistant", conversationOf("assistant"));
});

test("github talks as its section shows", async () => {
  const permissions = { groups: { admins: ["alice@localhost"] } };
  await using bed = await testbed(github, { config: { secret: "the nightingale" }, permissions });
  await bed.room("lobby", { nonAnonymous: true });
  const conversation = conversationOf("github");
  const [before = ""] = conversation.split("\n— POST");
  await perform(bed, "github", before);
  await delivers(bed, "push", pushed, { id: "1", secret: "the nightingale" });
  // The page says in words what the element says.
  const transcript = bed.transcript().replace("[unstyled urn:xmpp:styling:0] ", "");
  assert.equal(transcript.trim(), conversation);
});
