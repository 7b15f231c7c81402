import { test } from "node:test";
import { message } from "restanza/stanza";
import { testbed } from "restanza/testkit";
import hello from "./bot.ts";

test("greets people by name", async () => {
  await using bed = await testbed(hello, { config: { greeting: "Moin" } });
  (await bed.alice.says("Good morning!")).expect("Moin, alice!");
  (await bed.bob.says("What is this?")).expect("Say hello to me.");
});

test("greets occupants by their nicknames, and is silent otherwise", async () => {
  await using bed = await testbed(hello);
  const { alice, room } = bed;
  const lobby = await room("lobby");
  await alice.joins(lobby, "Lady A");
  (await alice.in(lobby).says("hi all")).expect("Hello, Lady A!");
  (await alice.in(lobby).says("nice weather")).expect();
});

test("speaks German with those who do", async () => {
  await using bed = await testbed(hello);
  const german = (body: string) => message({ type: "chat", lang: "de", body });
  (await bed.alice.to("hello").sends(german("Guten Tag"))).expect("Hallo, alice!");
  (await bed.alice.to("hello").sends(german("Was ist das?"))).expect("Sag hallo zu mir.");
});
