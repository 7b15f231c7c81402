import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pino } from "pino";
import help from "../../../bots/help/bot.ts";
import {
  type Bot,
  type Contact,
  type ContactOptions,
  Contacts,
  contactRules,
  defineBot,
  i18n,
} from "../../../src/bot/index.ts";
import { Jid, presence } from "../../../src/stanza/index.ts";
import { MemoryStore } from "../../../src/store/index.ts";
import { type Replies, type Testbed, testbed } from "../../../src/testkit/index.ts";
import { RecordingSender } from "../../dispatch/support.ts";

/** A bot with its contacts, as it sees them itself. */
function sociable(contacts: ContactOptions = {}): { readonly bot: Bot; readonly own: () => Contacts } {
  let own: Contacts | undefined;
  const bot = defineBot({
    name: "echo",
    summary: "says back",
    contacts,
    start: (started) => {
      own = started.contacts;
    },
    routes: (on) => void on.on("message:body", (ctx) => ctx.body),
  }) as Bot;
  return { bot, own: () => own ?? assert.fail("the bot has not started") };
}

/** What came, a word each: the type of a presence, or what was said. */
const told = (replies: Replies): string[] => [...replies].map(({ body, type }) => body ?? type);

async function all(contacts: Contacts): Promise<string[]> {
  const found: string[] = [];
  for await (const { jid, subscription } of contacts.list()) found.push(`${jid} ${subscription}`);
  return found;
}

/** A probe, as a person's server sends it when they come online. */
const probe = presence({ type: "probe" });

describe("who wants to be a contact", () => {
  it("is one where everybody may, is greeted once in their language, and is answered when their server asks", async () => {
    const { bot, own } = sociable({ greeting: { en: "Hello!", de: "Hallo!" } });
    await using bed = await testbed(bot);
    const { alice } = bed;
    assert.deepEqual(told(await alice.subscribes()), ["subscribed", "available", "Hello!"]);
    assert.deepEqual(await all(own()), ["alice@localhost from"]);
    // That they are one already is no news to their server.
    assert.deepEqual(told(await alice.subscribes()), ["available"]);
    assert.deepEqual(told(await alice.sends(probe)), ["available"]);
    assert.deepEqual(told(await alice.sends(presence({ type: "unsubscribe" }))), ["unavailable"]);
    assert.deepEqual(await all(own()), []);
    assert.deepEqual(told(await alice.subscribes()), ["subscribed", "available"]);
    const german = presence({ type: "subscribe", lang: "de-AT" });
    assert.deepEqual(told(await bed.bob.sends(german)), ["subscribed", "available", "Hallo!"]);
  });

  it("is greeted in the language that they have chosen, whatever their client says", async () => {
    const speech = i18n({ catalogues: { en: {}, de: {} }, fallback: "en" });
    const bot = defineBot({
      name: "echo",
      summary: "greets",
      contacts: { greeting: { en: "Hello!", de: "Hallo!" } },
      routes: (on) => void on.extend(speech).command(speech.command),
    });
    await using bed = await testbed(bot);
    await bed.alice.says("language de");
    assert.deepEqual(told(await bed.alice.subscribes()), ["subscribed", "available", "Hallo!"]);
  });

  it("is none where nobody may, nor is who was not listed; their server hears nothing when it asks", async () => {
    for (const policy of ["refuse", { allow: ["bob@localhost", "example.com"] }] as const) {
      const { bot, own } = sociable({ policy });
      await using bed = await testbed(bot);
      assert.deepEqual(told(await bed.alice.subscribes()), ["unsubscribed"]);
      assert.deepEqual(told(await bed.alice.sends(probe)), []);
      const isListed = policy !== "refuse";
      assert.deepEqual(
        told(await bed.bob.subscribes()),
        isListed ? ["subscribed", "available"] : ["unsubscribed"],
      );
      assert.deepEqual(await all(own()), isListed ? ["bob@localhost from"] : []);
    }
  });

  it("is one whatever the policy says, where the bot's own handler lets them in", async () => {
    let own: Contacts | undefined;
    const bot = defineBot({
      name: "echo",
      summary: "lets Alice in",
      contacts: { policy: "refuse" },
      routes: (on) =>
        void on.on("presence:subscribe", async (ctx, next) => {
          own = ctx.bot.contacts;
          if (ctx.from.local === "alice") await own.accept(ctx.from);
          return next();
        }),
    });
    await using bed = await testbed(bot);
    assert.deepEqual(told(await bed.alice.subscribes()), ["subscribed", "available"]);
    assert.deepEqual(told(await bed.bob.subscribes()), ["unsubscribed"]);
    assert.deepEqual(await all(own ?? assert.fail()), ["alice@localhost from"]);
  });

  it("stays one through a restart", async () => {
    const { bot, own } = sociable({ policy: "accept" });
    await using bed = await testbed(bot);
    await bed.alice.subscribes();
    await bed.restart();
    assert.deepEqual(await all(own()), ["alice@localhost from"]);
    await bed.alice.hears(({ type }) => type === "available");
    assert.deepEqual(told(await bed.alice.sends(probe)), ["available"]);
  });
});

