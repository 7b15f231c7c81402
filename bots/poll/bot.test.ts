import assert from "node:assert/strict";
import { test } from "node:test";
import { type Element, message } from "restanza/stanza";
import { testbed } from "restanza/testkit";
import { buildCorrection } from "restanza/xep";
import poll from "./bot.ts";

test("lets a room vote by word, number and reaction, one vote each, and shows how it stands", async () => {
  await using bed = await testbed(poll);
  const { alice, bob, carol, clock } = bed;
  const lobby = await bed.room("lobby", { nonAnonymous: true });
  await bob.joins(lobby);
  await carol.joins(lobby);
  const asked = await alice.in(lobby).says('!poll "Lunch?" pizza salad soup --for 1h');
  asked.expect(
    "📊 Lunch?\n1️⃣ pizza: 0\n2️⃣ salad: 0\n3️⃣ soup: 0\nPoll 1. React with a number, or say it: one. Open for 1h.",
  );
  await clock.advance("5s");

  const shown = await bob.in(lobby).says("Pizza");
  assert.equal(shown.last.corrects, asked.last.id);
  assert.match(shown.body, /1️⃣ pizza: 1\n2️⃣ salad: 0/);
  (await carol.in(lobby).says("what about sushi?")).expect();
  await clock.advance("5s");
  assert.match((await carol.in(lobby).reacts(asked, "2️⃣")).body, /pizza: 1\n2️⃣ salad: 1/);
  await clock.advance("5s");
  assert.match((await bob.in(lobby).says("2")).body, /pizza: 0\n2️⃣ salad: 2/);

  await bed.restart();
  await clock.advance("1h");
  const last = await carol.hears(/Poll 1 is closed/);
  assert.equal(last.corrects, asked.last.id);
  await carol.hears("Lunch? salad wins, with 2 votes; 2 people have voted.");
  (await carol.in(lobby).says("3")).expect();
});

test("takes reactions by the ids of a room that keeps an archive", async () => {
  await using bed = await testbed(poll);
  const { alice, clock } = bed;
  const lobby = await bed.room("lobby", { archives: true });
  const asked = await alice.in(lobby).says('!poll "Lunch?" pizza salad');
  await clock.advance("5s");
  (await alice.in(lobby).reacts(String(asked.last.id), "1️⃣")).expect(/pizza: 1/);
  await clock.advance("5s");
  const shown = await alice.in(lobby).reacts(asked, "2️⃣");
  shown.expect(/salad: 1/);
  await clock.advance("5s");
  (await alice.in(lobby).replies(shown, "pizza")).expect(/pizza: 1/);
});

test("goes on taking reactions and replies by the ids of a room where it was started anew meanwhile", async () => {
  await using bed = await testbed(poll);
  const { alice, bob, clock } = bed;
  const lobby = await bed.room("lobby", { archives: true });
  await bob.joins(lobby);
  const asked = await alice.in(lobby).says('!poll "Lunch?" pizza salad');
  await alice.in(lobby).says('!poll "Dinner?" soup bread');
  await bed.restart();
  await clock.advance("5s");
  (await alice.in(lobby).reacts(asked, "2️⃣")).expect(/pizza: 0\n2️⃣ salad: 1/);
  await bed.restart();
  await clock.advance("5s");
  (await bob.in(lobby).replies(asked, "pizza")).expect(/pizza: 1\n2️⃣ salad: 1/);
});

test("votes come in faster than the message is corrected", async () => {
  await using bed = await testbed(poll);
  const { alice, bob, clock } = bed;
  const lobby = await bed.room("lobby");
  await bob.joins(lobby);
  const asked = await alice.in(lobby).says('!poll "Tea?" yes no');
  (await alice.in(lobby).says("yes")).expect();
  (await bob.in(lobby).says("yes")).expect();
  await bob.in(lobby).says("no");
  await clock.advance("2s");
  const shown = await bob.hears(/yes: 1\n2️⃣ no: 1/);
  assert.equal(shown.corrects, asked.last.id);
});

test("a reaction is a vote that can be changed and taken back, and several count where they may", async () => {
  await using bed = await testbed(poll);
  const { alice, clock } = bed;
  const one = await alice.says('poll "One?" a b');
  await clock.advance("5s");
  assert.match((await alice.reacts(one, "1️⃣")).body, /a: 1\n2️⃣ b: 0/);
  await clock.advance("5s");
  assert.match((await alice.reacts(one, "1️⃣", "2️⃣", "👍")).body, /a: 0\n2️⃣ b: 1/);
  await clock.advance("5s");
  assert.match((await alice.reacts(one)).body, /a: 0\n2️⃣ b: 0/);

  const many = await alice.says('poll "Many?" a b c --multi');
  await clock.advance("5s");
  assert.match((await alice.reacts(many, "1⃣", "3️⃣")).body, /a: 1\n2️⃣ b: 0\n3️⃣ c: 1/);
  (await alice.says("vote b c")).expect("You have voted for b, c.");
  (await alice.says("vote none")).expect("Your vote is taken back.");
});

