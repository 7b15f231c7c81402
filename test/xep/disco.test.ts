import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Iq, readStanza, writeXml } from "../../src/stanza/index.ts";
import { buildDiscoInfo, buildDiscoItems, buildPing } from "../../src/xep/index.ts";

/** The payload of an example, without the white space that it is printed with. */
function example(xml: string): string {
  const { payload } = readStanza(xml.replace(/\n\s*/g, " ").replace(/> +</g, "><")) as Iq;
  assert.ok(payload);
  return writeXml(payload);
}

describe("XEP-0030: service discovery", () => {
  it("tells identities and features (§3.1)", () => {
    assert.equal(
      writeXml(
        buildDiscoInfo(
          [
            { category: "conference", type: "text", name: "Play-Specific Chatrooms" },
            { category: "directory", type: "chatroom", name: "Play-Specific Chatrooms" },
          ],
          ["http://jabber.org/protocol/disco#info", "http://jabber.org/protocol/muc", "jabber:iq:version"],
        ),
      ),
      example(`<iq type='result' id='info1'>
        <query xmlns='http://jabber.org/protocol/disco#info'>
          <identity category='conference' type='text' name='Play-Specific Chatrooms'/>
          <identity category='directory' type='chatroom' name='Play-Specific Chatrooms'/>
          <feature var='http://jabber.org/protocol/disco#info'/>
          <feature var='http://jabber.org/protocol/muc'/>
          <feature var='jabber:iq:version'/>
        </query>
      </iq>`),
    );
  });

  it("tells a feature once, and a name in its language", () => {
    assert.equal(
      writeXml(buildDiscoInfo([{ category: "client", type: "bot", name: "Ψ", lang: "el" }], ["a", "b", "a"])),
      '<query xmlns="http://jabber.org/protocol/disco#info"><identity category="client" type="bot" name="Ψ" xml:lang="el"/><feature var="a"/><feature var="b"/></query>',
    );
  });

  it("tells items, with and without a name or a node (§4.1)", () => {
    assert.equal(
      writeXml(
        buildDiscoItems([
          { jid: "catalog.shakespeare.lit", name: "Books by and about Shakespeare" },
          { jid: "people.shakespeare.lit", node: "music" },
        ]),
      ),
      example(`<iq type='result' id='items1'>
        <query xmlns='http://jabber.org/protocol/disco#items'>
          <item jid='catalog.shakespeare.lit' name='Books by and about Shakespeare'/>
          <item jid='people.shakespeare.lit' node='music'/>
        </query>
      </iq>`),
    );
    assert.equal(writeXml(buildDiscoItems([])), '<query xmlns="http://jabber.org/protocol/disco#items"/>');
  });
});

describe("XEP-0199: ping", () => {
  it("is asked as §4 has it", () => {
    assert.equal(
      writeXml(buildPing()),
      example("<iq type='get' id='s2c1'><ping xmlns='urn:xmpp:ping'/></iq>"),
    );
  });
});