describe("a bot that asks its admins", () => {
  const admins = { groups: { admins: ["carol@localhost", "example.com"] } };
  const begin = async (): Promise<{ bed: Testbed; own: () => Contacts }> => {
    const { bot, own } = sociable({ policy: "ask" });
    return { bed: await testbed([bot, help as Bot], { permissions: admins }), own };
  };

  it("lets them in themselves without a question, but not who only has their nickname or their domain", async () => {
    const { bed, own } = await begin();
    await using _ = bed;
    assert.deepEqual(told(await bed.carol.to("echo").subscribes()), ["subscribed", "available"]);
    assert.deepEqual(await all(own()), ["carol@localhost from"]);
    assert.deepEqual(
      ["carol@localhost", "carol@example.com", "example.com"].map((jid) => own().judge(Jid.parse(jid))),
      ["accept", "ask", "ask"],
    );
  });

  it("has one of them decide, tells who asked, and asks once", async () => {
    const { bed, own } = await begin();
    await using _ = bed;
    const { alice, bob, carol } = bed;
    (await alice.to("echo").subscribes()).expect(
      "I have asked those who run me whether you may add me. You will hear from me.",
    );
    const { from } = await carol.hears(
      "alice@localhost wants to add echo@bots.localhost. Write “accept echo alice@localhost” or “refuse echo alice@localhost”; “requests” lists all who wait.",
    );
    assert.equal(String(from), "bots.localhost");
    assert.deepEqual(told(await alice.to("echo").subscribes()), []);
    await carol.hearsNothing();
    await bed.restart();
    assert.equal((await carol.to("help").says("requests")).body, "echo: alice@localhost, since Jan 5, 2026");
    (await carol.to("help").says("accept echo alice@localhost")).expect(
      "alice@localhost has echo as a contact now.",
    );
    for (const type of ["subscribed", "available"]) await alice.hears((each) => each.type === type);
    await alice.hears("You may see when I am here now.");
    assert.deepEqual(await all(own()), ["alice@localhost from"]);
    assert.equal((await carol.to("help").says("requests")).body, "Nobody waits.");

    await bob.to("echo").subscribes();
    (await carol.to("help").says("refuse echo bob@localhost")).expect(
      "bob@localhost does not have echo as a contact.",
    );
    await bob.hears(({ type }) => type === "unsubscribed");
    await bob.hears("Sorry, I am not here for everybody, so you cannot add me.");
    await carol.hears(/bob@localhost wants/);
    // That was the answer, and nobody is asked again.
    assert.deepEqual(told(await bob.to("echo").subscribes()), ["unsubscribed"]);
    await carol.hearsNothing();
  });

  it("lets in at once whom it was told to, and throws out whom it was told to", async () => {
    const { bed, own } = await begin();
    await using _ = bed;
    const { alice, carol } = bed;
    (await carol.to("help").says("accept echo alice@localhost")).expect("alice@localhost may add echo.");
    assert.deepEqual(told(await alice.to("echo").subscribes()), ["subscribed", "available"]);
    (await carol.to("help").says("refuse echo alice@localhost")).expect(
      "alice@localhost does not have echo as a contact.",
    );
    for (const type of ["unsubscribed", "unavailable"]) await alice.hears((each) => each.type === type);
    assert.deepEqual(await all(own()), []);
    (await carol.to("help").says("refuse echo alice@localhost")).expect(
      "alice@localhost did not want to add echo.",
    );
    for (const action of ["accept", "refuse"])
      (await carol.to("help").says(`${action} nobody alice@localhost`)).expect(
        "There is no bot called nobody here.",
      );
    await carol.to("help").says("language de");
    (await carol.to("help").says("requests")).expect("Niemand wartet.");
    await bed.bob.to("echo").subscribes();
    await carol.hears(
      /^bob@localhost möchte echo@bots\.localhost hinzufügen\. Schreib „accept echo bob@localhost“/,
    );
  });

  it("has at most a hundred wait", async () => {
    const { bot, own } = sociable({ policy: "ask" });
    await using bed = await testbed([bot, help as Bot], { failures: "tell" });
    for (let count = 0; count < 100; count += 1) await bed.user(`user${count}`).to("echo").subscribes();
    assert.deepEqual(told(await bed.alice.to("echo").subscribes()), ["unsubscribed"]);
    assert.equal((await own().requests()).length, 100);
  });

  it("leaves room for others where many of one domain elsewhere ask, and does not fill the log with them", async () => {
    const log: string[] = [];
    const warnings = pino({ level: "warn" }, { write: (line: string) => void log.push(line) });
    const contacts = new Contacts({
      bot: Jid.parse("echo@bots.example.com"),
      sender: new RecordingSender(),
      askAdmins: async () => true,
      log: warnings,
    });
    contacts.configure(contactRules({ policy: "ask" }), undefined);
    const wish = async (from: string): Promise<void> => {
      await contacts.answerWish(presence({ type: "subscribe", from }), Jid.parse(from));
    };
    for (let count = 0; count < 60; count += 1) await wish(`user${count}@attacker.example`);
    assert.equal((await contacts.requests()).length, 25);
    assert.equal(log.length, 1);
    assert.match(log[0] ?? "", /25 of attacker\.example wait/);
    await wish("juliet@example.net");
    for (let count = 0; count < 30; count += 1) await wish(`user${count}@example.com`);
    assert.equal((await contacts.requests()).length, 56);
  });
});

