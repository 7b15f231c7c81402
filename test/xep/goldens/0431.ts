import { buildArchiveQuery } from "../../../src/xep/index.ts";
import { goldens, inElement } from "../golden.ts";

const query = { queryId: "f27", text: "romeo" };

// XEP-0431 has no example.
export default goldens(
  "0431",
  inElement(
    "§3.1 its field, in the query of XEP-0313 §4.1.1",
    `<query xmlns='urn:xmpp:mam:2' queryid='f27'>
      <x xmlns='jabber:x:data' type='submit'>
        <field type='hidden' var='FORM_TYPE'><value>urn:xmpp:mam:2</value></field>
        <field var='{urn:xmpp:fulltext:0}fulltext'><value>romeo</value></field>
      </x>
    </query>`,
    query,
    () => query,
    buildArchiveQuery,
  ),
);
