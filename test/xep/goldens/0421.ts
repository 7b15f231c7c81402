import { readOccupantId } from "../../../src/xep/index.ts";
import { goldens, inMessage, inPresence } from "../golden.ts";

const id = "dd72603deec90a38ba552f7c68cbcc61bca202cd";

export default goldens(
  "0421",
  inPresence(
    "§3.1 an occupant who comes",
    `<presence from='room@muc.xmpp.org/lovelace' id='9' to='steve@xmpp.org/mobile'>
      <occupant-id xmlns='urn:xmpp:occupant-id:0' id='${id}'/>
      <x xmlns='http://jabber.org/protocol/muc#user'/>
    </presence>`,
    id,
    readOccupantId,
    undefined,
  ),
  inMessage(
    "§3.1 an occupant who speaks",
    `<message from='room@muc.xmpp.org/lovelace' id='10' to='steve@xmpp.org/mobile' type='groupchat'>
      <body>hello</body>
      <occupant-id xmlns='urn:xmpp:occupant-id:0' id='${id}'/>
    </message>`,
    id,
    readOccupantId,
    undefined,
  ),
);
