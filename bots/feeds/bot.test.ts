import assert from "node:assert/strict";
import { test } from "node:test";
import { testbed } from "restanza/testkit";
import feeds from "./bot.ts";
import { rss, testSite } from "./support.ts";

const config = { privateHosts: ["127.0.0.1"] };
const patience = 20_000;

test("tells what is new, once, through a restart, and asks for what has changed only", async () => {
  await using site = await testSite();
  await using bed = await testbed(feeds, { config, patience });
  const { alice, clock } = bed;
  let items = ["one"];
  const validators: (string | undefined)[] = [];
  site.answer = (request, response) => {
    validators.push(request.headers["if-none-match"]);
    const etag = `"${items.length}"`;
    if (request.headers["if-none-match"] === etag) return void response.writeHead(304).end();
    response.writeHead(200, { etag }).end(rss("News", ...items));
  };
  (await alice.says(`subscribe ${site.url}/feed`)).expect(
    "Subscribed to News.\nThe latest: • one https://example.org/one",
  );
  await clock.advance("15m");
  await bed.idle();
  await alice.hearsNothing();
  items = ["three", "two", "one"];
  await bed.restart();
  await clock.advance("15m");
  await alice.hears("News:\n• three https://example.org/three\n• two https://example.org/two");
  await bed.restart();
  await clock.advance("15m");
  await bed.idle();
  await alice.hearsNothing();
  assert.deepEqual(validators, [undefined, '"1"', '"1"', '"3"']);
  (await alice.says("list")).expect(`1. News ${site.url}/feed`);
  (await alice.says("unsubscribe 1")).expect("No more of News.");
  (await alice.says("list")).expect("Nothing is subscribed to here.");
  await clock.advance("15m");
  await bed.idle();
  assert.equal(site.asked.length, 4);
});

test("fetches a feed once for all of its subscribers, rooms among them, where moderators subscribe", async () => {
  await using site = await testSite();
  await using bed = await testbed(feeds, { config, patience });
  const { alice, bob, clock } = bed;
  let items = ["one"];
  site.answer = (_, response) => void response.end(rss("News", ...items));
  const lobby = await bed.room("lobby");
  await bob.joins(lobby);
  (await bob.in(lobby).says(`!subscribe ${site.url}`)).expect(/^In a room moderators do that/);
  await lobby.affiliates(bob, "admin");
  (await bob.in(lobby).says(`!subscribe ${site.url}`)).expect(/^Subscribed to News/);
  (await alice.says(`subscribe ${site.url}`)).expect(/^Subscribed to News/);
  assert.equal(site.asked.length, 1);
  items = ["two", "one"];
  await clock.advance("15m");
  await bob.hears("News:\n• two https://example.org/two");
  await alice.hears("News:\n• two https://example.org/two");
  assert.equal(site.asked.length, 2);
});

test("tells once that a feed cannot be read, tries less and less often, and goes on", async () => {
  await using site = await testSite();
  await using bed = await testbed(feeds, { config, patience });
  const { alice, clock } = bed;
  site.answer = (_, response) => void response.end(rss("News", "one"));
  await alice.says(`subscribe ${site.url}`);
  site.answer = (_, response) => void response.writeHead(500).end();
  const quarters = async (count: number): Promise<void> => {
    for (let passed = 0; passed < count; passed += 1) {
      await clock.advance("15m");
      await bed.idle();
    }
  };
  await quarters(7);
  await alice.hears("News cannot be read: the server answers 500. I go on trying, less and less often.");
  assert.equal(site.asked.length, 4);
  await quarters(8);
  await alice.hearsNothing();
  assert.equal(site.asked.length, 5);
  site.answer = (_, response) => void response.end(rss("News", "two", "one"));
  await quarters(16);
  await alice.hears("News:\n• two https://example.org/two");
});

test("refuses what is no feed, and says why", async () => {
  await using site = await testSite();
  await using bed = await testbed(feeds, { config, patience });
  const { alice } = bed;
  const refusal = async (path: string) => (await alice.says(`subscribe ${path}`)).body;
  assert.equal(await refusal(`${site.url}/`), "That cannot be subscribed to: the server answers 404.");
  site.answer = (_, response) => void response.end("<html><body>Welcome!</body></html>");
  assert.match(await refusal(`${site.url}/a`), /there is no RSS or Atom feed/);
  site.answer = (_, response) => void response.end("x".repeat(3 * 1024 * 1024));
  assert.match(await refusal(`${site.url}/b`), /it is too long/);
  site.answer = (_, response) => void response.writeHead(302, { location: "/again" }).end();
  assert.match(await refusal(`${site.url}/c`), /without an end/);
  assert.equal(site.asked.filter((path) => path === "/again").length, 5);
  assert.match(await refusal("ftp://example.org/feed"), /no address beginning with https/);
  assert.match(await refusal("https://me:secret@example.org/feed"), /a password in that address/);
});

test("does not reach into private networks, by address, by name, or by a redirect", async () => {
  await using site = await testSite();
  await using bed = await testbed(feeds, { config, patience });
  const port = new URL(site.url).port;
  const hidden = "That cannot be subscribed to: that address is not one of the public Internet.";
  for (const host of ["localhost", "127.0.0.2", "[::1]", "[::ffff:127.0.0.1]", "0x7f.0.0.2", "10.0.0.1"])
    (await bed.alice.says(`subscribe http://${host}:${port}/feed`)).expect(hidden);
  assert.deepEqual(site.asked, []);
  site.answer = (_, response) =>
    void response.writeHead(301, { location: `http://localhost:${port}/` }).end();
  (await bed.alice.says(`subscribe ${site.url}/feed`)).expect(hidden);
  assert.deepEqual(site.asked, ["/feed"]);
});

test("speaks the language that somebody has chosen, also of what is new", async () => {
  await using site = await testSite();
  await using bed = await testbed(feeds, { config, patience });
  const { alice, clock } = bed;
  let items = ["one"];
  site.answer = (_, response) => void response.writeHead(200).end(rss("News", ...items));
  await alice.says("language de");
  (await alice.says("list")).expect("Hier ist nichts abonniert.");
  (await alice.says(`subscribe ${site.url}/feed`)).expect(
    "News ist abonniert.\nDas Neueste: • one https://example.org/one",
  );
  items = ["7", "6", "5", "4", "3", "2", "one"];
  await clock.advance("15m");
  await alice.hears(/^News:\n.*\n… und 1 mehr$/s);
});
