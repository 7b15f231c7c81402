import { type Iq, Message, readXml } from "../../../src/stanza/index.ts";
import {
  type ArchiveEnd,
  type ArchiveQuery,
  buildArchiveEnd,
  buildArchiveQuery,
  buildArchiveResult,
  readArchiveEnd,
  readArchiveResult,
} from "../../../src/xep/index.ts";
import { goldens, inElement, inIq, inMessage } from "../golden.ts";

const FORM = "<field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field>";

/** A query without an id; ours always have one, by which their results are known. */
const asked = (title: string, inside: string, query: Omit<ArchiveQuery, "queryId">) =>
  inElement(
    title,
    `<query xmlns='urn:xmpp:mam:2'>${inside}</query>`,
    query,
    () => query,
    (meant) => buildArchiveQuery({ ...meant, queryId: "f27" }).withAttrs({ queryid: undefined }),
  );

const filtered = (field: string) => `<x xmlns='jabber:x:data' type='submit'>${FORM}${field}</x>`;

const words = `<message xmlns='jabber:client' to='juliet@capulet.lit/balcony' from='romeo@montague.lit/orchard' type='chat'>
            <body>Call me but love, and I'll be new baptized; Henceforth I never will be Romeo.</body>
          </message>`;

export default goldens(
  "0313",
  inElement(
    "§4 everything",
    "<query xmlns='urn:xmpp:mam:2' queryid='f27'/>",
    { queryId: "f27" },
    (query) => ({ queryId: query.attr("queryid") ?? "" }),
    buildArchiveQuery,
  ),
  asked("§4.1.1 with a JID", filtered("<field var='with'><value>juliet@capulet.lit</value></field>"), {
    with: "juliet@capulet.lit",
  }),
  asked(
    "§4.1.2 in a time",
    filtered(
      "<field var='start'><value>2010-06-07T00:00:00Z</value></field><field var='end'><value>2010-07-07T13:23:54Z</value></field>",
    ),
    { start: new Date("2010-06-07T00:00:00Z"), end: new Date("2010-07-07T13:23:54Z") },
  ),
  asked("§4.1.3 one, by its id", filtered("<field var='ids'><value>28482-98726-73623</value></field>"), {
    ids: ["28482-98726-73623"],
  }),
  asked(
    "§4.3.2 the page after a message",
    `${filtered("<field var='start'><value>2010-08-07T00:00:00Z</value></field>")}<set xmlns='http://jabber.org/protocol/rsm'><max>10</max><after>09af3-cc343-b409f</after></set>`,
    { start: new Date("2010-08-07T00:00:00Z"), max: 10, after: "09af3-cc343-b409f" },
  ),
  asked(
    "§4.3.3 the last page",
    `${filtered("<field var='start'><value>2010-08-07T00:00:00Z</value></field>")}<set xmlns='http://jabber.org/protocol/rsm'><max>10</max><before/></set>`,
    { start: new Date("2010-08-07T00:00:00Z"), max: 10, before: "" },
  ),
  inMessage(
    "§4.2 a result",
    `<message id='aeb213' to='juliet@capulet.lit/chamber'>
      <result xmlns='urn:xmpp:mam:2' queryid='f27' id='28482-98726-73623'>
        <forwarded xmlns='urn:xmpp:forward:0'>
          <delay xmlns='urn:xmpp:delay' stamp='2010-07-10T23:08:25Z'/>
          ${words}
        </forwarded>
      </result>
    </message>`,
    {
      id: "28482-98726-73623",
      at: new Date("2010-07-10T23:08:25Z"),
      message: readXml(words.replaceAll(/\n\s*/g, "")),
    },
    (message) => {
      const result = readArchiveResult(message, "f27");
      return result && { ...result, message: result.message.element };
    },
    ({ message, ...result }) => buildArchiveResult({ ...result, message: new Message(message) }, "f27"),
  ),
  ...(
    [
      [
        "§4 the end of a page",
        "<set xmlns='http://jabber.org/protocol/rsm'><first index='0'>28482-98726-73623</first><last>09af3-cc343-b409f</last></set>",
        false,
        { first: "28482-98726-73623", last: "09af3-cc343-b409f", index: 0, count: undefined },
      ],
      [
        "§4.3.2 the end of it all",
        "<set xmlns='http://jabber.org/protocol/rsm'><first index='0'>23452-4534-1</first><last>390-2342-22</last><count>16</count></set>",
        true,
        { first: "23452-4534-1", last: "390-2342-22", index: 0, count: 16 },
      ],
    ] as const
  ).map(([title, inside, complete, page]) =>
    inIq(
      title,
      `<iq type='result' id='juliet1'><fin xmlns='urn:xmpp:mam:2'${complete ? " complete='true'" : ""}>${inside}</fin></iq>`,
      { complete, page } as ArchiveEnd,
      ({ payload }: Iq) => payload && readArchiveEnd(payload),
      (end) => [buildArchiveEnd(end)],
    ),
  ),
);