describe("a bot that everybody wants to have as a contact", () => {
  it("has so many at most, and those go on", async () => {
    const store = new MemoryStore();
    const sender = new RecordingSender();
    const contacts = new Contacts({ bot: Jid.parse("echo@bots.example.net"), sender, store, most: 2 });
    const answered = async (to: Contacts, who: string, type: "subscribe" | "probe"): Promise<unknown> => {
      sender.sent.length = 0;
      const wish = presence({ type, from: who });
      await (type === "subscribe"
        ? to.answerWish(wish, Jid.parse(who))
        : to.answerProbe(wish, Jid.parse(who)));
      return sender.sent[0]?.type;
    };
    assert.equal(await answered(contacts, "juliet@example.net", "subscribe"), "subscribed");
    assert.equal(await answered(contacts, "tybalt@example.net", "subscribe"), "subscribed");
    assert.equal(await answered(contacts, "romeo@example.net", "subscribe"), "unsubscribed");
    assert.equal(await answered(contacts, "juliet@example.net", "subscribe"), "subscribed");
    // Another process counts those that are there.
    const other = new Contacts({ bot: Jid.parse("echo@bots.example.net"), sender, store, most: 2 });
    assert.equal(await answered(other, "romeo@example.net", "probe"), "unsubscribed");
    assert.equal(await answered(other, "juliet@example.net", "probe"), "available");
  });

  it("keeps half of the places from the accounts of any one domain elsewhere, and its subdomains", async () => {
    const clock = { now: () => now, after: () => () => undefined };
    let now = 0;
    const store = new MemoryStore();
    const sender = new RecordingSender();
    const bot = Jid.parse("echo@bots.example.net");
    const lines: string[] = [];
    const log = pino({}, { write: (line: string) => void lines.push(line) });
    const contacts = new Contacts({ bot, sender, store, clock, log, most: 6 });
    const wish = async (who: string, type: "subscribe" | "probe" = "subscribe"): Promise<unknown> => {
      sender.sent.length = 0;
      const stanza = presence({ type, from: who });
      if (type === "subscribe") await contacts.answerWish(stanza, Jid.parse(who));
      else await contacts.answerProbe(stanza, Jid.parse(who));
      return sender.sent[0]?.type;
    };
    for (const who of ["1@evil.example", "2@evil.example", "3@a.evil.example"])
      assert.equal(await wish(who), "subscribed");
    assert.equal(await wish("4@evil.example"), "unsubscribed");
    assert.equal(await wish("5@b.evil.example", "probe"), "unsubscribed");
    assert.ok(
      lines.some((line) => line.includes("there are 3 contacts of evil.example, so nobody else of there")),
    );
    assert.equal(await wish("1@evil.example"), "subscribed", "who is one goes on");
    assert.equal(await wish("juliet@example.org"), "subscribed");
    // Whom an admin lets is no invention.
    await contacts.accept("6@evil.example");
    assert.equal(await wish("6@evil.example"), "subscribed");
    // Another process knows as much.
    const other = new Contacts({ bot, sender, store, clock, most: 6 });
    sender.sent.length = 0;
    await other.answerWish(presence({ type: "subscribe" }), Jid.parse("7@evil.example"));
    assert.equal(sender.sent[0]?.type, "unsubscribed");
    // Places come free.
    for (const who of ["1@evil.example", "2@evil.example"]) await contacts.refuse(who);
    now = 60_000;
    assert.equal(await wish("8@evil.example"), "subscribed");
    for (const who of ["romeo@example.net", "nurse@example.net"]) assert.equal(await wish(who), "subscribed");
    assert.equal(await wish("paris@example.net"), "unsubscribed", "all are taken");
  });

  it("notices that some of them have gone", async () => {
    const clock = { now: () => now, after: () => () => undefined };
    let now = 0;
    const sender = new RecordingSender();
    const bot = Jid.parse("echo@bots.example.net");
    const contacts = new Contacts({ bot, sender, clock, most: 3 });
    contacts.configure(contactRules({ greeting: "Hello!" }), undefined);
    const does = async (who: string, type: "subscribe" | "unsubscribe"): Promise<unknown> => {
      sender.sent.length = 0;
      const stanza = presence({ type, from: who });
      if (type === "subscribe") await contacts.answerWish(stanza, Jid.parse(who));
      else await contacts.observe(stanza, Jid.parse(who));
      return sender.sent[0]?.type;
    };
    // One person alone, and some who have only been greeted.
    for (const who of ["iago@example.net", "tybalt@example.net", "iago@example.net"]) {
      assert.equal(await does(who, "subscribe"), "subscribed");
      await does(who, "unsubscribe");
    }
    now = 60_000;
    for (const who of ["juliet", "romeo", "paris"])
      assert.equal(await does(`${who}@example.net`, "subscribe"), "subscribed");
    assert.equal(await does("tybalt@example.net", "subscribe"), "unsubscribed");
  });
});

