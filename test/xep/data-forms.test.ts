import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readXml, writeXml } from "../../src/stanza/index.ts";
import {
  buildDataForm,
  buildSubmit,
  type FieldType,
  formValues,
  NS_DATA,
  NS_VALIDATE,
  readDataForm,
  readMedia,
  readValidation,
} from "../../src/xep/index.ts";
import { form } from "./forms.ts";

const types: readonly FieldType[] = [
  "boolean",
  "fixed",
  "hidden",
  "jid-multi",
  "jid-single",
  "list-multi",
  "list-single",
  "text-multi",
  "text-private",
  "text-single",
];

describe("XEP-0004: data forms", () => {
  it("reads a field of a type that nobody knows as text-single (§3.3), and a form of such a type as one to fill in", () => {
    const x = readXml(
      `<x xmlns='${NS_DATA}' type='dance'><field var='a' type='colour'/><field var='b'/></x>`,
    );
    assert.deepEqual(readDataForm(x), form({ fields: [{ var: "a", type: "text-single" }, { var: "b" }] }));
  });

  it("reads several instructions as lines, and writes them so", () => {
    const xml = `<x xmlns="${NS_DATA}" type="form"><instructions>One.</instructions><instructions>Two.</instructions></x>`;
    const read = readDataForm(readXml(xml));
    assert.equal(read.instructions, "One.\nTwo.");
    assert.equal(writeXml(buildDataForm(read)), xml);
  });

  it("names the type of a form once", () => {
    const built = buildDataForm({ type: "result", formType: "urn:a" });
    assert.equal(
      writeXml(built),
      `<x xmlns="${NS_DATA}" type="result"><field var="FORM_TYPE" type="hidden"><value>urn:a</value></field></x>`,
    );
    assert.ok(buildDataForm(readDataForm(built)).equals(built));
  });

  it("fills a form in, and tells what was filled in", () => {
    const built = buildSubmit({ a: "1", b: ["2", "3"], c: undefined }, "urn:f");
    assert.deepEqual(
      [...formValues(readDataForm(built))],
      [
        ["FORM_TYPE", ["urn:f"]],
        ["a", ["1"]],
        ["b", ["2", "3"]],
      ],
    );
  });

  it("loses nothing of any form", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "Z", "9", " ", "ü", "<", "&", '"', "'") });
    const maybe = fc.option(text, { nil: undefined });
    const fields = fc.record({
      var: fc.option(fc.constantFrom("a", "b", "FORM_TYPE"), { nil: undefined }),
      type: fc.option(fc.constantFrom(...types), { nil: undefined }),
      label: maybe,
      description: maybe,
      required: fc.boolean(),
      values: fc.array(text, { maxLength: 3 }),
      options: fc.array(fc.record({ label: maybe, value: text }, { noNullPrototype: true }), {
        maxLength: 3,
      }),
    });
    const list = fc.array(fields, { maxLength: 3 });
    fc.assert(
      fc.property(
        fc.record({
          type: fc.constantFrom("form", "submit", "cancel", "result"),
          title: maybe,
          fields: list,
          reported: list,
          items: fc.array(list, { maxLength: 3 }),
        }),
        (init) => {
          const written = writeXml(buildDataForm(init));
          assert.deepEqual(readDataForm(readXml(written)), form(init));
        },
      ),
    );
  });
});

describe("XEP-0122: validation", () => {
  it("takes a datatype for a string and a method for basic where it says nothing that is known (§4.1)", () => {
    const read = (inside: string) =>
      readValidation(
        readXml(`<field xmlns='${NS_DATA}'><validate xmlns='${NS_VALIDATE}'>${inside}</validate></field>`),
      );
    assert.deepEqual(read("<dance/><list-range min='-1' max='x'/>"), {
      datatype: "xs:string",
      method: { kind: "basic" },
      listRange: { min: undefined, max: undefined },
    });
    assert.equal(readValidation(readXml(`<field xmlns='${NS_DATA}'/>`)), undefined);
  });
});

describe("XEP-0221: media", () => {
  it("takes no notice of a size that is none", () => {
    const field = readXml(
      `<field xmlns='${NS_DATA}'><media xmlns='urn:xmpp:media-element' width='-1' height='many'><uri>http://a/</uri></media></field>`,
    );
    assert.deepEqual(readMedia(field), {
      width: undefined,
      height: undefined,
      uris: [{ type: "", uri: "http://a/" }],
    });
  });
});
