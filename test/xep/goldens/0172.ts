import { buildNick, readNick } from "../../../src/xep/index.ts";
import { goldens, inMessage, inPresence } from "../golden.ts";

const nick = "<nick xmlns='http://jabber.org/protocol/nick'>Ishmael</nick>";

export default goldens(
  "0172",
  inPresence(
    "§4.1 with a request",
    `<presence from='narrator@moby-dick.lit' to='starbuck@moby-dick.lit' type='subscribe'>${nick}</presence>`,
    "Ishmael",
    readNick,
    buildNick,
  ),
  inMessage(
    "§4.2 with a first message",
    `<message from='narrator@moby-dick.lit/pda' to='starbuck@moby-dick.lit' type='chat'><body>Call me Ishmael</body>${nick}</message>`,
    "Ishmael",
    readNick,
    buildNick,
  ),
);
