import type { Iq } from "../../../src/stanza/index.ts";
import { buildVCard, readVCard, type VCard } from "../../../src/xep/index.ts";
import { goldens, inIq } from "../golden.ts";

const card = (title: string, inside: string, value: VCard) =>
  inIq(
    title,
    `<iq id='v3' to='stpeter@jabber.org/roundabout' type='result'><vCard xmlns='vcard-temp'>${inside}</vCard></iq>`,
    value,
    ({ payload }: Iq) => payload && readVCard(payload),
    (vcard) => [buildVCard(vcard)],
  );

export default goldens(
  "0054",
  card(
    "§3.2 all that somebody tells",
    `<FN>Peter Saint-Andre</FN>
    <N>
      <FAMILY>Saint-Andre</FAMILY>
      <GIVEN>Peter</GIVEN>
      <MIDDLE/>
    </N>
    <NICKNAME>stpeter</NICKNAME>
    <URL>http://www.xmpp.org/xsf/people/stpeter.shtml</URL>
    <BDAY>1966-08-06</BDAY>
    <ORG>
      <ORGNAME>XMPP Standards Foundation</ORGNAME>
      <ORGUNIT/>
    </ORG>
    <TITLE>Executive Director</TITLE>
    <ROLE>Patron Saint</ROLE>
    <TEL><WORK/><VOICE/><NUMBER>303-308-3282</NUMBER></TEL>
    <TEL><WORK/><FAX/><NUMBER/></TEL>
    <TEL><WORK/><MSG/><NUMBER/></TEL>
    <ADR>
      <WORK/>
      <EXTADD>Suite 600</EXTADD>
      <STREET>1899 Wynkoop Street</STREET>
      <LOCALITY>Denver</LOCALITY>
      <REGION>CO</REGION>
      <PCODE>80202</PCODE>
      <CTRY>USA</CTRY>
    </ADR>
    <TEL><HOME/><VOICE/><NUMBER>303-555-1212</NUMBER></TEL>
    <TEL><HOME/><FAX/><NUMBER/></TEL>
    <TEL><HOME/><MSG/><NUMBER/></TEL>
    <ADR>
      <HOME/>
      <EXTADD/>
      <STREET/>
      <LOCALITY>Denver</LOCALITY>
      <REGION>CO</REGION>
      <PCODE>80209</PCODE>
      <CTRY>USA</CTRY>
    </ADR>
    <EMAIL><INTERNET/><PREF/><USERID>stpeter@jabber.org</USERID></EMAIL>
    <JABBERID>stpeter@jabber.org</JABBERID>
    <DESC>Check out my blog at https://stpeter.im/</DESC>`,
    {
      fullName: "Peter Saint-Andre",
      name: { family: "Saint-Andre", given: "Peter", middle: "" },
      nickname: "stpeter",
      url: "http://www.xmpp.org/xsf/people/stpeter.shtml",
      birthday: "1966-08-06",
      organization: { name: "XMPP Standards Foundation", units: [""] },
      title: "Executive Director",
      role: "Patron Saint",
      telephones: [
        { types: ["WORK", "VOICE"], value: "303-308-3282" },
        { types: ["WORK", "FAX"], value: "" },
        { types: ["WORK", "MSG"], value: "" },
        { types: ["HOME", "VOICE"], value: "303-555-1212" },
        { types: ["HOME", "FAX"], value: "" },
        { types: ["HOME", "MSG"], value: "" },
      ],
      addresses: [
        {
          types: ["WORK"],
          value: {
            extended: "Suite 600",
            street: "1899 Wynkoop Street",
            locality: "Denver",
            region: "CO",
            code: "80202",
            country: "USA",
          },
        },
        {
          types: ["HOME"],
          value: {
            extended: "",
            street: "",
            locality: "Denver",
            region: "CO",
            code: "80209",
            country: "USA",
          },
        },
      ],
      emails: [{ types: ["INTERNET", "PREF"], value: "stpeter@jabber.org" }],
      jid: "stpeter@jabber.org",
      description: "Check out my blog at https://stpeter.im/",
    },
  ),
  card(
    "§3.3 somebody else's",
    `<FN>JeremieMiller</FN>
    <N>
      <GIVEN>Jeremie</GIVEN>
      <FAMILY>Miller</FAMILY>
      <MIDDLE/>
    </N>
    <NICKNAME>jer</NICKNAME>
    <EMAIL><INTERNET/><PREF/><USERID>jeremie@jabber.org</USERID></EMAIL>
    <JABBERID>jer@jabber.org</JABBERID>`,
    {
      fullName: "JeremieMiller",
      name: { given: "Jeremie", family: "Miller", middle: "" },
      nickname: "jer",
      emails: [{ types: ["INTERNET", "PREF"], value: "jeremie@jabber.org" }],
      jid: "jer@jabber.org",
    },
  ),
  card("§3.1 one that tells nothing", "", {}),
);
