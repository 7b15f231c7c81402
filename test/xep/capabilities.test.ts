import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readXml } from "../../src/stanza/index.ts";
import {
  buildDiscoInfo,
  capabilityHash,
  capabilityNode,
  capsNode,
  capsVersion,
  type DiscoInfo,
  type FormInit,
  readDiscoInfo,
} from "../../src/xep/index.ts";

function info(xml: string): DiscoInfo {
  return readDiscoInfo(readXml(xml));
}

const EXODUS = `<query xmlns='http://jabber.org/protocol/disco#info'>
  <identity category='client' name='Exodus 0.9.1' type='pc'/>
  <feature var='http://jabber.org/protocol/muc'/>
  <feature var='http://jabber.org/protocol/caps'/>
  <feature var='http://jabber.org/protocol/disco#items'/>
  <feature var='http://jabber.org/protocol/disco#info'/>
</query>`;

const PSI = `<query xmlns='http://jabber.org/protocol/disco#info'>
  <identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/>
  <identity xml:lang='el' category='client' name='Ψ 0.11' type='pc'/>
  <feature var='http://jabber.org/protocol/caps'/>
  <feature var='http://jabber.org/protocol/disco#info'/>
  <feature var='http://jabber.org/protocol/disco#items'/>
  <feature var='http://jabber.org/protocol/muc'/>
  <x xmlns='jabber:x:data' type='result'>
    <field var='FORM_TYPE' type='hidden'><value>urn:xmpp:dataforms:softwareinfo</value></field>
    <field var='ip_version' type='text-multi'><value>ipv4</value><value>ipv6</value></field>
    <field var='os'><value>Mac</value></field>
    <field var='os_version'><value>10.5.1</value></field>
    <field var='software'><value>Psi</value></field>
    <field var='software_version'><value>0.11</value></field>
  </x>
</query>`;

const BOMBUS = `<query xmlns="http://jabber.org/protocol/disco#info">
  <identity category="client" name="BombusMod" type="mobile"/>
  <feature var="http://jabber.org/protocol/si"/>
  <feature var="http://jabber.org/protocol/bytestreams"/>
  <feature var="http://jabber.org/protocol/chatstates"/>
  <feature var="http://jabber.org/protocol/disco#info"/>
  <feature var="http://jabber.org/protocol/disco#items"/>
  <feature var="urn:xmpp:ping"/>
  <feature var="jabber:iq:time"/>
  <feature var="jabber:iq:privacy"/>
  <feature var="jabber:iq:version"/>
  <feature var="http://jabber.org/protocol/rosterx"/>
  <feature var="urn:xmpp:time"/>
  <feature var="jabber:x:oob"/>
  <feature var="http://jabber.org/protocol/ibb"/>
  <feature var="http://jabber.org/protocol/si/profile/file-transfer"/>
  <feature var="urn:xmpp:receipts"/>
  <feature var="jabber:iq:roster"/>
  <feature var="jabber:iq:last"/>
</query>`;

const TKABBER = `<query xmlns="http://jabber.org/protocol/disco#info">
  <identity category="client" name="Tkabber" type="pc" xml:lang="en"/>
  <identity category="client" name="Ткаббер" type="pc" xml:lang="ru"/>
  <feature var="games:board"/>
  <feature var="http://jabber.org/protocol/activity"/>
  <feature var="http://jabber.org/protocol/activity+notify"/>
  <feature var="http://jabber.org/protocol/bytestreams"/>
  <feature var="http://jabber.org/protocol/chatstates"/>
  <feature var="http://jabber.org/protocol/commands"/>
  <feature var="http://jabber.org/protocol/disco#info"/>
  <feature var="http://jabber.org/protocol/disco#items"/>
  <feature var="http://jabber.org/protocol/evil"/>
  <feature var="http://jabber.org/protocol/feature-neg"/>
  <feature var="http://jabber.org/protocol/geoloc"/>
  <feature var="http://jabber.org/protocol/geoloc+notify"/>
  <feature var="http://jabber.org/protocol/ibb"/>
  <feature var="http://jabber.org/protocol/iqibb"/>
  <feature var="http://jabber.org/protocol/mood"/>
  <feature var="http://jabber.org/protocol/mood+notify"/>
  <feature var="http://jabber.org/protocol/rosterx"/>
  <feature var="http://jabber.org/protocol/si"/>
  <feature var="http://jabber.org/protocol/si/profile/file-transfer"/>
  <feature var="http://jabber.org/protocol/tune"/>
  <feature var="http://www.facebook.com/xmpp/messages"/>
  <feature var="http://www.xmpp.org/extensions/xep-0084.html#ns-metadata+notify"/>
  <feature var="jabber:iq:avatar"/>
  <feature var="jabber:iq:browse"/>
  <feature var="jabber:iq:dtcp"/>
  <feature var="jabber:iq:filexfer"/>
  <feature var="jabber:iq:ibb"/>
  <feature var="jabber:iq:inband"/>
  <feature var="jabber:iq:jidlink"/>
  <feature var="jabber:iq:last"/>
  <feature var="jabber:iq:oob"/>
  <feature var="jabber:iq:privacy"/>
  <feature var="jabber:iq:roster"/>
  <feature var="jabber:iq:time"/>
  <feature var="jabber:iq:version"/>
  <feature var="jabber:x:data"/>
  <feature var="jabber:x:event"/>
  <feature var="jabber:x:oob"/>
  <feature var="urn:xmpp:avatar:metadata+notify"/>
  <feature var="urn:xmpp:ping"/>
  <feature var="urn:xmpp:receipts"/>
  <feature var="urn:xmpp:time"/>
  <x xmlns="jabber:x:data" type="result">
    <field type="hidden" var="FORM_TYPE">
      <value>urn:xmpp:dataforms:softwareinfo</value>
    </field>
    <field var="software">
      <value>Tkabber</value>
    </field>
    <field var="software_version">
      <value>0.11.1-svn-20111216-mod (Tcl/Tk 8.6b2)</value>
    </field>
    <field var="os">
      <value>Windows</value>
    </field>
    <field var="os_version">
      <value>XP</value>
    </field>
  </x>
</query>`;

