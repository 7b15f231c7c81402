import { buildReactions, readReactions } from "../../../src/xep/index.ts";
import { goldens, inMessage } from "../golden.ts";

export default goldens(
  "0444",
  inMessage(
    "§3.2 two reactions",
    `<message to='romeo@capulet.example/orchard' id='96d73204-a57a-11e9-88b8-4889e7820c76' type='chat'>
      <reactions id='744f6e18-a57a-11e9-a656-4889e7820c76' xmlns='urn:xmpp:reactions:0'>
        <reaction>👋</reaction>
        <reaction>🐢</reaction>
      </reactions>
      <store xmlns='urn:xmpp:hints'/>
    </message>`,
    { to: "744f6e18-a57a-11e9-a656-4889e7820c76", emojis: ["👋", "🐢"] },
    readReactions,
    buildReactions,
  ),
  inMessage(
    "§3.2 all taken back",
    `<message to='romeo@capulet.example/orchard' id='96d73204-a57a-11e9-88b8-4889e7820c77' type='chat'>
      <reactions id='744f6e18-a57a-11e9-a656-4889e7820c76' xmlns='urn:xmpp:reactions:0'/>
    </message>`,
    { to: "744f6e18-a57a-11e9-a656-4889e7820c76", emojis: [] },
    readReactions,
    buildReactions,
  ),
);
