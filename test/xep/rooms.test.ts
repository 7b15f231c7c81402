import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Iq, Jid, readXml, StanzaError, type StanzaErrorCondition } from "../../src/stanza/index.ts";
import {
  type Attendance,
  buildDirectInvitation,
  buildMediatedInvitation,
  buildRoomDestruction,
  type Departure,
  NS_DIRECT_INVITATION,
  NS_MUC_USER,
  readInvitation,
  readMentions,
  readOccupant,
  readRoomEnd,
  readRoomList,
  readSelfPing,
} from "../../src/xep/index.ts";
import { child, holding, message, presence, written } from "./support.ts";

const user = (inside: string): string => `<x xmlns='http://jabber.org/protocol/muc#user'>${inside}</x>`;

describe("invitations", () => {
  const room = Jid.parse("darkcave@macbeth.shakespeare.lit");
  const reason = "Hey Hecate, this is the place for all good witches!";

  it("that come directly (XEP-0249 §2)", () => {
    const example = message(`<message from='crone1@shakespeare.lit/desktop' to='hecate@shakespeare.lit'>
      <x xmlns='jabber:x:conference' jid='darkcave@macbeth.shakespeare.lit' password='cauldronburn' reason='${reason}'/>
    </message>`);
    const from = Jid.parse("crone1@shakespeare.lit/desktop");
    assert.deepEqual(readInvitation(example), {
      room,
      from,
      reason,
      password: "cauldronburn",
      mediated: false,
    });
    assert.equal(
      written(buildDirectInvitation(room, { reason, password: "cauldronburn" })),
      child(example, "x", NS_DIRECT_INVITATION),
    );
  });

  it("that a room passes on (XEP-0045 §7.8.2), with both kinds in one message", () => {
    const invite = `<invite from='crone1@shakespeare.lit/desktop'><reason>${reason}</reason></invite>`;
    const example = message(`<message from='darkcave@macbeth.shakespeare.lit' to='hecate@shakespeare.lit'>
      ${user(`${invite}<password>cauldronburn</password>`)}
      <x xmlns='jabber:x:conference' jid='darkcave@macbeth.shakespeare.lit'/>
    </message>`);
    const from = Jid.parse("crone1@shakespeare.lit/desktop");
    assert.deepEqual(readInvitation(example), {
      room,
      from,
      reason,
      password: "cauldronburn",
      mediated: true,
    });
  });

  it("are asked for at the room", () => {
    const example = message(`<message to='darkcave@macbeth.shakespeare.lit'>
      ${user(`<invite to='hecate@shakespeare.lit'><reason>${reason}</reason></invite>`)}
    </message>`);
    assert.equal(
      written(buildMediatedInvitation(Jid.parse("hecate@shakespeare.lit"), reason)),
      child(example, "x", NS_MUC_USER),
    );
  });

  it("are asked for at the room to go on with a chat there (§7.9)", () => {
    const thread = "e0ffe42b28561960c6b12b944a092794b9683a38";
    const example = message(`<message to='darkcave@macbeth.shakespeare.lit'>
      ${user(`<invite to='hecate@shakespeare.lit'><reason>${reason}</reason><continue thread='${thread}'/></invite>`)}
    </message>`);
    assert.equal(
      written(buildMediatedInvitation(Jid.parse("hecate@shakespeare.lit"), reason, { thread })),
      child(example, "x", NS_MUC_USER),
    );
  });

  it("are none where an occupant has written one, or no room is named", () => {
    const forged = `<message from='room@muc.example/mallory' to='bot@b.example'>${user("<invite from='a@b.example'/>")}</message>`;
    assert.equal(readInvitation(message(forged)), undefined);
    for (const jid of ["", "jid='@'", "jid='room@muc.example/nick'"])
      assert.equal(readInvitation(holding(`<x xmlns='jabber:x:conference' ${jid}/>`)), undefined, jid);
  });
});

