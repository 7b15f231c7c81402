import assert from "node:assert/strict";
import { test } from "node:test";
import { type Element, message } from "restanza/stanza";
import { testbed } from "restanza/testkit";
import { buildCorrection } from "restanza/xep";
import remind from "./bot.ts";

const config = { zone: "Europe/Berlin" };

test("reminds once, at its time, through a restart", async () => {
  await using bed = await testbed(remind, { config });
  const { alice, clock } = bed;
  (await alice.says("remind 1h tea")).expect("Number 1, Mon 5 Jan, 11:00: tea");
  (await alice.says("remind me to call mum tomorrow 9:00")).expect("Number 2, Tue 6 Jan, 09:00: call mum");
  await clock.advance("59m");
  await bed.restart();
  await alice.hearsNothing();
  await clock.advance("1m");
  await alice.hears("Reminder: tea");
  await bed.restart();
  await clock.advance("1h");
  await alice.hearsNothing();
  (await alice.says("list")).expect("2. Tue 6 Jan, 09:00: call mum");
});

test("is talked out of it, and says what it does not understand", async () => {
  await using bed = await testbed(remind, { config });
  const { alice } = bed;
  await alice.says("remind friday 17:00 the weekly");
  (await alice.says("cancel 2")).expect("There is no number 2 here; list tells which there are.");
  (await alice.says("cancel 1")).expect("Cancelled: the weekly");
  (await alice.says("list")).expect("There is nothing to remind you of.");
  (await alice.says("remind some day of something")).expect(/^When, and of what\?/);
  (await alice.says("remind 2020-01-01 of the past")).expect("That time has passed.");
  (await alice.says("remind every 10 seconds drip")).expect(/^When, and of what\?/);
});

test("reminds again and again, by the clock on the wall, also when clocks go forward", async () => {
  await using bed = await testbed(remind, { config, now: "2026-03-29T00:30:00Z" });
  const { alice, clock } = bed;
  (await alice.says("remind every day 9:00 breakfast")).expect(
    "Number 1, Sun 29 Mar, 09:00, and again after that: breakfast",
  );
  await clock.advance("6h");
  await alice.hearsNothing();
  await clock.advance("30m");
  await alice.hears("Reminder: breakfast");
  await bed.restart();
  (await alice.says("list")).expect("1. Mon 30 Mar, 09:00: breakfast (comes again)");
  await clock.advance("1d");
  await alice.hears("Reminder: breakfast");
  (await alice.says("cancel 1")).expect("Cancelled: breakfast");
  (await alice.says("list")).expect("There is nothing to remind you of.");
});

test("knows days, lists of days, halves of the day, and intervals", async () => {
  await using bed = await testbed(remind, { config });
  const said = async (words: string) => (await bed.alice.says(words)).body;
  assert.match(await said("remind every weekday 9:00 standup"), /Tue 6 Jan, 09:00/);
  assert.match(await said("remind every day at 8am news"), /Tue 6 Jan, 08:00/);
  assert.match(await said("remind every tuesday and thursday 7:30 pm choir"), /Tue 6 Jan, 19:30/);
  assert.match(await said("remind every weekend 11:00 pancakes"), /Sat 10 Jan, 11:00/);
  assert.match(await said("remind every 2 hours drink"), /Mon 5 Jan, 12:00/);
  assert.match(await said("remind every hour stretch"), /Mon 5 Jan, 11:00/);
});

test("goes by the time zone of each person", async () => {
  await using bed = await testbed(remind, { config });
  const { alice, bob, clock } = bed;
  (await alice.says("timezone America/New_York")).expect(
    "Your time zone is America/New_York, where it is Mon 5 Jan, 04:00.",
  );
  (await alice.says("timezone Atlantis")).expect(/has to be a time zone/);
  (await alice.says("remind 9:00 coffee")).expect("Number 1, Mon 5 Jan, 09:00: coffee");
  (await bob.says("remind 11:00 coffee")).expect("Number 1, Mon 5 Jan, 11:00: coffee");
  await clock.advance("1h");
  await bob.hears("Reminder: coffee");
  await alice.hearsNothing();
});

