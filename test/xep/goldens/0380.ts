import { buildEncryption, readEncryption } from "../../../src/xep/index.ts";
import { goldens, inMessage } from "../golden.ts";

export default goldens(
  "0380",
  inMessage(
    "§3.1 OTR",
    `<message to='juliet@capulet.lit/balcony' from='romeo@montague.lit/orchard' id='secret1'>
      <body>?OTR?v23?...</body>
      <encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:otr:0'/>
    </message>`,
    { namespace: "urn:xmpp:otr:0", name: "OTR" },
    readEncryption,
    ({ namespace }) => buildEncryption({ namespace, name: undefined }),
  ),
  inMessage(
    "§3.1 OpenPGP",
    `<message to='juliet@capulet.lit/balcony' from='romeo@montague.lit/orchard' id='secret2'>
      <openpgp xmlns='urn:xmpp:openpgp:0'>...</openpgp>
      <body>This message is encrypted with OpenPGP for XMPP.</body>
      <encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:openpgp:0'/>
    </message>`,
    { namespace: "urn:xmpp:openpgp:0", name: "OpenPGP for XMPP" },
    readEncryption,
    ({ namespace }) => buildEncryption({ namespace, name: undefined }),
  ),
);
