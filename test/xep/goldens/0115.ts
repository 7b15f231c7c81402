import { buildCaps, type Caps, readCaps } from "../../../src/xep/index.ts";
import { goldens, inPresence } from "../golden.ts";

const caps = (title: string, value: Caps) =>
  inPresence(
    title,
    `<presence><c xmlns='http://jabber.org/protocol/caps' hash='${value.hash}' node='${value.node}' ver='${value.ver}'/></presence>`,
    value,
    readCaps,
    buildCaps,
  );

export default goldens(
  "0115",
  caps("§1.2 what a client can do", {
    hash: "sha-1",
    node: "http://code.google.com/p/exodus",
    ver: "QgayPKawpkPSDYmwT/WM94uAlu0=",
  }),
  caps("§6.1 when it can do something else", {
    hash: "sha-1",
    node: "http://code.google.com/p/exodus",
    ver: "66/0NaeaBKkwk85efJTGmU47vXI=",
  }),
);
