import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { entryText } from "../../../src/cli/dev/dev-log.ts";

const told = (entry: Omit<Parameters<typeof entryText>[0], "level">, level = 30): string =>
  stripVTControlCharacters(entryText({ level, ...entry }, "bots"));

test("what an entry of the log is about is told, where its words do not say it", () => {
  const bot = "poll@bots.example.org";
  assert.equal(told({ msg: "it was switched off", bot }), `✓ it was switched off (${bot})\n`);
  assert.equal(told({ msg: "poll was reloaded", bot }), "✓ poll was reloaded\n");
  const room = "lobby@rooms.example.org";
  assert.equal(
    told({ msg: "the bot is in a room", bot, room }),
    `✓ the bot is in a room (${bot}, ${room})\n`,
  );
  assert.equal(
    told({ msg: "bots have web hooks", bots: ["github", "builds"] }, 40),
    "! bots have web hooks\n  github builds\n",
  );
});

test("nothing that an entry has from others can rewrite the screen", () => {
  const text = told({ msg: "the bot is out of a room", room: "\u001b[2J@rooms.example.org" });
  assert.equal(text, "✓ the bot is out of a room (\\u{1b}[2J@rooms.example.org)\n");
});
