import { el, Jid } from "../../../src/stanza/index.ts";
import {
  type BlockingChange,
  buildBlock,
  buildReport,
  REPORT_ABUSE,
  REPORT_SPAM,
  type Report,
  readBlockingChange,
  readReport,
} from "../../../src/xep/index.ts";
import { type Golden, goldens, inElement } from "../golden.ts";

const nothing = { messages: [], toOrigin: false, toOthers: false };
const text = "Never came trouble to my house like this.";
const ROMEO = Jid.parse("romeo@example.net");

function report(title: string, xml: string, value: Report): Golden {
  return inElement(
    title,
    xml,
    { ...nothing, ...value },
    (element) => readReport(el("item", {}, element)),
    buildReport,
  );
}

function block(title: string, xml: string, value: Report): Golden {
  return inElement<BlockingChange>(
    title,
    xml,
    { kind: "block", blocked: [{ jid: ROMEO, report: { ...nothing, ...value } }] },
    readBlockingChange,
    (change) => buildBlock(change.kind === "block" ? change.blocked : []),
  );
}

export default goldens(
  "0377",
  report("§4 a reason", `<report xmlns="urn:xmpp:reporting:1" reason="urn:xmpp:reporting:spam"/>`, {
    reason: REPORT_SPAM,
  }),
  report(
    "§4 in words",
    `<report xmlns="urn:xmpp:reporting:1" reason="urn:xmpp:reporting:spam">
      <text xml:lang="en">Never came trouble to my house like this.</text>
    </report>`,
    { reason: REPORT_SPAM, text, lang: "en" },
  ),
  report(
    "§5 for others, too",
    `<report xmlns="urn:xmpp:reporting:1" reason="urn:xmpp:reporting:spam">
      <text xml:lang="en">Never came trouble to my house like this.</text>
      <report-origin/>
      <third-party/>
    </report>`,
    { reason: REPORT_SPAM, text, lang: "en", toOrigin: true, toOthers: true },
  ),
  block(
    "§6 with who is blocked",
    `<block xmlns='urn:xmpp:blocking'>
      <item jid='romeo@example.net'>
        <report xmlns="urn:xmpp:reporting:1" reason="urn:xmpp:reporting:abuse"/>
      </item>
    </block>`,
    { reason: REPORT_ABUSE },
  ),
  block(
    "§6 with the messages that show it",
    `<block xmlns='urn:xmpp:blocking'>
      <item jid='romeo@example.net'>
        <report xmlns="urn:xmpp:reporting:1" reason="urn:xmpp:reporting:spam">
          <stanza-id xmlns='urn:xmpp:sid:0' by='romeo@example.net' id='28482-98726-73623'/>
          <stanza-id xmlns='urn:xmpp:sid:0' by='romeo@example.net' id='38383-38018-18385'/>
          <text xml:lang="en">Never came trouble to my house like this.</text>
        </report>
      </item>
    </block>`,
    {
      reason: REPORT_SPAM,
      messages: [
        { id: "28482-98726-73623", by: ROMEO },
        { id: "38383-38018-18385", by: ROMEO },
      ],
      text,
      lang: "en",
    },
  ),
);