describe("XEP-0045: occupants", () => {
  const from = "from='darkcave@chat.shakespeare.lit/thirdwitch' to='crone1@shakespeare.lit/desktop'";

  it("are told of with their role, and who they are where the room tells (§7.2.2)", () => {
    const example = presence(
      `<presence ${from}>${user("<item affiliation='member' role='participant' jid='hag66@shakespeare.lit/pda'/><status code='110'/>")}</presence>`,
    );
    assert.deepEqual(readOccupant(example), {
      room: Jid.parse("darkcave@chat.shakespeare.lit"),
      nick: "thirdwitch",
      affiliation: "member",
      role: "participant",
      jid: Jid.parse("hag66@shakespeare.lit/pda"),
      id: undefined,
      self: true,
      departure: undefined,
      newNick: undefined,
      actor: undefined,
      reason: undefined,
      venue: undefined,
    });
  });

  it("have nothing but a nickname where a room says no more, or nonsense", () => {
    const bare = readOccupant(
      presence(`<presence ${from}>${user("<item affiliation='king' role=''/>")}</presence>`),
    );
    assert.deepEqual([bare?.affiliation, bare?.role, bare?.self], ["none", "none", false]);
  });

  const table: readonly (readonly [Departure, string])[] = [
    ["left", "<item affiliation='member' role='none'/>"],
    ["renamed", "<item nick='oldhag'/><status code='303'/>"],
    [
      "kicked",
      "<item role='none'><actor nick='Fluellen'/><reason>Avaunt, you cullion!</reason></item><status code='307'/>",
    ],
    ["banned", "<item affiliation='outcast' role='none'/><status code='301'/>"],
    ["affiliation", "<item role='none'/><status code='321'/>"],
    ["members-only", "<item role='none'/><status code='322'/>"],
    ["shutdown", "<item role='none'/><status code='332'/>"],
    ["error", "<item role='none'/><status code='333'/><status code='307'/>"],
    [
      "destroyed",
      "<item role='none'/><destroy jid='coven@chat.shakespeare.lit'><reason>Macbeth doth come.</reason></destroy>",
    ],
  ];
  for (const [departure, inside] of table) {
    it(`are gone for the reason "${departure}"`, () => {
      const gone = readOccupant(presence(`<presence type='unavailable' ${from}>${user(inside)}</presence>`));
      assert.equal(gone?.departure, departure);
      assert.equal(gone?.newNick, departure === "renamed" ? "oldhag" : undefined);
      assert.equal(gone?.actor, departure === "kicked" ? "Fluellen" : undefined);
      const reasons: Partial<Record<Departure, string>> = {
        kicked: "Avaunt, you cullion!",
        destroyed: "Macbeth doth come.",
      };
      assert.equal(gone?.reason, reasons[departure]);
    });
  }

  it("are told of by nobody else", () => {
    for (const other of [
      `<presence ${from}/>`,
      `<presence from='room@muc.example'>${user("<item/>")}</presence>`,
      `<presence type='error' ${from}>${user("<item/>")}<error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>`,
    ])
      assert.equal(readOccupant(presence(other)), undefined, other);
  });
});

describe("XEP-0045: lists and ends of rooms", () => {
  it("tell who is meant, though what they are is nonsense", () => {
    const list = readRoomList(
      new Iq(
        readXml(`<iq type='result' id='member3'>
          <query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='king' jid='hecate@shakespeare.lit'/></query>
        </iq>`),
      ),
    );
    assert.equal(list?.length, 1);
    assert.equal(String(list?.[0]?.jid), "hecate@shakespeare.lit");
    assert.deepEqual([list?.[0]?.affiliation, list?.[0]?.role], [undefined, undefined]);
  });

  it("tell what the other room wants to hear at the door (§10.9)", () => {
    const end = buildRoomDestruction({ venue: Jid.parse("coven@chat.shakespeare.lit"), password: "open" });
    const destroy = end.child("destroy");
    assert.equal(destroy && readRoomEnd(destroy).password, "open");
  });
});

describe("XEP-0410: a ping to one's own nickname", () => {
  const table: readonly (readonly [StanzaErrorCondition | undefined, Attendance, string])[] = [
    [undefined, "in", "one has answered"],
    ["service-unavailable", "in", "one does not answer pings"],
    ["feature-not-implemented", "in", "one does not know pings"],
    ["not-acceptable", "out", "one is not in the room"],
    ["not-allowed", "out", "one is not in the room, of other services"],
    ["bad-request", "out", "one is not in the room, of other services"],
    ["item-not-found", "renamed", "one has another nickname"],
    ["remote-server-not-found", "unknown", "the room is out of reach"],
    ["remote-server-timeout", "unknown", "the room is out of reach for now"],
    ["recipient-unavailable", "out", "any other error"],
    ["resource-constraint", "out", "any other error"],
    ["internal-server-error", "out", "any other error"],
    ["forbidden", "out", "any other error"],
  ];
  for (const [condition, attendance, why] of table) {
    it(`says "${attendance}" by ${condition ?? "a result"}: ${why} (§3.2)`, () => {
      assert.equal(readSelfPing(condition && new StanzaError(condition)), attendance);
    });
  }
});

describe("XEP-0372: references", () => {
  it("speak of people (§3.2) and of occupants", () => {
    const example = message(`<message from='stpeter@jabber.org/work' type='groupchat'>
      <body>And thus spoke Juliet, and the nurse</body>
      <reference xmlns='urn:xmpp:reference:0' begin='15' end='21' type='mention' uri='xmpp:juliet@capulet.lit'/>
      <reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:room@muc.example/the%20nurse?join'/>
    </message>`);
    assert.deepEqual(readMentions(example), [
      { jid: Jid.parse("juliet@capulet.lit"), begin: 15, end: 21 },
      { jid: Jid.parse("room@muc.example/the nurse"), begin: undefined, end: undefined },
    ]);
  });

  it("that are to something else, or to no address, are no mentions", () => {
    for (const attrs of [
      "type='data' uri='xmpp:juliet@capulet.lit'",
      "type='mention' uri='https://example.org'",
      "type='mention' uri='xmpp:@'",
      "type='mention' uri='xmpp:%zz'",
      "type='mention'",
    ])
      assert.deepEqual(
        readMentions(holding(`<reference xmlns='urn:xmpp:reference:0' ${attrs}/>`)),
        [],
        attrs,
      );
  });
});