describe("XEP-0115: the hash of what an entity can do", () => {
  it("is that of the examples (§5.2, §5.3)", () => {
    assert.equal(capsVersion(info(EXODUS)), "QgayPKawpkPSDYmwT/WM94uAlu0=");
    assert.equal(capsVersion(info(PSI)), "q07IKJEyjvHSyhy//CH0CxmKi8w=");
  });

  it("is there for no function that is not known", () => {
    assert.equal(capsVersion(info(EXODUS), "md2"), undefined);
    assert.match(capsVersion(info(EXODUS), "sha-256") ?? "", /^[\w+/]{43}=$/);
  });

  it("is there for nothing that could be read in two ways (§5.4)", () => {
    const identity = { category: "client", type: "pc" };
    const forged = [
      buildDiscoInfo([identity], ["a<b"]),
      buildDiscoInfo([{ ...identity, name: "x<y" }], []),
      buildDiscoInfo([identity, identity], []),
      buildDiscoInfo([identity], [], { forms: [{ formType: "urn:f" }, { formType: "urn:f" }] }),
      buildDiscoInfo([identity], [], {
        forms: [{ formType: "urn:f", fields: [{ var: "a", values: ["<"] }] }],
      }),
      buildDiscoInfo([identity], [], {
        forms: [{ fields: [{ var: "FORM_TYPE", type: "hidden", values: ["urn:f", "urn:g"] }] }],
      }),
    ];
    for (const query of forged) assert.equal(capsVersion(readDiscoInfo(query)), undefined);
  });

  it("takes no notice of a form that says what it is in a field for people, or not at all (§5.4)", () => {
    const identity = { category: "client", type: "pc" };
    const version = (...forms: FormInit[]) =>
      capsVersion(readDiscoInfo(buildDiscoInfo([identity], ["urn:f"], { forms })));
    const field = { var: "a", values: ["1"] };
    const alone = version();
    assert.notEqual(alone, undefined);
    assert.equal(version({ fields: [field] }), alone);
    assert.equal(version({ fields: [{ var: "FORM_TYPE", values: ["urn:f"] }, field] }), alone);
    assert.notEqual(version({ formType: "urn:f", fields: [field] }), alone);
  });

  it("is asked for at a node (§6.2)", () => {
    assert.equal(
      capsNode({ node: "http://code.google.com/p/exodus", ver: "QgayPKawpkPSDYmwT/WM94uAlu0=" }),
      "http://code.google.com/p/exodus#QgayPKawpkPSDYmwT/WM94uAlu0=",
    );
  });
});

describe("XEP-0390: the hash of what an entity can do", () => {
  it("is that of the examples (§4.5), by both functions", () => {
    const all = (xml: string) =>
      ["sha-256", "sha3-256"].map((name) => capabilityHash(info(xml), name)?.value);
    assert.deepEqual(all(BOMBUS), [
      "kzBZbkqJ3ADrj7v08reD1qcWUwNGHaidNUgD7nHpiw8=",
      "79mdYAfU9rEdTOcWDO7UEAt6E56SUzk/g6TnqUeuD9Q=",
    ]);
    assert.deepEqual(all(TKABBER), [
      "u79ZroNJbdSWhdSp311mddz44oHHPsEBntQ5b1jqBSY=",
      "XpUJzLAc93258sMECZ3FJpebkzuyNXDzRNwQog8eycg=",
    ]);
  });

  it("is there for no form that it cannot be made of (§4.1), and for no function that is not known", () => {
    const unfit = [
      { fields: [{ var: "a" }] },
      { fields: [{ var: "FORM_TYPE", values: ["urn:f"] }] },
      { formType: "urn:f", reported: [{ var: "a" }] },
      { formType: "urn:f", items: [[{ var: "a" }]] },
    ];
    for (const form of unfit)
      assert.equal(capabilityHash(readDiscoInfo(buildDiscoInfo([], [], { forms: [form] }))), undefined);
    assert.equal(capabilityHash(info(BOMBUS), "md5"), undefined);
  });

  it("is asked for at a node (§4.3)", () => {
    assert.equal(
      capabilityNode({ algorithm: "sha-256", value: "u79ZroNJbdSWhdSp311mddz44oHHPsEBntQ5b1jqBSY=" }),
      "urn:xmpp:caps#sha-256.u79ZroNJbdSWhdSp311mddz44oHHPsEBntQ5b1jqBSY=",
    );
  });
});

describe("both hashes", () => {
  it("are the same in whatever order it is told", () => {
    const features = fc.uniqueArray(fc.stringMatching(/^[a-zé🎉]{1,5}$/u), { maxLength: 8 });
    fc.assert(
      fc.property(features, (all) => {
        const identities = [
          { category: "client", type: "bot", name: "a" },
          { category: "pubsub", type: "pep" },
        ];
        const one = readDiscoInfo(buildDiscoInfo(identities, all));
        const other = readDiscoInfo(buildDiscoInfo([...identities].reverse(), [...all].reverse()));
        assert.equal(capsVersion(one), capsVersion(other));
        assert.deepEqual(capabilityHash(one), capabilityHash(other));
      }),
    );
  });
});
