import type { Iq } from "../../../src/stanza/index.ts";
import { buildLastActivity, type LastActivity, readLastActivity } from "../../../src/xep/index.ts";
import { goldens, inIq } from "../golden.ts";

const answer = (title: string, inside: string, value: LastActivity) =>
  inIq(
    title,
    `<iq from='juliet@capulet.com' id='last1' to='romeo@montague.net/orchard' type='result'>${inside}</iq>`,
    value,
    ({ payload }: Iq) => payload && readLastActivity(payload),
    (activity) => [buildLastActivity(activity)],
  );

export default goldens(
  "0012",
  answer(
    "§3 since somebody went offline, and the last words",
    "<query xmlns='jabber:iq:last' seconds='903'>Heading Home</query>",
    {
      seconds: 903,
      status: "Heading Home",
    },
  ),
  answer("§4 since a device was used", "<query xmlns='jabber:iq:last' seconds='123'/>", {
    seconds: 123,
    status: undefined,
  }),
  answer("§5 since a server runs", "<query xmlns='jabber:iq:last' seconds='123456'/>", {
    seconds: 123456,
    status: undefined,
  }),
);
