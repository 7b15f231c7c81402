import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Presence, readStanza, writeXml } from "../../src/stanza/index.ts";
import {
  buildInstantRoom,
  buildJoin,
  isFromRoom,
  readNewNick,
  readStatusCodes,
} from "../../src/xep/index.ts";

const presence = (xml: string): Presence => readStanza(xml) as Presence;

// XEP-0045 §7.2.2 (own presence), §7.6 (another nickname) and §8.2 (kicked).
const SELF = `<presence from='coven@chat.shakespeare.lit/thirdwitch' to='hag66@shakespeare.lit/pda'>
  <x xmlns='http://jabber.org/protocol/muc#user'>
    <item affiliation='member' role='participant'/>
    <status code='100'/>
    <status code='110'/>
    <status code='210'/>
  </x>
</presence>`;
const RENAMED = `<presence from='coven@chat.shakespeare.lit/thirdwitch' to='hag66@shakespeare.lit/pda' type='unavailable'>
  <x xmlns='http://jabber.org/protocol/muc#user'>
    <item affiliation='member' jid='hag66@shakespeare.lit/pda' nick='oldhag' role='participant'/>
    <status code='303'/>
    <status code='110'/>
  </x>
</presence>`;
const KICKED = `<presence from='harfleur@chat.shakespeare.lit/pistol' to='pistol@shakespeare.lit/harfleur' type='unavailable'>
  <x xmlns='http://jabber.org/protocol/muc#user'>
    <item affiliation='none' role='none'><actor nick='Fluellen'/><reason>Avaunt, you cullion!</reason></item>
    <status code='307'/>
  </x>
</presence>`;

describe("XEP-0045: rooms", () => {
  it("are joined without history, unless some is asked for, and with a password where there is one", () => {
    assert.equal(
      writeXml(buildJoin()),
      '<x xmlns="http://jabber.org/protocol/muc"><history maxstanzas="0"/></x>',
    );
    assert.equal(
      writeXml(buildJoin({ password: "cauldronburn", history: 20 })),
      '<x xmlns="http://jabber.org/protocol/muc"><history maxstanzas="20"/><password>cauldronburn</password></x>',
    );
  });

  it("are opened as they are (§10.1.2)", () => {
    assert.equal(
      writeXml(buildInstantRoom()),
      '<query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="submit"/></query>',
    );
  });

  it("tell by status codes and nicknames what has become of an occupant", () => {
    assert.deepEqual(readStatusCodes(presence(SELF)), [100, 110, 210]);
    assert.deepEqual(readStatusCodes(presence(RENAMED)), [303, 110]);
    assert.deepEqual(readStatusCodes(presence(KICKED)), [307]);
    assert.deepEqual(readStatusCodes(presence("<presence/>")), []);
    assert.deepEqual(
      readStatusCodes(presence(SELF.replace("'100'", "'x'").replace("code='210'", ""))),
      [110],
    );
    assert.equal(readNewNick(presence(RENAMED)), "oldhag");
    assert.equal(readNewNick(presence(KICKED)), undefined);
    const renamed = (nick: string): string | undefined =>
      readNewNick(presence(RENAMED.replace("oldhag", nick)));
    for (const nick of ["old\u3000hag", "\u202eold hag"])
      assert.equal(renamed(nick), readStanza(RENAMED.replace("thirdwitch", nick)).from?.resource);
    for (const none of ["", "old&#10;hag", "x".repeat(1_024)]) assert.equal(renamed(none), undefined, none);
  });

  for (const [what, xml, fromRoom] of [
    ["groupchat", "<message type='groupchat'><body>a</body></message>", true],
    [
      "a private message (§7.5)",
      "<message type='chat'><body>a</body><x xmlns='http://jabber.org/protocol/muc#user'/></message>",
      true,
    ],
    ["an occupant's presence", SELF, true],
    ["a chat message", "<message type='chat'><body>a</body></message>", false],
    ["presence of a person", "<presence/>", false],
    ["a join", "<presence><x xmlns='http://jabber.org/protocol/muc'/></presence>", false],
    ["a request", "<iq type='get' id='x'><x xmlns='http://jabber.org/protocol/muc#user'/></iq>", false],
  ] as const) {
    it(`${fromRoom ? "send" : "do not send"} ${what}`, () =>
      assert.equal(isFromRoom(readStanza(xml)), fromRoom));
  }
});
