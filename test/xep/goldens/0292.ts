import { buildVCard4, readVCard4, type VCard4Property } from "../../../src/xep/index.ts";
import { goldens, inElement } from "../golden.ts";

const text = (name: string, value: string): VCard4Property => ({
  name,
  values: [{ type: "text", text: value }],
});

const uri = (name: string, value: string): VCard4Property => ({
  name,
  values: [{ type: "uri", text: value }],
});

const atWork = { parameters: { type: [{ type: "text", text: "work" }] } };

export default goldens(
  "0292",
  inElement(
    "§5.1 somebody",
    `<vcard xmlns="urn:ietf:params:xml:ns:vcard-4.0">
      <fn><text>Samantha Mizzi</text></fn>
      <n>
        <surname>Mizzi</surname>
        <given>Samantha</given>
        <additional></additional>
      </n>
      <nickname><text>Sam</text></nickname>
      <nickname><text>samizzi</text></nickname>
      <geo><uri>geo:39.59,-105.01</uri></geo>
      <org>
        <parameters><type><text>work</text></type></parameters>
        <text>Cisco</text>
      </org>
      <note>
        <text>My co-author on XEP-0292. She's cool!</text>
      </note>
      <impp>
        <parameters><type><text>work</text></type></parameters>
        <uri>xmpp:samizzi@cisco.com</uri>
      </impp>
    </vcard>`,
    [
      text("fn", "Samantha Mizzi"),
      {
        name: "n",
        values: [
          { type: "surname", text: "Mizzi" },
          { type: "given", text: "Samantha" },
          { type: "additional", text: "" },
        ],
      },
      text("nickname", "Sam"),
      text("nickname", "samizzi"),
      uri("geo", "geo:39.59,-105.01"),
      { ...text("org", "Cisco"), ...atWork },
      text("note", "My co-author on XEP-0292. She's cool!"),
      { ...uri("impp", "xmpp:samizzi@cisco.com"), ...atWork },
    ],
    readVCard4,
    buildVCard4,
  ),
  inElement(
    "§6 a thing",
    `<vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'>
      <fn><text>jabber.org IM service</text></fn>
      <url><uri>http://www.jabber.org/</uri></url>
      <lang>
        <parameters><pref>1</pref></parameters>
        <language-tag>en</language-tag>
      </lang>
      <email><text>xmpp@jabber.org</text></email>
      <impp><uri>xmpp:jabber.org</uri></impp>
      <logo><uri>http://www.jabber.org/images/logo.png</uri></logo>
      <geo><uri>geo:42.25,-91.05</uri></geo>
      <tz><text>America/Chicago</text></tz>
      <kind><text>application</text></kind>
  </vcard>`,
    [
      text("fn", "jabber.org IM service"),
      uri("url", "http://www.jabber.org/"),
      {
        name: "lang",
        parameters: { pref: [{ type: undefined, text: "1" }] },
        values: [{ type: "language-tag", text: "en" }],
      },
      text("email", "xmpp@jabber.org"),
      uri("impp", "xmpp:jabber.org"),
      uri("logo", "http://www.jabber.org/images/logo.png"),
      uri("geo", "geo:42.25,-91.05"),
      text("tz", "America/Chicago"),
      text("kind", "application"),
    ],
    readVCard4,
    buildVCard4,
  ),
);
