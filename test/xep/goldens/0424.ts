import {
  buildFallback,
  buildHint,
  buildRetraction,
  buildTombstone,
  NS_RETRACTION,
  readRetraction,
  readTombstone,
} from "../../../src/xep/index.ts";
import { goldens, inMessage } from "../golden.ts";

export default goldens(
  "0424",
  inMessage(
    "§3 a message taken back",
    `<message type='chat' to='lord@capulet.example' id='retract-message-1'>
      <retract id="wrong-recipient-1" xmlns='urn:xmpp:message-retract:1'/>
      <fallback xmlns="urn:xmpp:fallback:0" for='urn:xmpp:message-retract:1'/>
      <body>/me retracted a previous message, but it's unsupported by your client.</body>
      <store xmlns="urn:xmpp:hints"/>
    </message>`,
    { id: "wrong-recipient-1", moderated: false, reason: undefined },
    readRetraction,
    ({ id }) => [buildRetraction(id), buildFallback(NS_RETRACTION), buildHint("store")],
  ),
  inMessage(
    "§4 what an archive keeps",
    `<message type='groupchat' from='romeo@montague.example' to='lord@capulet.example' id='wrong-recipient-1'>
      <retracted stamp='2019-09-20T23:09:32Z' xmlns='urn:xmpp:message-retract:1' id='retract-message-1'/>
    </message>`,
    { id: "retract-message-1", stamp: new Date("2019-09-20T23:09:32Z") },
    readTombstone,
    buildTombstone,
  ),
);
