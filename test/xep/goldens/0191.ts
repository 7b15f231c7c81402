import { el, Jid, message } from "../../../src/stanza/index.ts";
import {
  type BlockingChange,
  buildBlock,
  buildBlockedError,
  buildBlockList,
  buildUnblock,
  isBlockedError,
  readBlockingChange,
  readBlockList,
} from "../../../src/xep/index.ts";
import { goldens, inElement, inMessage } from "../golden.ts";

const ROMEO = Jid.parse("romeo@montague.net");

export default goldens(
  "0191",
  inElement(
    "§3.2 the list",
    `<blocklist xmlns='urn:xmpp:blocking'>
      <item jid='romeo@montague.net'/>
      <item jid='iago@shakespeare.lit'/>
    </blocklist>`,
    [ROMEO, Jid.parse("iago@shakespeare.lit")],
    readBlockList,
    buildBlockList,
  ),
  inElement("§3.2 nobody", "<blocklist xmlns='urn:xmpp:blocking'/>", [], readBlockList, buildBlockList),
  inElement(
    "§3.3 somebody is blocked",
    `<block xmlns='urn:xmpp:blocking'>
      <item jid='romeo@montague.net'/>
    </block>`,
    { kind: "block", blocked: [{ jid: ROMEO }] },
    readBlockingChange,
    build,
  ),
  inElement(
    "§3.4 somebody is unblocked",
    `<unblock xmlns='urn:xmpp:blocking'>
      <item jid='romeo@montague.net'/>
    </unblock>`,
    { kind: "unblock", jids: [ROMEO] },
    readBlockingChange,
    build,
  ),
  inElement(
    "§3.5 everybody is unblocked",
    "<unblock xmlns='urn:xmpp:blocking'/>",
    { kind: "unblock", jids: [] },
    readBlockingChange,
    build,
  ),
  inMessage(
    "§3.3 an error because of it",
    `<message type='error' from='romeo@montague.net' to='juliet@capulet.com'>
      <body>Can you hear me now?</body>
      <error type='cancel'>
        <not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
        <blocked xmlns='urn:xmpp:blocking:errors'/>
      </error>
    </message>`,
    true,
    isBlockedError,
    () =>
      message(
        { type: "error", from: "romeo@montague.net", to: "juliet@capulet.com" },
        el("body", {}, "Can you hear me now?"),
        buildBlockedError().toElement(),
      ),
  ),
);

function build(change: BlockingChange) {
  if (change.kind === "block") return buildBlock(change.blocked);
  return buildUnblock(change.jids.length === 0 ? "all" : change.jids);
}