test("snoozes by a reaction, by an answer, and by a word", async () => {
  await using bed = await testbed(remind, { config });
  const { alice, clock } = bed;
  await alice.says("remind 1h tea");
  await alice.says("remind 1h cake");
  await clock.advance("1h");
  const tea = await alice.hears("Reminder: tea");
  await alice.hears("Reminder: cake");
  (await alice.reacts(tea, "👍")).expect();
  (await alice.reacts(tea, "💤")).expect("Snoozed until Mon 5 Jan, 11:10: tea");
  (await alice.reacts(tea, "💤")).expect();
  (await alice.says("snooze 5m")).expect("Snoozed until Mon 5 Jan, 11:05: cake");
  (await alice.says("snooze")).expect("There is nothing to snooze.");
  await clock.advance("5m");
  await alice.hears("Reminder: cake");
  await clock.advance("5m");
  const again = await alice.hears("Reminder: tea");
  (await alice.replies(again, "snooze 1h")).expect("Snoozed until Mon 5 Jan, 12:10: tea");
});

test("an edited reminder takes the place of the first", async () => {
  await using bed = await testbed(remind, { config });
  const { alice, clock } = bed;
  const said = await alice.says("remind 1h tee");
  const edited = await alice.edits(said, "remind 2h tea");
  edited.expect("Number 1, Mon 5 Jan, 12:00: tea");
  assert.equal(edited.last.corrects, said.last.id);
  await clock.advance("1h");
  await alice.hearsNothing();
  await clock.advance("1h");
  await alice.hears("Reminder: tea");
});

test("snoozes in a room that keeps an archive, where messages have other ids", async () => {
  await using bed = await testbed(remind, { config });
  const { alice, clock } = bed;
  const lobby = await bed.room("lobby", { archives: true });
  await alice.in(lobby).says("!remind 1h tea");
  await clock.advance("1h");
  const tea = await alice.hears("alice: tea");
  (await alice.in(lobby).reacts(tea, "💤")).expect("Snoozed until Mon 5 Jan, 11:10: tea");
  await clock.advance("10m");
  const again = await alice.hears("alice: tea");
  (await alice.in(lobby).replies(again, "!snooze 1h")).expect("Snoozed until Mon 5 Jan, 12:10: tea");
});

test("reminds a room, names who asked, and lets moderators cancel what is others'", async () => {
  await using bed = await testbed(remind, { config });
  const { alice, bob, clock } = bed;
  const lobby = await bed.room("lobby");
  await bob.joins(lobby);
  (await alice.in(lobby).says("!remind 1h tea")).expect("Number 1, Mon 5 Jan, 11:00: tea");
  await bob.hears(/^Number 1/);
  (await bob.in(lobby).says("!cancel 1")).expect("Number 1 is alice's: they or a moderator can cancel it.");
  (await bob.in(lobby).says("!list")).expect("1. Mon 5 Jan, 11:00: tea, for alice");
  await clock.advance("1h");
  await bob.hears("alice: tea");
  await alice.in(lobby).says("!remind 1h cake");
  await lobby.affiliates(bob, "admin");
  (await bob.in(lobby).says("!cancel 1")).expect("Cancelled: cake");
});

test("nobody corrects what somebody else wants to be reminded of", async () => {
  await using bed = await testbed(remind, { config });
  const { alice, bob } = bed;
  const lobby = await bed.room("lobby");
  await bob.joins(lobby);
  const said = (id: string, body: string, ...more: Element[]) =>
    message({ type: "groupchat", id, body }, ...more);
  await alice.in(lobby).sends(said("ours", "!remind 1h tea"));
  await bob.hears(/tea/);
  await bob.in(lobby).sends(said("ours", "!remind 2h cake"));
  await bob.in(lobby).sends(said("other", "!remind 3h nothing", buildCorrection("ours")));
  (await alice.in(lobby).says("!list")).expect(/tea, for alice\n.*nothing, for bob/);
});

test("speaks the language that somebody has chosen, also when it is time", async () => {
  await using bed = await testbed(remind, { config });
  const { alice, clock } = bed;
  await alice.says("language de");
  (await alice.says("remind morgen 9:00 Tee")).expect("Nummer 1, Di., 6. Jan., 09:00: Tee");
  (await alice.says("list")).expect("1. Di., 6. Jan., 09:00: Tee");
  (await alice.says("cancel 2")).expect(/^Eine Nummer 2 gibt es hier nicht/);
  await clock.advance("1d");
  await alice.hears("Erinnerung: Tee");
});
