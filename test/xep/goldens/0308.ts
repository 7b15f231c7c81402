import { buildCorrection, readCorrection } from "../../../src/xep/index.ts";
import { goldens, inMessage } from "../golden.ts";

export default goldens(
  "0308",
  inMessage(
    "§3 a correction",
    `<message to='juliet@capulet.net/balcony' id='good1'>
      <body>But soft, what light through yonder window breaks?</body>
      <replace id='bad1' xmlns='urn:xmpp:message-correct:0'/>
    </message>`,
    "bad1",
    readCorrection,
    buildCorrection,
  ),
);
