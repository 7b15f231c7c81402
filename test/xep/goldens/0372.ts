import { Jid } from "../../../src/stanza/index.ts";
import { buildMention, buildReference, readMentions, readReferences } from "../../../src/xep/index.ts";
import { goldens, inMessage } from "../golden.ts";

const uri = "xmpp:fdp.shakespeare.lit?;node=fdp/submitted/stan.isode.net/accidentreport;item=ndina872be";

export default goldens(
  "0372",
  inMessage(
    "§3.2 a mention",
    `<message type='groupchat' id='sotehu-bthbtp32h3' to='balcony@channels.shakespeare.lit'>
      <body>But, soft! what light through yonder window breaks? It is the east, and Juliet is the sun.</body>
      <reference xmlns='urn:xmpp:reference:0' begin='72' end='78' type='mention' uri='xmpp:juliet@capulet.lit'/>
    </message>`,
    [{ jid: Jid.parse("juliet@capulet.lit"), begin: 72, end: 78 }],
    readMentions,
    (all) => all.map(({ jid, begin = 0, end = 0 }) => buildMention(jid, { begin, end })),
  ),
  inMessage(
    "§3.3 data",
    `<message type='groupchat' id='sotehu-bthbtp32h4' from='balcony@channels.shakespeare.lit' to='romeo@montegue.lit/30d3d8'>
      <body>Form received</body>
      <reference xmlns='urn:xmpp:reference:0' type='data' uri='${uri}'/>
    </message>`,
    [{ type: "data", uri }],
    readReferences,
    (all) => all.map(buildReference),
  ),
  inMessage(
    "§3.4 data about an earlier message",
    `<message type='groupchat' id='sotehu-bthbtp32h5' from='balcony@channels.shakespeare.lit' to='romeo@montegue.lit/30d3d8'>
      <reference xmlns='urn:xmpp:reference:0' type='data' anchor='xmpp:balcony@channels.shakespeare.lit?;node=messages;item=bnhob' begin='72' end='78' uri='${uri}'/>
    </message>`,
    [
      {
        type: "data",
        anchor: "xmpp:balcony@channels.shakespeare.lit?;node=messages;item=bnhob",
        begin: 72,
        end: 78,
        uri,
      },
    ],
    readReferences,
    (all) => all.map(buildReference),
  ),
);