describe("who has an address that servers let through and RFC 7622 does not", () => {
  const heart = Jid.fromWire("♥@example.net");
  const begin = (policy: "accept" | "ask") => {
    const sender = new RecordingSender();
    const bot = Jid.parse("echo@bots.example");
    const contacts = new Contacts({ bot, sender, askAdmins: async () => true });
    contacts.configure(contactRules({ policy }), undefined);
    const wish = async (from: Jid): Promise<void> => {
      await contacts.answerWish(presence({ type: "subscribe", from }), from);
    };
    return { contacts, sender, wish };
  };

  it("is a contact like others, who do not suffer from it", async () => {
    const { contacts, sender, wish } = begin("accept");
    for (const from of [Jid.parse("zoe@example.net"), heart, Jid.parse("amy@example.net")]) await wish(from);
    assert.deepEqual(await all(contacts), [
      "amy@example.net from",
      "zoe@example.net from",
      "♥@example.net from",
    ]);
    await contacts.subscribe(heart);
    await contacts.observe(presence({ type: "subscribed", from: heart }), heart);
    sender.sent.length = 0;
    contacts.begin("a life");
    await contacts.announce();
    await contacts.depart();
    assert.deepEqual(
      sender.sent.map(({ type, to }) => `${type} ${to}`).filter((each) => each.endsWith(String(heart))),
      [`available ${heart}`, `probe ${heart}`, `unavailable ${heart}`],
    );
    assert.equal(sender.sent.length, 7);
  });

  it("waits for an admin like others", async () => {
    const { contacts, wish } = begin("ask");
    await wish(heart);
    await wish(Jid.parse("amy@example.net"));
    assert.deepEqual(
      (await contacts.requests()).map(({ jid }) => String(jid)),
      ["amy@example.net", "♥@example.net"],
    );
    assert.equal(await contacts.accept(heart), true);
  });
});

