import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defineBot } from "restanza";
import { testbed } from "restanza/testkit";
import { EXPLAINED_FOR, recordOf } from "../../src/services/encrypted.ts";
import { services } from "../../src/services/index.ts";
import { el, message, readXml } from "../../src/stanza/index.ts";
import { type Clock, MemoryStore } from "../../src/store/index.ts";
import { stanza, world } from "../dispatch/support.ts";

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
    const german = message({ type: "chat", lang: "de", body: "?OTRv23?" });
    (await bob.sends(german)).expect(/^Deine Nachricht war verschlüsselt \(OTR\), und/);
  });

  it("is passed over in silence where it says nothing, is not to be kept, or is no talk", async () => {
    await using bed = await testbed(parrot);
    const { alice } = bed;
    for (const quiet of [
      message({ type: "chat" }, omemo(""), store()),
      message({ type: "chat" }, omemo(), store("no-store")),
      message({ type: "headline", body: OMEMO_BODY }, omemo()),
      message({ type: "error", body: OMEMO_BODY }, omemo()),
    ])
      (await alice.sends(quiet)).expect();
    (await alice.says(OMEMO_BODY, omemo())).expect(/OMEMO/);
  });

  it("is passed over in silence in a room, also where it is private", async () => {
    await using bed = await testbed(parrot);
    const { alice } = bed;
    const room = await bed.room("lobby");
    await alice.joins(room);
    (await alice.in(room).says(OMEMO_BODY, omemo())).expect();
    (await alice.to(room.jid.withResource("parrot")).says(OMEMO_BODY, omemo())).expect();
  });

  it("answers no question, which stays open", async () => {
    const clerk = defineBot({
      name: "clerk",
      summary: "asks",
      routes(bot) {
        const order = bot.dialog("order", async (d) => `To ${await d.ask("Which city?")}.`);
        bot.hears("order", (ctx) => order.start(ctx));
      },
    });
    await using bed = await testbed(clerk);
    const { alice } = bed;
    (await alice.says("order")).expect("Which city?");
    (await alice.says(OMEMO_BODY, omemo())).expect(/OMEMO/);
    (await alice.says("Verona")).expect("To Verona.");
  });

  it("is no command, whatever its body begins with", async () => {
    const clerk = defineBot({
      name: "clerk",
      summary: "says hello",
      routes: (bot) => void bot.command({ name: "i", summary: "says who you are", run: () => "You!" }),
    });
    await using bed = await testbed(clerk);
    (await bed.alice.says(OMEMO_BODY, omemo())).expect(/OMEMO/);
    (await bed.alice.says("i")).expect("You!");
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

  it("is explained to no more people in a day than there is room for", async () => {
    let now = 1_000_000;
    const clock: Clock = { now: () => now, after: () => () => undefined };
    const store = new MemoryStore({ clock: () => now });
    const { dispatcher, bot } = world({ echo: () => undefined }, { store, clock, fallback: services() });
    const tell = async (people: readonly string[]): Promise<number> => {
      let told = 0;
      for (const person of people) {
        const it = `<message type='chat' id='1' from='${person}/a' to='echo@bots.example'><body>?OTR?</body></message>`;
        if ((await dispatcher.dispatch(stanza(it))).kind === "reply") told += 1;
      }
      return told;
    };
    const kept = async (): Promise<number[]> => {
      const records = await store.list(`bot ${bot("echo").jid} encrypted`, { limit: 10 });
      return records.map(({ value }) => Object.keys(value as object).length);
    };
    const people = ofOneRecord(40);
    assert.equal(await tell(people.slice(0, 10)), 10);
    now += EXPLAINED_FOR / 2;
    assert.equal(await tell(people.slice(0, 20)), 6);
    assert.deepEqual(await kept(), [16]);
    now += EXPLAINED_FOR / 2;
    assert.equal(await tell(people.slice(20)), 10);
    assert.deepEqual(await kept(), [16]);
  });
});

/** People of whom it is kept in one record that they were told. */
function ofOneRecord(count: number): string[] {
  const people: string[] = [];
  for (let number = 0; people.length < count; number += 1) {
    const person = `p${number}@example.org`;
    if (recordOf(person).record === "7") people.push(person);
  }
  return people;
}
