import { Jid } from "../../../src/stanza/index.ts";
import { buildOriginId, buildStanzaId, readOriginId, readStanzaIds } from "../../../src/xep/index.ts";
import { goldens, inMessage } from "../golden.ts";

export default goldens(
  "0359",
  inMessage(
    "§2.2 the sender's id",
    `<message xmlns='jabber:client' to='room@muc.example.com' type='groupchat'>
      <body>Typical body text</body>
      <origin-id xmlns='urn:xmpp:sid:0' id='de305d54-75b4-431b-adb2-eb6b9e546013'/>
    </message>`,
    "de305d54-75b4-431b-adb2-eb6b9e546013",
    readOriginId,
    buildOriginId,
  ),
  inMessage(
    "§2.2 the room's id beside it",
    `<message xmlns='jabber:client' to='room@muc.example.com' type='groupchat'>
      <body>Typical body text</body>
      <stanza-id xmlns='urn:xmpp:sid:0' id='5f3dbc5e-e1d3-4077-a492-693f3769c7ad' by='room@muc.example.com'/>
      <origin-id xmlns='urn:xmpp:sid:0' id='de305d54-75b4-431b-adb2-eb6b9e546013'/>
    </message>`,
    {
      origin: "de305d54-75b4-431b-adb2-eb6b9e546013",
      ids: [{ id: "5f3dbc5e-e1d3-4077-a492-693f3769c7ad", by: Jid.parse("room@muc.example.com") }],
    },
    (message) => ({ origin: readOriginId(message) ?? "", ids: readStanzaIds(message.element) }),
    ({ origin, ids }) => [buildOriginId(origin), ...ids.map(buildStanzaId)],
  ),
);
