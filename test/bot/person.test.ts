import assert from "node:assert/strict";
import { test } from "node:test";
import { defineBot, personOf } from "../../src/bot/index.ts";
import { testbed } from "../../src/testkit/index.ts";

const mirror = defineBot({
  name: "mirror",
  summary: "says who you are",
  routes: (bot) => void bot.on("message:body", (ctx) => personOf(ctx)),
});

test("a person is the bare JID outside of rooms, and the account where a room tells it", async () => {
  await using bed = await testbed(mirror);
  const { alice, room } = bed;
  (await alice.says("who?")).expect("alice@localhost");
  const open = await room("open", { nonAnonymous: true });
  (await alice.in(open).says("who?")).expect("alice@localhost");
});

test("in other rooms a person is no address that somebody else could have", async () => {
  await using bed = await testbed(mirror);
  const { alice, room } = bed;
  const lobby = await room("lobby");
  const { body } = await alice.in(lobby).says("who?");
  assert.match(String(body), /^(?:occupant .+|lobby@.+\/alice)$/);
});
