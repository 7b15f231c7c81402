import { el, message } from "../../../src/stanza/index.ts";
import { buildForwarded, readForwarded } from "../../../src/xep/index.ts";
import { goldens, inMessage } from "../golden.ts";

const original = message(
  {
    from: "juliet@capulet.lit/orchard",
    id: "0202197",
    to: "romeo@montague.lit",
    type: "chat",
    body: "Yet I should kill thee with much cherishing.",
  },
  el("mood", { xmlns: "http://jabber.org/protocol/mood" }, el("amorous")),
);

export default goldens(
  "0297",
  inMessage(
    "§3.1 a message within a message",
    `<message to='mercutio@verona.lit' from='romeo@montague.lit/orchard' type='chat' id='28gs'>
      <body>A most courteous exposition!</body>
      <forwarded xmlns='urn:xmpp:forward:0'>
        <delay xmlns='urn:xmpp:delay' stamp='2010-07-10T23:08:25Z'/>
        <message from='juliet@capulet.lit/orchard' id='0202197' to='romeo@montague.lit' type='chat' xmlns='jabber:client'>
          <body>Yet I should kill thee with much cherishing.</body>
          <mood xmlns='http://jabber.org/protocol/mood'>
            <amorous/>
          </mood>
        </message>
      </forwarded>
    </message>`,
    {
      element: original.element,
      stamp: new Date("2010-07-10T23:08:25Z"),
    },
    (message) => {
      const { stanza, delay } = readForwarded(message.element) ?? {};
      return stanza && delay && { element: stanza.element, stamp: delay.stamp };
    },
    ({ stamp }) => buildForwarded({ stanza: original, delay: { stamp, from: undefined } }),
  ),
);
