import { el } from "../../../src/stanza/index.ts";
import { buildValidation, type FieldValidation, readValidation } from "../../../src/xep/index.ts";
import { goldens, inElement } from "../golden.ts";

const example = (title: string, inside: string, value: FieldValidation) =>
  inElement(title, `<field xmlns='jabber:x:data' var='evt'>${inside}</field>`, value, readValidation, (of) =>
    el("field", { xmlns: "jabber:x:data", var: "evt" }, buildValidation(of)),
  );

export default goldens(
  "0122",
  example(
    "§3.2.1 only the datatype",
    `<validate xmlns='http://jabber.org/protocol/xdata-validate' datatype='xs:dateTime'>
      <basic/>
    </validate>`,
    { datatype: "xs:dateTime", method: { kind: "basic" } },
  ),
  example(
    "§3.2.2 the options, and others",
    `<validate xmlns='http://jabber.org/protocol/xdata-validate' datatype='xs:string'>
      <open/>
    </validate>`,
    { datatype: "xs:string", method: { kind: "open" } },
  ),
  example(
    "§3.2.3 a range",
    `<validate xmlns='http://jabber.org/protocol/xdata-validate' datatype='xs:dateTime'>
      <range min='2003-10-05T00:00:00-07:00' max='2003-10-24T23:59:59-07:00'/>
    </validate>`,
    {
      datatype: "xs:dateTime",
      method: { kind: "range", min: "2003-10-05T00:00:00-07:00", max: "2003-10-24T23:59:59-07:00" },
    },
  ),
  example(
    "§3.2.4 a regular expression",
    `<validate xmlns='http://jabber.org/protocol/xdata-validate' datatype='xs:string'>
      <regex>([0-9]{3})-([0-9]{2})-([0-9]{4})</regex>
    </validate>`,
    { datatype: "xs:string", method: { kind: "regex", pattern: "([0-9]{3})-([0-9]{2})-([0-9]{4})" } },
  ),
  example(
    "§3.3 how many of a list",
    `<validate xmlns='http://jabber.org/protocol/xdata-validate' datatype='xs:string'>
      <basic/>
      <list-range min='1' max='3'/>
    </validate>`,
    { datatype: "xs:string", method: { kind: "basic" }, listRange: { min: 1, max: 3 } },
  ),
);