describe("whom a bot sees", () => {
  it("is nobody that it has not asked", async () => {
    const contacts = new Contacts({ bot: Jid.parse("echo@bots.example"), sender: new RecordingSender() });
    const juliet = Jid.parse("juliet@example.com");
    await contacts.answerWish(presence({ type: "subscribe", from: juliet }), juliet);
    await contacts.observe(presence({ type: "subscribed", from: juliet }), juliet);
    await contacts.observe(presence({ from: juliet.withResource("balcony") }), juliet);
    const { subscription, online } = (await contacts.get(juliet)) ?? assert.fail();
    assert.deepEqual([subscription, online], ["from", false]);
  });

  const online = ({ online: is, resources }: Contact): unknown => [
    is,
    resources.map(({ resource, show, status, priority }) => [resource, show, status, priority]),
  ];

  it("is known with all clients once they let it, until they do not any more", async () => {
    const { bot, own } = sociable();
    await using bed = await testbed(bot);
    const { alice } = bed;
    const known = async (): Promise<Contact> => (await own().get(alice.jid)) ?? assert.fail();
    // What nobody asked for is not believed, and who is no contact is not remembered.
    alice.send(presence({ type: "subscribed", to: "echo@bots.localhost" }));
    alice.send(presence({ to: "echo@bots.localhost", show: "away" }));
    await bed.idle();
    assert.equal(await own().get(alice.jid), undefined);

    await own().subscribe(alice.jid);
    await bed.idle();
    assert.equal((await known()).asked, true);
    alice.send(presence({ type: "subscribed", to: "echo@bots.localhost" }));
    await bed.idle();
    const { subscription, asked, ...rest } = await known();
    assert.deepEqual([subscription, asked], ["to", false]);
    assert.deepEqual(online(rest as Contact), [true, [["phone", undefined, undefined, 0]]]);
    alice.send(presence({ show: "dnd", status: "busy", priority: 5 }));
    await bed.idle();
    assert.deepEqual(online(await known()), [true, [["phone", "dnd", "busy", 5]]]);
    alice.send(presence({ type: "unavailable" }));
    await bed.idle();
    assert.deepEqual(online(await known()), [false, []]);
    alice.send(presence());
    await bed.idle();
    await own().unsubscribe(alice.jid);
    assert.equal(await own().get(alice.jid), undefined);
  });

  it("is asked for again after a restart, as nobody has told meanwhile", async () => {
    const { bot, own } = sociable();
    await using bed = await testbed(bot);
    const { alice } = bed;
    await own().subscribe(alice.jid);
    await bed.idle();
    alice.send(presence({ type: "subscribed", to: "echo@bots.localhost" }));
    await bed.idle();
    assert.equal((await own().get(alice.jid))?.online, true);
    await bed.restart();
    assert.equal((await own().get(alice.jid))?.online, true);
    alice.send(presence({ type: "unsubscribed", to: "echo@bots.localhost" }));
    await bed.idle();
    assert.equal(await own().get(alice.jid), undefined);
  });

  it("is known by the time that a handler is told", async () => {
    const seen: string[] = [];
    const bot = defineBot({
      name: "echo",
      summary: "looks around",
      contacts: { mutual: true },
      routes(on) {
        on.on(
          ["presence:available", "presence:unavailable", "presence:subscribed", "presence:unsubscribed"],
          async ({ stanza, from, bot: { contacts } }) => {
            const { subscription, online = false } = (await contacts.get(from)) ?? {};
            seen.push(`${stanza.type}: ${subscription} ${online ? "online" : "offline"}`);
          },
        );
        on.on("presence:contact", () => assert.fail("what was handled is not handed on"));
      },
    });
    await using bed = await testbed(bot);
    const { alice } = bed;
    await alice.subscribes();
    for (const type of ["subscribed", "unsubscribed"] as const) {
      alice.send(presence({ type, to: "echo@bots.localhost" }));
      await bed.idle();
    }
    assert.deepEqual(seen, [
      // Of her server, as she has not decided.
      "unavailable: from offline",
      "subscribed: both offline",
      "available: both online",
      "unsubscribed: from offline",
      "unavailable: from offline",
    ]);
  });

  it("is asked to be seen, where the bot wants that of its contacts", async () => {
    const { bot, own } = sociable({ mutual: true });
    await using bed = await testbed(bot);
    assert.deepEqual(told(await bed.alice.subscribes()), ["subscribed", "available", "subscribe"]);
    bed.alice.send(presence({ type: "subscribed", to: "echo@bots.localhost" }));
    await bed.idle();
    assert.deepEqual(await all(own()), ["alice@localhost both"]);
    await own().remove(bed.alice.jid);
    await bed.idle();
    assert.deepEqual(await all(own()), []);
    const seen: string[] = [];
    for (const type of ["unsubscribed", "unavailable"])
      seen.push((await bed.alice.hears((each) => each.type === type)).type);
    assert.deepEqual(seen, ["unsubscribed", "unavailable"]);
  });
});
