import assert from "node:assert/strict";
import { test } from "node:test";
import { type Testbed, testbed } from "restanza/testkit";
import github from "./bot.ts";
import { delivers, pushed } from "./sample.ts";

const SECRET = "it was the nightingale";
const permissions = { groups: { admins: ["alice@localhost"] } };

/** GitHub calls the bot. */
async function calls(
  bed: Testbed,
  name: string,
  payload: object,
  id: string,
  secret = SECRET,
): Promise<number> {
  return (await delivers(bed, name, payload, { id, secret })).status;
}

const words =
  "[verona/stage] juliet pushed 1 commit to main https://github.com/c\n  0000001 *Add* a balcony (Juliet)";

test("tells a room of what it watches, each delivery once, and not styled", async () => {
  await using bed = await testbed(github, { config: { secret: SECRET }, permissions });
  const { alice, bob, room } = bed;
  const lobby = await room("lobby", { nonAnonymous: true });
  (await alice.in(lobby).says("!watch Verona/Stage")).expect(
    "I shall tell here what happens in Verona/Stage.",
  );
  await bob.joins(lobby);
  assert.equal(await calls(bed, "push", pushed, "1"), 204);
  const heard = await bob.hears(words);
  assert.equal(heard.type, "groupchat");
  assert.ok(heard.stanza.child("unstyled", "urn:xmpp:styling:0"));
  assert.equal(await calls(bed, "push", pushed, "1"), 204);
  await bed.restart();
  assert.equal(await calls(bed, "push", pushed, "1"), 204);
  await bob.hearsNothing();
  assert.equal(await calls(bed, "push", pushed, "2"), 204);
  await bob.hears(words);
  (await alice.in(lobby).says("!unwatch verona/stage")).expect("No more of verona/stage here.");
  await bed.idle();
  await calls(bed, "push", pushed, "3");
  await bob.hears("!unwatch verona/stage");
  await bob.hears("No more of verona/stage here.");
  await bob.hearsNothing();
});

test("tells people, and of all repositories of an owner", async () => {
  await using bed = await testbed(github, { config: { secret: SECRET }, permissions });
  const { alice } = bed;
  (await alice.says("list")).expect("I tell of no repository here.");
  await alice.says("watch verona/*");
  (await alice.says("watch verona/*")).expect("I tell of verona/* here already.");
  await alice.says("watch verona/stage");
  (await alice.says("list")).expect("I tell here of verona/*, verona/stage.");
  await calls(bed, "push", pushed, "1");
  assert.equal((await alice.hears(words)).type, "chat");
  await alice.hearsNothing();
  (await alice.says("watch stage")).expect(/owner\/name/);
});

test("tells the rooms of its configuration", async () => {
  const rooms = { "verona/stage": ["lobby@rooms.localhost"] };
  await using bed = await testbed(github, { config: { secret: SECRET, rooms }, permissions });
  const { alice, room } = bed;
  const lobby = await room("lobby", { nonAnonymous: true, bots: [] });
  await bed.restart();
  await alice.joins(lobby);
  await calls(bed, "push", pushed, "1");
  await alice.hears(words);
  (await alice.in(lobby).says("!list")).expect("I tell here of verona/stage.");
  (await alice.in(lobby).says("!unwatch verona/stage")).expect(/configuration/);
});

test("does only for admins what changes something", async () => {
  await using bed = await testbed(github, { config: { secret: SECRET }, permissions });
  (await bed.bob.says("watch verona/stage")).expect(/may not/);
  await calls(bed, "push", pushed, "1");
  await bed.bob.hearsNothing();
});

test("lets nobody in without the secret, and refuses what is no event", async () => {
  await using bed = await testbed(github, { config: { secret: SECRET }, permissions });
  await bed.alice.says("watch verona/stage");
  assert.equal(await calls(bed, "push", pushed, "1", "it was the lark"), 401);
  assert.equal(await calls(bed, "push", {}, "2"), 400);
  assert.equal(await calls(bed, "fork", {}, "3"), 204);
  await bed.alice.hearsNothing();
  assert.ok(!bed.transcript().includes(SECRET));
});

test("says what it lacks without a secret", async () => {
  await using bed = await testbed(github, { permissions });
  (await bed.alice.says("watch verona/stage")).expect(/has to set GITHUB_WEBHOOK_SECRET/);
  await assert.rejects(bed.calls("/bots/nobody/"), /no web hooks at \/bots\/nobody\//);
  assert.equal((await bed.calls("/bots/github/", { method: "POST" })).status, 404);
});

test("speaks the language that somebody has chosen", async () => {
  await using bed = await testbed(github, { config: { secret: "s" } });
  await bed.alice.says("language de");
  (await bed.alice.says("list")).expect("Ich erzähle hier von keinem Repository.");
});
