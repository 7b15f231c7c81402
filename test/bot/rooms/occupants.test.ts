import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Occupants } from "../../../src/bot/index.ts";
import { Jid, Presence, readStanza } from "../../../src/stanza/index.ts";

const room = "lobby@rooms.example.org";

function seen(from: string, item = "affiliation='none' role='participant'", more = "", type = ""): Presence {
  const xml = `<presence from='${from}' ${type && `type='${type}'`}><x xmlns='http://jabber.org/protocol/muc#user'><item ${item}/>${more}</x></presence>`;
  return new Presence(readStanza(xml).element);
}

function after(...presences: Presence[]): Occupants {
  const occupants = new Occupants();
  for (const each of presences) occupants.observe(each);
  return occupants;
}

describe("the occupants of rooms", () => {
  const juliet = Jid.parse(`${room}/juliet`);
  const own = (): Presence => seen(`${room}/Bot`, undefined, "<status code='110'/>");
  const here = seen(String(juliet), "affiliation='admin' role='moderator' jid='juliet@example.org/x'");

  it("are known by what the room tells", () => {
    const { affiliation, role, jid } = after(here).get(juliet) ?? {};
    assert.deepEqual([affiliation, role, String(jid)], ["admin", "moderator", "juliet@example.org/x"]);
    assert.equal(after(here).get(Jid.parse(`${room}/Juliet`)), undefined);
    assert.equal(after(here).get(Jid.parse(room)), undefined);
  });

  it("are what was told last, and nobody once they are gone, renamed, or the bot is", () => {
    assert.equal(after(here, seen(String(juliet))).get(juliet)?.affiliation, "none");
    assert.equal(after(here, seen(String(juliet), "", "", "unavailable")).get(juliet), undefined);
    const renamed = seen(
      String(juliet),
      "nick='j' affiliation='none' role='none'",
      "<status code='303'/>",
      "unavailable",
    );
    assert.equal(after(here, renamed).get(juliet), undefined);
    const self = seen(
      `${room}/Bot`,
      "affiliation='none' role='none'",
      "<status code='110'/><status code='307'/>",
      "unavailable",
    );
    assert.equal(after(here, self).get(juliet), undefined);
    const selfRenamed = seen(
      `${room}/Bot`,
      "nick='B' role='none'",
      "<status code='110'/><status code='303'/>",
      "unavailable",
    );
    assert.ok(after(here, selfRenamed).get(juliet));
  });

  it("are not forgotten, nor all known, where the bot's nickname is not that of who says to be the bot", () => {
    const occupants = after(own(), here);
    const forged = `${room}/mallory`;
    occupants.observe(seen(forged, undefined, "<status code='110'/>"), undefined, false);
    occupants.observe(
      seen(forged, "role='none'", "<status code='110'/><status code='307'/>", "unavailable"),
      undefined,
      false,
    );
    assert.deepEqual(
      occupants.in(juliet).map(({ nick }) => nick),
      ["Bot", "juliet"],
    );
    const early = new Occupants();
    early.observe(seen(forged, undefined, "<status code='110'/>"), undefined, false);
    early.observe(here);
    assert.equal(early.isNewcomer(here), false, "the bot is still to be told who is there");
  });

  it("are known by the room's own id for them, unless that is of no sane length", () => {
    const withId = (id: string): Presence =>
      new Presence(
        readStanza(
          `<presence from='${juliet}'><x xmlns='http://jabber.org/protocol/muc#user'><item role='visitor'/></x><occupant-id xmlns='urn:xmpp:occupant-id:0' id='${id}'/></presence>`,
        ).element,
      );
    assert.deepEqual(after(withId("a1")).in(juliet.bare), [
      { nick: "juliet", affiliation: "none", role: "visitor", jid: undefined, id: "a1" },
    ]);
    assert.equal(after(withId("x".repeat(1_000))).get(juliet)?.id, undefined);
  });

  it("have joined if they come after the bot, and not if they were there, change, or come back to the bot's knowledge alone", () => {
    const occupants = new Occupants();
    const joins = (presence: Presence): boolean => {
      occupants.observe(presence);
      return occupants.isNewcomer(presence);
    };
    assert.equal(joins(seen(`${room}/romeo`)), false, "who was there before the bot");
    assert.equal(joins(own()), false, "the bot itself");
    assert.equal(joins(seen(String(juliet))), true);
    assert.equal(joins(seen(String(juliet), "role='moderator'")), false, "who is there");
    assert.equal(
      joins(seen("hall@rooms.example.org/nurse")),
      false,
      "who is in a room in which the bot is not yet",
    );
    assert.equal(joins(seen(String(juliet), "", "", "unavailable")), false);
    assert.equal(joins(seen(String(juliet))), true, "who comes back");
    occupants.forget(juliet);
    assert.equal(joins(seen(`${room}/romeo`)), false, "who was there when the bot comes back");
  });

  it("have not joined who go on under another nickname, and are known by it at once", () => {
    const occupants = after(own(), seen(String(juliet), "role='visitor' jid='juliet@example.org/x'"));
    occupants.observe(seen(String(juliet), "nick='j'", "<status code='303'/>", "unavailable"));
    assert.equal(String(occupants.get(Jid.parse(`${room}/j`))?.jid), "juliet@example.org/x");
    const renamed = seen(`${room}/j`, "role='visitor'");
    occupants.observe(renamed);
    assert.deepEqual([occupants.isNewcomer(renamed), occupants.before(renamed)], [false, undefined]);
    assert.deepEqual(
      occupants.in(juliet).map(({ nick }) => nick),
      ["Bot", "j"],
    );
  });

  it("have changed if their role or affiliation is another", () => {
    const occupants = after(own(), seen(String(juliet), "role='visitor' affiliation='none'"));
    const befores = [
      "role='visitor' affiliation='none'",
      "role='participant' affiliation='none'",
      "role='participant' affiliation='member'",
    ].map((item) => {
      const presence = seen(String(juliet), item);
      occupants.observe(presence);
      const before = occupants.before(presence);
      return before && [before.role, before.affiliation];
    });
    assert.deepEqual(befores, [undefined, ["visitor", "none"], ["participant", "none"]]);
  });

  it("have joined where stanzas race only if they come a while after the bot", () => {
    const occupants = new Occupants();
    const joins = (presence: Presence, now: number): boolean => {
      occupants.observe(presence, now);
      return occupants.isNewcomer(presence);
    };
    joins(own(), 1_000);
    assert.equal(joins(seen(`${room}/romeo`), 1_001), false);
    joins(own(), 5_000);
    assert.equal(joins(seen(String(juliet)), 6_000), true);
  });

  it("have not joined where stanzas race, and the new nickname overtakes that the old one is given up", () => {
    const occupants = new Occupants();
    const item = "role='visitor' jid='juliet@example.org/x'";
    occupants.observe(own(), 0);
    occupants.observe(seen(String(juliet), item), 10_000);
    const renamed = seen(`${room}/j`, item);
    occupants.observe(renamed, 10_001);
    assert.equal(occupants.isNewcomer(renamed), false);
    occupants.observe(seen(`${room}/j`, "role='moderator' jid='juliet@example.org/x'"), 10_002);
    occupants.observe(seen(String(juliet), "nick='j'", "<status code='303'/>", "unavailable"), 10_003);
    assert.deepEqual(
      occupants.in(juliet).map(({ nick, role }) => [nick, role]),
      [
        ["Bot", "participant"],
        ["j", "moderator"],
      ],
    );
    const nurse = seen(`${room}/nurse`, "role='visitor' jid='nurse@example.org/x'");
    occupants.observe(nurse, 10_004);
    assert.equal(occupants.isNewcomer(nurse), true);
  });

  it("have not joined where some were forgotten, as there are too many", () => {
    const occupants = new Occupants(2);
    const joins = (nick: string): boolean => {
      const presence = nick === "Bot" ? own() : seen(`${room}/${nick}`);
      occupants.observe(presence);
      return occupants.isNewcomer(presence);
    };
    assert.deepEqual(["Bot", "a", "b", "a", "c"].map(joins), [false, true, true, false, false]);
  });

  it("are not told of by other presence", () => {
    const plain = new Presence(readStanza(`<presence from='${juliet}'/>`).element);
    assert.equal(after(plain).get(juliet), undefined);
  });

  it("are no more than can be remembered; who was heard of least lately goes first", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(6), fc.boolean())), (events) => {
        const occupants = new Occupants(5);
        const names = new Set<string>();
        for (const [at, nick, leaves] of events) {
          const name = `r${at}@rooms.example.org/n${nick}`;
          names.add(name);
          occupants.observe(seen(name, undefined, "", leaves ? "unavailable" : ""));
          assert.equal(occupants.get(Jid.parse(name)) === undefined, leaves);
          assert.ok([...names].filter((each) => occupants.get(Jid.parse(each)) !== undefined).length <= 5);
        }
      }),
    );
  });
});
