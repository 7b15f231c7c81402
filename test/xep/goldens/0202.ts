import type { Iq } from "../../../src/stanza/index.ts";
import { buildTime, readTime } from "../../../src/xep/index.ts";
import { goldens, inIq } from "../golden.ts";

export default goldens(
  "0202",
  inIq(
    "§3 what a clock shows",
    `<iq type='result' from='juliet@capulet.com/balcony' to='romeo@montague.net/orchard' id='time_1'>
      <time xmlns='urn:xmpp:time'>
        <tzo>-06:00</tzo>
        <utc>2006-12-19T17:58:35Z</utc>
      </time>
    </iq>`,
    { zone: "-06:00", utc: new Date("2006-12-19T17:58:35Z") },
    ({ payload }: Iq) => payload && readTime(payload),
    (time) => [buildTime(time)],
  ),
);
