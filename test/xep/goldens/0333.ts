import { buildDisplayed, buildMarkable, isMarkable, readMarker } from "../../../src/xep/index.ts";
import { goldens, inMessage } from "../golden.ts";

export default goldens(
  "0333",
  inMessage(
    "§4.1 asked for",
    `<message to='juliet@capulet.lit' from='romeo@montegue.lit/orchard' id='the-msg-1'>
      <body>Hi. How are you?</body>
      <markable xmlns='urn:xmpp:chat-markers:0'/>
      <request xmlns='urn:xmpp:receipts'/>
    </message>`,
    true,
    isMarkable,
    () => buildMarkable(),
  ),
  inMessage(
    "§4.2 displayed",
    `<message to='romeo@montegue.lit' from='juliet@capulet.let/balcony'>
      <displayed xmlns='urn:xmpp:chat-markers:0' id='the-msg-1'/>
    </message>`,
    { state: "displayed", id: "the-msg-1" },
    readMarker,
    ({ id }) => buildDisplayed(id),
  ),
  inMessage(
    "§4.3 displayed in a room",
    `<message from='coven@chat.shakespeare.lit/secondwitch' to='coven@chat.shakespeare.lit' id='message-2' type='groupchat'>
      <thread>Act IV, Scene I</thread>
      <displayed xmlns='urn:xmpp:chat-markers:0' id='39K7ZYIp'/>
    </message>`,
    { state: "displayed", id: "39K7ZYIp" },
    readMarker,
    ({ id }) => buildDisplayed(id),
  ),
);
