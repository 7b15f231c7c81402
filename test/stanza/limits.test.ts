import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DEFAULT_XML_LIMITS, readXml, type XmlLimits, XmlReadError } from "../../src/stanza/index.ts";

const nested = (depth: number) => `${"<a>".repeat(depth - 1)}<a/>${"</a>".repeat(depth - 1)}`;
const withAttributes = (count: number) =>
  `<a ${Array.from({ length: count }, (_, index) => `${index % 2 ? "b" : "xmlns:b"}${index}='c'`).join(" ")}/>`;

/** For each limit: its reason, and XML that holds so many of what it limits. */
const kinds: Readonly<Record<keyof XmlLimits, readonly [reason: string, make: (count: number) => string]>> = {
  bytes: ["too-large", (count) => (count < 4 ? "é" : `<${"a".repeat(count - 3)}/>`)],
  depth: ["too-deep", nested],
  elements: ["too-many-elements", (count) => `<a>${"<b/>".repeat(count - 1)}</a>`],
  attributes: ["too-many-attributes", withAttributes],
  children: ["too-many-children", (count) => `<a>${"<b/>".repeat(count)}</a>`],
  namespace: ["namespace-too-long", (count) => `<a xmlns='${"u".repeat(count)}'/>`],
};

function outcome(xml: string | Uint8Array, limits?: Partial<XmlLimits>): string {
  try {
    readXml(xml, limits);
    return "read";
  } catch (error) {
    assert.ok(error instanceof XmlReadError, String(error));
    return error.reason;
  }
}

describe("the limits of readXml", () => {
  for (const [name, [reason, make]] of Object.entries(kinds) as [
    keyof XmlLimits,
    readonly [string, (count: number) => string],
  ][]) {
    it(`${name}: the default is the last allowed`, () => {
      const limit = DEFAULT_XML_LIMITS[name];
      // A limit of the same kind that is lower by default may not speak first.
      const others = name === "elements" ? { children: Number.POSITIVE_INFINITY } : {};
      assert.equal(outcome(make(limit), others), "read");
      assert.equal(outcome(make(limit + 1), others), reason);
    });

    it(`${name}: another value is the last allowed`, () => {
      assert.equal(outcome(make(7), { [name]: 7 }), "read");
      assert.equal(outcome(make(8), { [name]: 7 }), reason);
    });

    it(`${name}: 0 allows nothing of the kind`, () => {
      assert.equal(outcome(make(1), { [name]: 0 }), reason);
    });

    it(`${name}: not a limit is not taken for one`, () => {
      for (const value of [-1, 1.5, Number.NaN, Number.NEGATIVE_INFINITY]) {
        assert.throws(() => readXml("<a/>", { [name]: value }), {
          name: "RangeError",
          message: new RegExp(`limit ${name} is ${value}`),
        });
      }
    });
  }

  it("0 allows what holds none of the kind", () => {
    assert.equal(outcome("<a/>", { attributes: 0, children: 0, namespace: 0 }), "read");
    assert.equal(outcome("<a xmlns=''/>", { namespace: 0 }), "read");
    assert.equal(outcome("", { bytes: 0 }), "empty");
  });

  it("counts bytes of UTF-8 in a string too", () => {
    const xml = "<a>é😀</a>";
    assert.equal(outcome(xml, { bytes: 13 }), "read");
    assert.equal(outcome(xml, { bytes: 12 }), "too-large");
    assert.equal(outcome(new TextEncoder().encode(xml), { bytes: 13 }), "read");
    assert.equal(outcome(new TextEncoder().encode(xml), { bytes: 12 }), "too-large");
  });

  it("counts a run of text as one child, however it is spelt", () => {
    assert.equal(outcome("<a>b<![CDATA[c]]>d&amp;<![CDATA[]]></a>", { children: 1 }), "read");
    assert.equal(outcome("<a><![CDATA[]]></a>", { children: 0 }), "read");
    assert.equal(outcome("<a>b</a>", { children: 0 }), "too-many-children");
    assert.equal(outcome("<a><![CDATA[c]]></a>", { children: 0 }), "too-many-children");
    assert.equal(outcome("<a>b<c/>d</a>", { children: 3 }), "read");
    assert.equal(outcome("<a>b<c></c>d</a>", { children: 2 }), "too-many-children");
  });

  it("counts the children of each element on its own", () => {
    assert.equal(outcome("<a><b>1</b><b>2</b><b><c/></b></a>", { children: 3 }), "read");
    assert.equal(outcome("<a><b><c/><c/></b><b/><b/><b/></a>", { children: 3 }), "too-many-children");
  });

  it("counts the depth of empty elements and gives it back when one closes", () => {
    assert.equal(outcome("<a><b/><b><c/></b><b/></a>", { depth: 2 }), "too-deep");
    assert.equal(outcome("<a><b/><b></b><b/></a>", { depth: 2 }), "read");
  });

  it("counts the name of a namespace as it is meant, not as it is spelt", () => {
    assert.equal(outcome("<a xmlns='&#117;&#117;'/>", { namespace: 2 }), "read");
    assert.equal(outcome("<a xmlns:b='uuu'/>", { namespace: 2 }), "namespace-too-long");
  });

  it("Infinity takes a limit away, and depth has an end all the same", () => {
    assert.equal(outcome(withAttributes(5000), { attributes: Number.POSITIVE_INFINITY }), "read");
    assert.equal(outcome(nested(1000), { depth: 1000 }), "read");
    assert.equal(outcome(nested(1001), { depth: 1000 }), "too-deep");
    assert.throws(() => readXml("<a/>", { depth: 1001 }), RangeError);
    assert.throws(() => readXml("<a/>", { depth: Number.POSITIVE_INFINITY }), RangeError);
  });
});
