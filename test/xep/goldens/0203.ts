import { Jid } from "../../../src/stanza/index.ts";
import { buildDelay, type Delay, readDelay } from "../../../src/xep/index.ts";
import { goldens, inMessage, inPresence } from "../golden.ts";

const build = ({ stamp, from, reason }: Delay) => buildDelay(stamp, from, reason);

export default goldens(
  "0203",
  inMessage(
    "§3 kept while somebody was offline",
    `<message from='romeo@montague.net/orchard' to='juliet@capulet.com' type='chat'>
      <body>O blessed, blessed night! I am afeard. Being in night, all this is but a dream, Too flattering-sweet to be substantial.</body>
      <delay xmlns='urn:xmpp:delay' from='capulet.com' stamp='2002-09-10T23:08:25Z'>Offline Storage</delay>
    </message>`,
    { stamp: new Date("2002-09-10T23:08:25Z"), from: Jid.parse("capulet.com"), reason: "Offline Storage" },
    readDelay,
    build,
  ),
  inPresence(
    "§3 the last presence of somebody",
    `<presence from='juliet@capulet.com/balcony' to='romeo@montague.net'>
      <status>anon!</status>
      <show>xa</show>
      <priority>1</priority>
      <delay xmlns='urn:xmpp:delay' from='juliet@capulet.com/balcony' stamp='2002-09-10T23:41:07Z'/>
    </presence>`,
    { stamp: new Date("2002-09-10T23:41:07Z"), from: Jid.parse("juliet@capulet.com/balcony") },
    readDelay,
    build,
  ),
  inMessage(
    "§3 the history of a room",
    `<message from='coven@macbeth.shakespeare.lit/secondwitch' to='macbeth@shakespeare.lit/laptop' type='groupchat'>
      <body>By the pricking of my thumbs, Something wicked this way comes. Open, locks, Whoever knocks!</body>
      <delay xmlns='urn:xmpp:delay' from='coven@macbeth.shakespeare.lit' stamp='2002-09-10T23:05:37Z'/>
    </message>`,
    { stamp: new Date("2002-09-10T23:05:37Z"), from: Jid.parse("coven@macbeth.shakespeare.lit") },
    readDelay,
    build,
  ),
);
