import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  DEFAULT_XML_LIMITS,
  readXml,
  XML_READ_REASONS,
  XmlReadError,
  type XmlReadReason,
} from "../../src/stanza/index.ts";

const deep = DEFAULT_XML_LIMITS.depth + 1;
const bytes = (...codes: number[]) => new Uint8Array(codes);

const refusals: readonly (readonly [reason: XmlReadReason, input: string | Uint8Array, offset?: number])[] = [
  ["empty", "", 0],
  ["empty", " \r\n\t", 4],
  ["byte-order-mark", "\ufeff<a/>", 0],
  ["byte-order-mark", bytes(0xef, 0xbb, 0xbf, 0x3c, 0x61, 0x2f, 0x3e), 0],
  ["encoding", bytes(0xfe, 0xff, 0x00, 0x3c, 0x00, 0x61, 0x00, 0x2f, 0x00, 0x3e)],
  ["encoding", bytes(0xff, 0xfe, 0x3c, 0x00, 0x61, 0x00, 0x2f, 0x00, 0x3e, 0x00)],
  ["name", bytes(0x3c, 0x00, 0x61, 0x00, 0x2f, 0x00, 0x3e, 0x00), 1],
  ["encoding", bytes(0x3c, 0x61, 0x3e, 0xc3, 0x28, 0x3c, 0x2f, 0x61, 0x3e)],
  ["encoding", bytes(0x3c, 0x61, 0x3e, 0xc0, 0x80, 0x3c, 0x2f, 0x61, 0x3e)],
  ["encoding", bytes(0x3c, 0x61, 0x3e, 0xed, 0xa0, 0x80, 0x3c, 0x2f, 0x61, 0x3e)],
  ["encoding", bytes(0x3c, 0x61, 0x3e, 0xf5, 0x80, 0x80, 0x80, 0x3c, 0x2f, 0x61, 0x3e)],
  ["encoding", bytes(0x3c, 0x61, 0x3e, 0xf0, 0x9f, 0x98)],

  ["doctype", "<!DOCTYPE a><a/>", 0],
  ["doctype", "<!doctype html>", 0],
  ["doctype", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', 0],
  ["doctype", "<a/><!DOCTYPE a>", 4],
  ["doctype", "<a><!DOCTYPE a></a>", 3],
  ["comment", "<!-- hello --><a/>", 0],
  ["comment", "<a><!-- hello --></a>", 3],
  ["comment", "<a/><!---->", 4],
  ["processing-instruction", "<?xml version='1.0'?><a/>", 0],
  ["processing-instruction", "<a><?php x ?></a>", 3],
  ["processing-instruction", "<a/><?x?>", 4],
  ["markup", "<!ELEMENT a ANY><a/>", 0],
  ["markup", "<a><!></a>", 3],
  ["markup", "<a><![cdata[b]]></a>", 3],
  ["markup", "<![CDATA[b]]><a/>", 0],
  ["markup", "<a/><![CDATA[b]]>", 4],

  ["entity", "<a>&lol;</a>", 3],
  ["entity", "<a>&nbsp;</a>", 3],
  ["entity", "<a>&LT;</a>", 3],
  ["entity", "<a>&;</a>", 3],
  ["entity", "<a>& b</a>", 3],
  ["entity", "<a>fish & chips;</a>", 8],
  ["entity", "<a>&amp</a>", 3],
  ["entity", "<a>&__proto__;</a>", 3],
  ["entity", "<a>&#;</a>", 3],
  ["entity", "<a>&#x;</a>", 3],
  ["entity", "<a>&#X41;</a>", 3],
  ["entity", "<a>&#4a;</a>", 3],
  ["entity", "<a>&#-1;</a>", 3],
  ["entity", "<a>&#65</a>", 3],
  ["entity", "<a b='&lol;'/>", 6],
  ["entity", "<a b='?x=1&y=2'/>", 10],
  ["character", "<a>&#0;</a>", 3],
  ["character", "<a>&#x1F;</a>", 3],
  ["character", "<a>&#xD800;</a>", 3],
  ["character", "<a>&#xFFFE;</a>", 3],
  ["character", "<a>&#x110000;</a>", 3],
  ["character", `<a>&#${"9".repeat(400)};</a>`, 3],
  ["character", "<a>b\u0000</a>", 4],
  ["character", "<a>\u0008</a>", 3],
  ["character", "<a>\u001b[31m</a>", 3],
  ["character", "<a>\ufffe</a>", 3],
  ["character", "<a>\uffff</a>", 3],
  ["character", "<a>\ud83d</a>", 3],
  ["character", "<a>\ud83d\ud83d\ude00</a>", 3],
  ["character", "<a>\ude00</a>", 3],
  ["character", "<a b='\u0001'/>", 6],
  ["character", "<a b='\ud800'/>", 6],
  ["character", "<a><![CDATA[\u0001]]></a>", 12],
  ["character", "<a><![CDATA[\udc00]]></a>", 12],
  ["cdata-end", "<a>b]]>c</a>", 4],
  ["cdata-end", "<a><![CDATA[b]]>]]></a>", 16],

  ["name", "<>", 1],
  ["name", "< a/>", 1],
  ["name", "<1a/>", 1],
  ["name", "<-a/>", 1],
  ["name", "<.a/>", 1],
  ["name", "<a!/>", 2],
  ["name", "<a,b/>", 2],
  ["name", "<a=''/>", 2],
  ["name", "<:a/>", 1],
  ["name", "<a:/>", 3],
  ["name", "<a:1/>", 3],
  ["name", "<a:b:c xmlns:a='u'/>", 4],
  ["name", "<·a/>", 1],
  ["name", "<a\u00d7/>", 2],
  ["name", "<a\u1680b/>", 2],
  ["name", "<\ufeffa/>", 1],
  ["name", "<a><b<c/></a>", 5],
  ["name", "<a 1='b'/>", 3],
  ["name", "<a :b='c'/>", 3],
  ["name", "<a b:='c'/>", 5],
  ["name", "<a 'b'/>", 3],
  ["name", "<a \u0000='b'/>", 3],
  ["attribute", "<a b/>", 4],
  ["attribute", "<a b c='d'/>", 5],
  ["attribute", "<a b=c/>", 5],
  ["attribute", "<a b=/>", 5],
  ["attribute", "<a b:c:d='e' xmlns:b='u'/>", 6],
  ["attribute", "<a b='c'd='e'/>", 8],
  ["attribute", "<a b='<'/>", 6],
  ["attribute", "<a b='c' / >", 9],
  ["attribute", "<a/ >", 2],
  ["duplicate-attribute", "<a b='c' b='d'/>", 9],
  ["duplicate-attribute", "<a xml:lang='en' xml:lang='de'/>", 17],
  ["duplicate-attribute", "<a __proto__='b' __proto__='c'/>", 17],
  ["duplicate-attribute", "<a xmlns='u' xmlns='v'/>", 13],
  ["duplicate-attribute", "<a xmlns:b='u' xmlns:b='u'/>", 15],
  ["duplicate-attribute", "<a xmlns:b='u' b:c='d' b:c='e'/>", 23],
  ["duplicate-attribute", "<a xmlns:b='u' xmlns:c='u' b:d='e' c:d='f'/>", 35],
  ["duplicate-attribute", "<a b:d='e' c:d='f' xmlns:b='u' xmlns:c='&#117;'/>", 11],

  ["undeclared-prefix", "<b:a/>", 1],
  ["undeclared-prefix", "<a b:c='d'/>", 3],
  ["undeclared-prefix", "<stream:features/>", 1],
  ["undeclared-prefix", "<a><b xmlns:c='u'/><c:d/></a>", 20],
  ["undeclared-prefix", "<a><b xmlns:c='u'></b><d c:e=''/></a>", 25],
  ["undeclared-prefix", "<__proto__:a/>", 1],
  ["undeclared-prefix", "<a constructor:b='c'/>", 3],
  ["reserved-namespace", "<a xmlns:xmlns='u'/>", 3],
  ["reserved-namespace", "<a xmlns:xmlns='http://www.w3.org/2000/xmlns/'/>", 3],
  ["reserved-namespace", "<a xmlns:b='http://www.w3.org/2000/xmlns/'/>", 3],
  ["reserved-namespace", "<a xmlns='http://www.w3.org/2000/xmlns/'/>", 3],
  ["reserved-namespace", "<a xmlns:xml='u'/>", 3],
  ["reserved-namespace", "<a xmlns:b='http://www.w3.org/XML/1998/namespace'/>", 3],
  ["reserved-namespace", "<a xmlns='http://www.w3.org/XML/1998/namespace'/>", 3],
  ["reserved-namespace", "<a xmlns:b=''/>", 3],
  ["reserved-namespace", "<xmlns:a/>", 1],
  ["reserved-namespace", "<xml:a/>", 1],

  ["tag-mismatch", "<a></b>", 3],
  ["tag-mismatch", "<a><b></a></b>", 6],
  ["tag-mismatch", "<a></ab>", 3],
  ["tag-mismatch", "<ab></a>", 4],
  ["tag-mismatch", "<a></A>", 3],
  ["tag-mismatch", "<a></ a>", 3],
  ["tag-mismatch", "<a></a b='c'>", 3],
  ["tag-mismatch", "<b:a xmlns:b='u'></a>", 17],
  ["tag-mismatch", "<b:a xmlns:b='u' xmlns:c='u'></c:a>", 29],
  ["tag-mismatch", "</a>", 0],
  ["tag-mismatch", "<a/></a>", 4],
  ["unclosed", "<"],
  ["unclosed", "<a"],
  ["unclosed", "<a "],
  ["unclosed", "<a/"],
  ["unclosed", "<a:"],
  ["unclosed", "<a>"],
  ["unclosed", "<a>b"],
  ["unclosed", "<a><b/>"],
  ["unclosed", "<a></a"],
  ["unclosed", "<a></a "],
  ["unclosed", "<a b"],
  ["unclosed", "<a b="],
  ["unclosed", "<a b='c"],
  ["unclosed", "<a b='c\"/>"],
  ["unclosed", "<a b='c'"],
  ["unclosed", "<a><![CDATA[b]]</a>"],
  ["unclosed", "<a>&amp"],
  ["unclosed", "<a>&#65"],
  ["second-root", "<a/><b/>", 4],
  ["second-root", "<a></a> <a/>", 8],
  ["second-root", "<a/><", 4],
  ["text-outside-root", "hello", 0],
  ["text-outside-root", "hello<a/>", 0],
  ["text-outside-root", "<a/>hello", 4],
  ["text-outside-root", "<a/>&amp;", 4],
  ["text-outside-root", "<a/>\u0000", 4],
  ["text-outside-root", "\u00a0<a/>", 0],
  ["text-outside-root", "{}", 0],

  ["too-large", "a".repeat(DEFAULT_XML_LIMITS.bytes + 1), 0],
  ["too-deep", "<a>".repeat(deep) + "</a>".repeat(deep), 3 * (deep - 1)],
  ["too-many-elements", `<a>${`<b>${"<c/>".repeat(4999)}</b>`.repeat(4)}</a>`],
  ["too-many-attributes", `<a ${Array.from({ length: 65 }, (_, index) => `a${index}=''`).join(" ")}/>`],
  ["too-many-children", `<a>${"<b/>".repeat(10_001)}</a>`],
  ["namespace-too-long", `<a xmlns='${"u".repeat(257)}'/>`, 3],
];

describe("what readXml refuses", () => {
  for (const [reason, input, offset] of refusals) {
    const shown = typeof input === "string" ? JSON.stringify(input.slice(0, 60)) : `bytes ${input}`;
    it(`${shown} as ${reason}`, () => {
      assert.throws(
        () => readXml(input),
        (error) => {
          assert.ok(error instanceof XmlReadError, String(error));
          assert.equal(error.reason, reason);
          if (offset !== undefined) assert.equal(error.offset, offset);
          return true;
        },
      );
    });
  }

  it("has an example of every reason", () => {
    assert.deepEqual(new Set(refusals.map(([reason]) => reason)), new Set(XML_READ_REASONS));
  });
});

describe("XmlReadError", () => {
  const refuse = (xml: string) => {
    try {
      readXml(xml);
    } catch (error) {
      return error as XmlReadError;
    }
    return assert.fail(`${xml} was read`);
  };

  it("says what, where, and what to do", () => {
    assert.equal(
      refuse("<a></b>").message,
      'the XML is refused at offset 3 ("a" is open): a closing tag does not name the element that is open; close what was opened last',
    );
    assert.equal(refuse("<a></b>").name, "XmlReadError");
  });

  it("shows no more than a little of the input, and none of its control characters", () => {
    assert.ok(refuse(`<a></a${"b".repeat(100_000)}>`).message.length < 300);
    assert.ok(refuse(`<${"b".repeat(100_000)}></a>`).message.length < 300);
    assert.ok(refuse(`<a ${"b".repeat(100_000)}/>`).message.length < 300);
    assert.ok(refuse(`<a>&${"b".repeat(100_000)};</a>`).message.length < 300);
    assert.ok(refuse(`<a>&#${"0".repeat(100_000)};</a>`).message.length < 300);
    assert.match(refuse("<a>\u001b</a>").message, /^[ -~§]+$/);
  });
});
