import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defineBot } from "restanza";
import { testbed } from "restanza/testkit";
import { EXPLAINED_FOR } from "../../src/services/encrypted.ts";
import { el, message, readXml } from "../../src/stanza/index.ts";

const parrot = defineBot({
  name: "parrot",
  summary: "says back what you say",
  routes(bot) {
    bot.on("message:body", (ctx) => ctx.body);
  },
});

const omemo = (payload = "<payload>x</payload>") =>
  readXml(`<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'/>${payload}</encrypted>`);
const store = (hint = "store") => el(hint, { xmlns: "urn:xmpp:hints" });
const OMEMO_BODY = "I sent you an OMEMO encrypted message but your client doesn't seem to support that.";

describe("an encrypted message", () => {
  it("is answered with an explanation, once a day", async () => {
    await using bed = await testbed(parrot);
    const { alice, bob, clock } = bed;
    (await alice.says(OMEMO_BODY, omemo(), store())).expect(
      /^Your message was encrypted \(OMEMO\), and I cannot/,
    );
    (await alice.says(OMEMO_BODY, omemo(), store())).expect();
    (await alice.says("hello")).expect("hello");
    (await bob.says(OMEMO_BODY, omemo())).expect(/OMEMO/);
    await clock.advance(EXPLAINED_FOR - 1);
    (await bob.says(OMEMO_BODY, omemo())).expect();
    await clock.advance(2);
    (await bob.says(OMEMO_BODY, omemo())).expect(/OMEMO/);
  });

  it("is explained in the sender's language, and by no words of theirs", async () => {
    await using bed = await testbed(parrot);
    const { alice, bob } = bed;
    const mine = el("encryption", { xmlns: "urn:xmpp:eme:0", namespace: "urn:x", name: "visit example.org" });
    (await alice.says("a", mine)).expect(
      "Your message was encrypted, and I cannot read that. Please switch encryption off for our chat, and write it again.",
    );
    const german = message({ type: "chat", to: "parrot@bots.example", lang: "de", body: "?OTRv23?" });
    (await bob.sends(german)).expect(/^Deine Nachricht war verschlüsselt \(OTR\), und/);
  });

  it("is passed over in silence where it says nothing, is not to be kept, or is no talk", async () => {
    await using bed = await testbed(parrot);
    const { alice } = bed;
    const to = "parrot@bots.example";
    for (const quiet of [
      message({ type: "chat", to }, omemo(""), store()),
      message({ type: "chat", to }, omemo(), store("no-store")),
      message({ type: "headline", to, body: OMEMO_BODY }, omemo()),
      message({ type: "error", to, body: OMEMO_BODY }, omemo()),
    ])
      (await alice.sends(quiet)).expect();
    (await alice.says(OMEMO_BODY, omemo())).expect(/OMEMO/);
  });

  it("is passed over in silence in a room, also where it is private", async () => {
    const guest = defineBot({
      ...parrot,
      start: async (bot) => void (await bot.rooms.join("lobby@rooms.example", "parrot")),
    });
    await using bed = await testbed(guest);
    const { alice } = bed;
    const room = bed.room("lobby");
    await alice.joins(room);
    (await alice.in(room).says(OMEMO_BODY, omemo())).expect();
    (await alice.to("lobby@rooms.example/parrot").says(OMEMO_BODY, omemo())).expect();
  });

  it("is its author's to answer where they want to", async () => {
    const reader = defineBot({
      name: "reader",
      summary: "reads everything",
      routes: (bot) => void bot.on("message:encrypted", (ctx) => `${ctx.encryption.name}!`),
    });
    await using bed = await testbed(reader);
    (await bed.alice.says(OMEMO_BODY, omemo())).expect("OMEMO!");
  });

  it("is explained to no more people in a day than there is room for, and kept in no more records than there are", async () => {
    const { Records } = await import("./many-people.ts");
    const { explained, records, most } = await Records.of(3_000);
    assert.ok(explained > 2_900 && records <= 1_024 && most <= 16);
  });
});