test("an occupant votes in private, once under whatever nickname, and nobody hears what", async () => {
  await using bed = await testbed(poll);
  const { alice, bob, clock } = bed;
  const lobby = await bed.room("lobby", { nonAnonymous: true });
  await bob.joins(lobby);
  await alice.in(lobby).says('!poll "Chair?" Dora Emil');
  await clock.advance("5s");
  await bob.hears(/Chair/);
  const bobAlone = bob.to(lobby.jid.withResource("poll"));
  (await bobAlone.says("vote dora")).expect(/Dora: 1/, "You have voted for Dora.");
  await bob.joins(lobby, "Bobby");
  await clock.advance("5s");
  await alice.hears(/Dora: 1/);
  (await bobAlone.says("2")).expect(/Dora: 0\n2️⃣ Emil: 1/, "You have voted for Emil.");
});

test("who has asked or a moderator closes it", async () => {
  await using bed = await testbed(poll);
  const { alice, bob } = bed;
  const lobby = await bed.room("lobby");
  await bob.joins(lobby);
  await alice.in(lobby).says('!poll "Go?" yes no');
  (await bob.in(lobby).says("!close")).expect("Who has asked poll 1 or a moderator can close it.");
  (await alice.in(lobby).says("!close")).expect(/Poll 1 is closed/, "Go? Nobody has voted.");
  (await alice.in(lobby).says("!close")).expect("There is no such poll open here.");
  await alice.in(lobby).says('!poll "Stay?" yes no');
  await lobby.affiliates(bob, "admin");
  (await bob.in(lobby).says("!close 2")).expect(/Poll 2 is closed/, "Stay? Nobody has voted.");
});

test("an edited question takes the place of the first, until somebody has voted", async () => {
  await using bed = await testbed(poll);
  const { alice, clock } = bed;
  const said = await alice.says('poll "Lunhc?" pizza salad');
  const edited = await alice.edits(said, 'poll "Lunch?" pizza salad');
  edited.expect(/Lunch\?/);
  assert.equal(edited.last.corrects, said.last.id);
  await clock.advance("5s");
  assert.match((await alice.reacts(said.last, "1️⃣")).body, /Lunch\?\n1️⃣ pizza: 1/);
  (await alice.edits(said, 'poll "Dinner?" pizza salad')).expect(/votes already/);
});

test("nobody puts their question in the place of somebody else's", async () => {
  await using bed = await testbed(poll);
  const { alice, bob } = bed;
  const lobby = await bed.room("lobby");
  await bob.joins(lobby);
  const said = (id: string, body: string, ...more: Element[]) =>
    message({ type: "groupchat", id, body }, ...more);
  await alice.in(lobby).sends(said("ours", '!poll "Lunch?" pizza salad'));
  await bob.hears(/Lunch/);
  await bob.in(lobby).sends(said("ours", '!poll "Mine?" yes no'));
  await bob.in(lobby).sends(said("other", '!poll "Dinner?" at bob', buildCorrection("ours")));
  (await alice.in(lobby).says("!polls")).expect(/Lunch\?\n.*pizza[\s\S]*Dinner\?/);
});

test("speaks to each in their language, and about a poll in that of who has asked", async () => {
  await using bed = await testbed(poll);
  const { alice, bob, clock } = bed;
  const lobby = await bed.room("lobby");
  await bob.joins(lobby);
  await alice.in(lobby).says("!language de");
  const asked = await alice.in(lobby).says('!poll "Essen?" Pizza Salat --multi --for 1h');
  asked.expect(
    /2️⃣ Salat: 0\nUmfrage 1. Reagiere mit einer Zahl oder sag sie: so viele du magst. Offen für 1h.$/,
  );
  (await bob.in(lobby).says("!close")).expect("Who has asked poll 1 or a moderator can close it.");
  (await alice.in(lobby).says("!vote Suppe")).expect("Wähle eins von Pizza, Salat.");
  await clock.advance("5s");
  (await bob.in(lobby).says("1")).expect(/Pizza: 1/);
  await clock.advance("1h");
  await bob.hears(/Umfrage 1 ist beendet.$/);
  await bob.hears("Essen? Pizza gewinnt mit 1 Stimme; 1 Person hat abgestimmt.");
  await bob.in(lobby).says('!poll "Tea?" yes no maybe');
  for (const [person, vote] of [
    [alice, "yes"],
    [bob, "no"],
  ] as const)
    await person.in(lobby).says(vote);
  (await bob.in(lobby).says("!close")).expect(
    /Poll 2 is closed.$/,
    "Tea? A draw between yes and no, with 1 vote; 2 people have voted.",
  );
});

test("tells what a poll needs", async () => {
  await using bed = await testbed(poll);
  (await bed.alice.says('poll "Lunch?" pizza')).expect(/Usage: poll/);
  (await bed.alice.says('poll "Lunch?" pizza Pizza')).expect("Pizza is there twice.");
  (await bed.alice.says("vote 1")).expect("There is no such poll open here.");
});
