import {
  buildReceipt,
  buildReceiptRequest,
  readReceipt,
  readReceiptRequest,
} from "../../../src/xep/index.ts";
import { goldens, inMessage } from "../golden.ts";

export default goldens(
  "0184",
  inMessage(
    "§7 asked for",
    `<message from='northumberland@shakespeare.lit/westminster' id='richard2-4.1.247' to='kingrichard@royalty.england.lit/throne'>
      <body>My lord, dispatch; read o'er these articles.</body>
      <request xmlns='urn:xmpp:receipts'/>
    </message>`,
    "richard2-4.1.247",
    readReceiptRequest,
    () => buildReceiptRequest(),
  ),
  inMessage(
    "§7 given",
    `<message from='kingrichard@royalty.england.lit/throne' id='bi29sg183b4v' to='northumberland@shakespeare.lit/westminster'>
      <received xmlns='urn:xmpp:receipts' id='richard2-4.1.247'/>
    </message>`,
    "richard2-4.1.247",
    readReceipt,
    buildReceipt,
  ),
);
