import { buildFallbacks, readFallbacks } from "../../../src/xep/index.ts";
import { goldens, inMessage } from "../golden.ts";

export default goldens(
  "0428",
  inMessage(
    "§2.2 a part of the body",
    `<message to='anna@example.com' id='message-id2' type='groupchat'>
      <body>&gt; Anna wrote:&#10;&gt; Hi, how are you?&#10;Great</body>
      <reply to='anna@example.com' id='message-id1' xmlns='urn:xmpp:reply:0'/>
      <fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'>
        <body start='0' end='33'/>
      </fallback>
    </message>`,
    [{ ns: "urn:xmpp:reply:0", body: [{ start: 0, end: 33 }] }],
    readFallbacks,
    (all) => all.map(buildFallbacks),
  ),
  inMessage(
    "§2.2 everything (XEP-0424 §3)",
    `<message type='chat' to='lord@capulet.example' id='retract-message-1'>
      <fallback xmlns="urn:xmpp:fallback:0" for='urn:xmpp:message-retract:1'/>
      <body>/me retracted a previous message, but it's unsupported by your client.</body>
    </message>`,
    [{ ns: "urn:xmpp:message-retract:1", body: "all", subject: "all" }],
    readFallbacks,
    (all) => all.map(buildFallbacks),
  ),
  inMessage(
    "§2.2 all of the body (XEP-0447 §3.1)",
    `<message to='juliet@shakespeare.lit' from='romeo@montague.lit/resource' id='sharing-a-file'>
      <fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:sfs:0'><body/></fallback>
      <body>https://download.montague.lit/4a771ac1-f0b2-4a4a-9700-f2a26fa2bb67/summit.jpg</body>
    </message>`,
    [{ ns: "urn:xmpp:sfs:0", body: "all" }],
    readFallbacks,
    (all) => all.map(buildFallbacks),
  ),
);
