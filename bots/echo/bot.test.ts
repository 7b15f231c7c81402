import { test } from "node:test";
import { testbed } from "restanza/testkit";
import echo from "./bot.ts";

test("says back what it hears", async () => {
  await using bed = await testbed(echo);
  (await bed.alice.says("Hello, echo")).expect("Hello, echo");
});

test("waits as long as it is asked to, within what is granted", async () => {
  await using bed = await testbed(echo, { config: { longestWait: 0.01 } });
  (await bed.alice.says("wait 3600 tea")).expect("tea");
});

test("answers in a room when it is called by name", async () => {
  await using bed = await testbed(echo);
  const { alice, room } = bed;
  const lobby = await room("lobby");
  (await alice.in(lobby).says("nobody is meant")).expect();
  (await alice.in(lobby).says("echo: is anybody there?")).expect("is anybody there?");
  (await alice.in(lobby).says("@echo how are you?")).expect("how are you?");
  (await alice.in(lobby).says("echo:")).expect();
});
