import { buildPing, isPing } from "../../../src/xep/index.ts";
import { goldens, inIq } from "../golden.ts";

export default goldens(
  "0199",
  inIq(
    "§4.1 a ping",
    `<iq from='capulet.lit' to='juliet@capulet.lit/balcony' id='s2c1' type='get'>
      <ping xmlns='urn:xmpp:ping'/>
    </iq>`,
    true,
    isPing,
    () => buildPing(),
  ),
);
