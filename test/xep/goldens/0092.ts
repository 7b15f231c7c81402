import type { Iq } from "../../../src/stanza/index.ts";
import { buildVersion, readVersion } from "../../../src/xep/index.ts";
import { goldens, inIq } from "../golden.ts";

export default goldens(
  "0092",
  inIq(
    "§3 what software it is",
    `<iq type='result' to='romeo@montague.net/orchard' from='juliet@capulet.com/balcony' id='version_1'>
      <query xmlns='jabber:iq:version'>
        <name>Exodus</name>
        <version>0.7.0.4</version>
        <os>Windows-XP 5.01.2600</os>
      </query>
    </iq>`,
    { name: "Exodus", version: "0.7.0.4", os: "Windows-XP 5.01.2600" },
    ({ payload }: Iq) => payload && readVersion(payload),
    (version) => [buildVersion(version)],
  ),
);
