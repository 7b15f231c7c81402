import { buildIdle, readIdle } from "../../../src/xep/index.ts";
import { goldens, inPresence } from "../golden.ts";

export default goldens(
  "0319",
  inPresence(
    "§2.1 since when somebody is away",
    `<presence from='juliet@capulet.com/balcony'>
      <show>away</show>
      <idle xmlns='urn:xmpp:idle:1' since='1969-07-21T02:56:15Z'/>
    </presence>`,
    new Date("1969-07-21T02:56:15Z"),
    readIdle,
    buildIdle,
  ),
);
