import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { el, message } from "../../src/stanza/index.ts";
import {
  buildFallback,
  NS_FALLBACK,
  NS_REPLY,
  readFallback,
  readUnquoted,
  withoutFallback,
} from "../../src/xep/index.ts";
import { child, message as example, holding, written } from "./support.ts";

const fallback = (inside: string, attrs = `for='${NS_REPLY}'`): string =>
  `<fallback xmlns='${NS_FALLBACK}' ${attrs}>${inside}</fallback>`;

describe("XEP-0428: fallback", () => {
  it("is a part of the body, such as the quotation of a reply (XEP-0461 §3.1)", () => {
    const reply = example(`<message to='anna@example.com' id='message-id2'>
      <body>&gt; Anna wrote:&#10;&gt; We should bake a cake&#10;Great idea!</body>
      <reply to='anna@example.com' id='message-id1' xmlns='urn:xmpp:reply:0'/>
      <fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'>
        <body start='0' end='38'/>
      </fallback>
    </message>`);
    assert.deepEqual(readFallback(reply, NS_REPLY), [{ start: 0, end: 38 }]);
    assert.equal(readUnquoted(reply), "Great idea!");
    assert.equal(
      written(buildFallback(NS_REPLY, { start: 0, end: 38 })),
      child(reply, "fallback", NS_FALLBACK),
    );
  });

  it("is the whole body where no part is named", () => {
    for (const inside of ["", "<body/>", "<body start='1' end='2'/><body/>"]) {
      const all = holding(`<body>abc</body>${fallback(inside)}`);
      assert.equal(readFallback(all, NS_REPLY), "all");
      assert.equal(readUnquoted(all), undefined);
    }
    assert.equal(written(buildFallback("urn:x")), `<fallback xmlns="${NS_FALLBACK}" for="urn:x"/>`);
  });

  it("is nobody else's, nor the subject's", () => {
    for (const other of [fallback("", "for='urn:other'"), fallback("", ""), fallback("<subject/>"), ""]) {
      const whole = holding(`<body>abc</body>${other}`);
      assert.equal(readFallback(whole, NS_REPLY), undefined);
      assert.equal(readUnquoted(whole), "abc");
    }
  });

  it("counts code points, joins what overlaps, and takes no notice of nonsense", () => {
    const of = (inside: string): string | undefined =>
      withoutFallback(holding(`<body>😀b😀d</body>${fallback(inside)}`), NS_REPLY);
    assert.equal(of("<body start='0' end='2'/>"), "😀d");
    assert.equal(of("<body start='2' end='4'/><body start='1' end='3'/>"), "😀");
    assert.equal(of("<body start='0' end='3'/><body start='1' end='2'/>"), "d");
    assert.equal(of("<body start='3' end='99'/>"), "😀b😀");
    for (const attrs of [
      "start='2' end='1'",
      "start='-1' end='2'",
      "start='x' end='2'",
      "end='2'",
      "start='1'",
    ])
      assert.equal(of(`<body ${attrs}/>`), "😀b😀d", attrs);
  });

  it("leaves exactly the code points that no range covers", () => {
    const range = fc.record({ start: fc.nat(12), end: fc.nat(14) });
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a", "é", "😀", "\u0301"), { minLength: 1, maxLength: 10 }),
        fc.array(range, { minLength: 1 }),
        (points, ranges) => {
          const of = message(
            { body: points.join("") },
            el(
              "fallback",
              { xmlns: NS_FALLBACK, for: "urn:x" },
              ranges.map((each) => el("body", { ...each })),
            ),
          );
          const kept = points.filter((_, at) => !ranges.some(({ start, end }) => start <= at && at < end));
          assert.equal(withoutFallback(of, "urn:x"), kept.join(""));
        },
      ),
    );
  });
});
