import { buildHint, type Hint, readHints } from "../../../src/xep/index.ts";
import { goldens, inMessage } from "../golden.ts";

export default goldens(
  "0334",
  inMessage<Hint[]>(
    "§3.1 neither copied nor stored",
    `<message from='romeo@montague.lit/laptop' to='juliet@capulet.lit/laptop'>
      <body>V unir avtug'f pybnx gb uvqr zr sebz gurve fvtug</body>
      <no-copy xmlns="urn:xmpp:hints"/>
      <no-store xmlns="urn:xmpp:hints"/>
    </message>`,
    ["no-store", "no-copy"],
    readHints,
    (hints) => hints.map((hint) => buildHint(hint)),
  ),
);
