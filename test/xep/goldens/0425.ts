import { Jid } from "../../../src/stanza/index.ts";
import {
  buildModeratedRetraction,
  buildModeration,
  NS_MODERATION,
  readRetraction,
} from "../../../src/xep/index.ts";
import { goldens, inIq, inMessage } from "../golden.ts";

const reason = "This message contains inappropriate content for this forum";

export default goldens(
  "0425",
  inIq(
    "§3 a moderator asks the room",
    `<iq type='set' to='room@muc.example.com' id='retract-request-1'>
      <moderate id='stanza-id-1' xmlns='${NS_MODERATION}'>
        <retract xmlns='urn:xmpp:message-retract:1'/>
        <reason>${reason}</reason>
      </moderate>
    </iq>`,
    { id: "stanza-id-1", reason },
    ({ payload }) => ({ id: payload?.attr("id") ?? "", reason: payload?.childText("reason") ?? "" }),
    (moderation) => buildModeration(moderation.id, moderation.reason),
  ),
  inMessage(
    "§3.1 the room takes a message back",
    `<message type='groupchat' id='retraction-id-1' from='room@muc.example.com' to='room@muc.example.com/macbeth'>
      <retract id='stanza-id-1' xmlns='urn:xmpp:message-retract:1'>
        <moderated by='room@muc.example.com/macbeth' xmlns='${NS_MODERATION}'><occupant-id xmlns='urn:xmpp:occupant-id:0' id='dd72603deec90a38ba552f7c68cbcc61bca202cd'/></moderated>
        <reason>${reason}</reason>
      </retract>
    </message>`,
    {
      id: "stanza-id-1",
      moderated: true,
      reason,
      moderator: {
        jid: Jid.parse("room@muc.example.com/macbeth"),
        id: "dd72603deec90a38ba552f7c68cbcc61bca202cd",
      },
    },
    readRetraction,
    buildModeratedRetraction,
  ),
);
