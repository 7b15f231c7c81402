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
