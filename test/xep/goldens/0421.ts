import { buildOccupantId, readOccupantId } from "../../../src/xep/index.ts";
import { goldens, inMessage, inPresence } from "../golden.ts";

const id = "dd72603deec90a38ba552f7c68cbcc61bca202cd";

export default goldens(
  "0421",
  inPresence(
    "§3.1 an occupant who comes",
    `<presence from='coven@chat.shakespeare.lit/thirdwitch' id='27C55F89-1C6A-459A-9EB5-77690145D624' to='crone1@shakespeare.lit/desktop'>
      <occupant-id xmlns='urn:xmpp:occupant-id:0' id='${id}'/>
      <x xmlns='http://jabber.org/protocol/muc#user'/>
    </presence>`,
    id,
    readOccupantId,
    buildOccupantId,
  ),
  inMessage(
    "§3.2 an occupant who speaks",
    `<message from='coven@chat.shakespeare.lit/thirdwitch' id='hysf1v37' to='crone1@shakespeare.lit/desktop' type='groupchat'>
      <body>Harpier cries: 'tis time, 'tis time.</body>
      <occupant-id xmlns='urn:xmpp:occupant-id:0' id='${id}'/>
    </message>`,
    id,
    readOccupantId,
    buildOccupantId,
  ),
);
