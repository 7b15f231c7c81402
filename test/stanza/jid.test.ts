import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Jid, JidError } from "../../src/stanza/index.ts";

/** RFC 7622 §3.5 table 1, and what else a JID may be: as written, and its canonical parts. */
const valid: readonly (readonly [
  text: string,
  local: string | undefined,
  domain: string,
  resource?: string,
])[] = [
  ["juliet@example.com", "juliet", "example.com"],
  ["juliet@example.com/foo", "juliet", "example.com", "foo"],
  ["juliet@example.com/foo bar", "juliet", "example.com", "foo bar"],
  ["juliet@example.com/foo@bar", "juliet", "example.com", "foo@bar"],
  ["foo\\20bar@example.com", "foo\\20bar", "example.com"],
  ["fussball@example.com", "fussball", "example.com"],
  ["fu\u00dfball@example.com", "fu\u00dfball", "example.com"],
  ["\u03c0@example.com", "\u03c0", "example.com"],
  ["\u03a3@example.com/foo", "\u03c3", "example.com", "foo"],
  ["\u03c3@example.com/foo", "\u03c3", "example.com", "foo"],
  ["\u03c2@example.com/foo", "\u03c2", "example.com", "foo"],
  ["king@example.com/\u265a", "king", "example.com", "\u265a"],
  ["example.com", undefined, "example.com"],
  ["example.com/foobar", undefined, "example.com", "foobar"],
  ["a.example.com/b@example.net", undefined, "a.example.com", "b@example.net"],

  ["Juliet@Example.COM/Balcony", "juliet", "example.com", "Balcony"],
  ["a@b/c/d", "a", "b", "c/d"],
  ["a@b//", "a", "b", "/"],
  ["a@b/ ", "a", "b", " "],
  ["a@example.com.", "a", "example.com"],
  ["a@example.com\u3002", "a", "example.com"],
  ["a@example\uff0ecom", "a", "example.com"],
  ["a@localhost", "a", "localhost"],
  ["a@ab--cd.example", "a", "ab--cd.example"],
  ["a@127.0.0.1", "a", "127.0.0.1"],
  ["a@[2001:DB8::1]/r", "a", "[2001:db8::1]", "r"],
  ["a@fa\u00df.example", "a", "fa\u00df.example"],
  ["a@xn--fa-hia.example", "a", "fa\u00df.example"],
  ["a@XN--FA-HIA.example", "a", "fa\u00df.example"],
  ["a@BU\u0308CHER.example", "a", "b\u00fccher.example"],
  ["a@\u4f8b\u3048.jp", "a", "\u4f8b\u3048.jp"],
  ["a@\u05d0.example", "a", "\u05d0.example"],
  ["a@\u0646\u0645\u200c\u06cc.example", "a", "\u0646\u0645\u200c\u06cc.example"],
  [`${"a".repeat(1023)}@b/${"c".repeat(1023)}`, "a".repeat(1023), "b", "c".repeat(1023)],
  [`a@b/${"\u00e9".repeat(511)}`, "a", "b", "\u00e9".repeat(511)],
];

/** RFC 7622 §3.5 table 2, and what else is none: as written, and a word of the reason. */
const invalid: readonly (readonly [text: string, reason: RegExp])[] = [
  ['"juliet"@example.com', /localpart .* may not hold/],
  ["foo bar@example.com", /localpart .* U\+0020/],
  ["juliet@example.com/", /empty resourcepart/],
  ["@example.com", /empty localpart/],
  ["@example.com/foobar", /empty localpart/],
  ["henri\u2163@example.com", /localpart .* U\+2173/],
  ["\u265a@example.com", /localpart .* U\+265A/],
  ["juliet@", /empty domainpart/],
  ["/foobar", /empty domainpart/],

  ["", /empty domainpart/],
  ["@", /empty domainpart|empty localpart/],
  ["a@/b", /empty domainpart/],
  ["a&b@c", /may not hold "&"/],
  ["a'b@c", /may not hold "'"/],
  ["a:b@c", /may not hold ":"/],
  ["a<b@c", /may not hold "<"/],
  ["a>b@c", /may not hold ">"/],
  ["a\uff20b@c", /may not hold "@"/],
  ["a\uff0fb@c", /may not hold "\/"/],
  ["a\uff07b@c", /may not hold "'"/],
  ["a@b@c", /domainpart "b@c"/],
  ["a@b c", /domainpart/],
  ["a@b_c", /domainpart/],
  ["a@.", /domainpart/],
  ["a@b..c", /domainpart/],
  ["a@.b", /domainpart/],
  ["a@b..", /domainpart/],
  ["a@-b", /domainpart/],
  ["a@b-.c", /domainpart/],
  ["a@\u00fc-.c", /domainpart/],
  [`a@${"b".repeat(64)}`, /domainpart/],
  [`a@${"\u00fc".repeat(60)}`, /domainpart/],
  ["a@xn--", /domainpart/],
  ["a@xn--0", /domainpart/],
  ["a@xn--a", /domainpart/],
  ["a@[::1", /domainpart/],
  ["a@[127.0.0.1]", /domainpart/],
  ["a@::1", /domainpart/],
  ["a@[]", /domainpart/],
  ["a@\u2615.example", /domainpart/],
  ["a@xn--53h.example", /domainpart/],
  ["a@\u05d0a.example", /domainpart/],
  ["a@a\u200db", /domainpart/],
  ["a@a\u30fbb", /domainpart/],
  ["a@b\uff20c", /domainpart/],
  ["a@b\uff0fc", /domainpart/],
  ["a@\u2100.example", /domainpart/],
  ["a@b\u0000", /domainpart/],
  ["a\u0000@b", /localpart .* U\+0000/],
  ["a@b/\u0000", /resourcepart .* U\+0000/],
  ["a@b/c\nd", /resourcepart .* U\+000A/],
  ["a@b/\ud800", /resourcepart .* U\+D800/],
  [`${"a".repeat(1024)}@b`, /localpart .* over 1023 bytes/],
  [`a@b/${"c".repeat(1024)}`, /resourcepart .* over 1023 bytes/],
  [`a@b/${"\u00e9".repeat(512)}`, /resourcepart .* over 1023 bytes/],
  [`a@b/${"\u200d".repeat(1_000_000)}`, /resourcepart .* over 1023 bytes/],
  [`a@${"b.".repeat(600)}c`, /domainpart .* over 1023 bytes/],
  [`a@${"\u00fc".repeat(1_000_000)}`, /domainpart .* over 1023 bytes/],
];

const jidText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.stringMatching(/^[\p{L}\p{M}\p{N}]{1,4}@[\p{L}\p{M}\p{N}.-]{1,6}(\/\P{Cc}{1,5})?$/u),
  fc.stringMatching(/^[a-zA-Z\uff01-\uff5e]{1,6}@[a-zA-Z\uff0e\u3002]{1,6}\/[a-z\u00a0\uff0f]{1,4}$/),
);

describe("Jid.parse", () => {
  for (const [text, local, domain, resource] of valid) {
    it(`reads ${JSON.stringify(text.slice(0, 40))}`, () => {
      const jid = Jid.parse(text);
      assert.deepEqual([jid.local, jid.domain, jid.resource], [local, domain, resource]);
      assert.ok(Jid.isValid(text));
    });
  }

  for (const [text, reason] of invalid) {
    it(`refuses ${JSON.stringify(text.slice(0, 40))}`, () => {
      assert.throws(
        () => Jid.parse(text),
        (error) => error instanceof JidError && reason.test(error.message) && error.message.length < 300,
      );
      assert.ok(!Jid.isValid(text));
    });
  }

  it("changes nothing the second time", () => {
    let accepted = 0;
    fc.assert(
      fc.property(jidText, (text) => {
        if (!Jid.isValid(text)) return;
        accepted += 1;
        const once = Jid.parse(text);
        const twice = Jid.parse(String(once));
        assert.deepEqual(
          [twice.local, twice.domain, twice.resource],
          [once.local, once.domain, once.resource],
          JSON.stringify(text),
        );
      }),
      { numRuns: 5000 },
    );
    assert.ok(accepted > 500, String(accepted));
  });

  it("what it accepts, fromWire accepts and spells the same", () => {
    fc.assert(
      fc.property(jidText, (text) => {
        if (Jid.isValid(text)) assert.ok(Jid.fromWire(String(Jid.parse(text))).equals(text));
      }),
    );
  });

  it("throws nothing but JidError", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        try {
          Jid.parse(text);
        } catch (error) {
          assert.ok(error instanceof JidError, String(error));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("gives a Jid back as it is", () => {
    const jid = Jid.parse("a@b/c");
    assert.equal(Jid.parse(jid), jid);
  });
});

describe("Jid.fromWire", () => {
  it("takes what a server let through although RFC 7622 would not", () => {
    for (const text of [
      "\u2615@b/c",
      "a@b_c",
      "a@B",
      "Juliet@b",
      "a b@c",
      "henri\u2163@b",
      "a@b/\u00a0",
      "a@\u2615",
    ]) {
      assert.equal(String(Jid.fromWire(text)), text);
    }
  });

  it("splits as RFC 7622 §3.1 has it", () => {
    const jid = Jid.fromWire("a.example.com/b@example.net/c");
    assert.deepEqual([jid.local, jid.domain, jid.resource], [undefined, "a.example.com", "b@example.net/c"]);
  });

  it("refuses what has no shape of a JID", () => {
    const long = "\u00e9".repeat(512);
    for (const text of [
      "",
      "@b",
      "a@",
      "/c",
      "a@b/",
      "a@/c",
      "a\u0000@b",
      "a@b\n",
      "a@b/\u007f",
      `${long}@b`,
      `a@${long}`,
      `a@b/${long}`,
    ]) {
      assert.throws(() => Jid.fromWire(text), JidError, JSON.stringify(text.slice(0, 9)));
    }
  });
});

describe("Jid", () => {
  const jid = Jid.parse("juliet@example.com/balcony");

  it("is put together from parts, each checked", () => {
    assert.equal(String(Jid.of("Juliet", "Example.com", "Balcony")), "juliet@example.com/Balcony");
    assert.equal(String(Jid.of(undefined, "example.com")), "example.com");
    assert.equal(String(Jid.of(undefined, "example.com", "x")), "example.com/x");
    assert.throws(() => Jid.of("a/b", "c"), JidError);
    assert.throws(() => Jid.of("", "c"), JidError);
    assert.throws(() => Jid.of("a", "b/c"), JidError);
    assert.throws(() => Jid.of("a", "b@c"), JidError);
    assert.throws(() => Jid.of("a", "b", ""), JidError);
  });

  it("has a bare form", () => {
    assert.equal(String(jid.bare), "juliet@example.com");
    const { bare } = jid;
    assert.equal(bare.bare, bare);
    assert.ok(jid.bare.isBare && !jid.isBare);
  });

  it("takes another resource, checked", () => {
    assert.equal(String(jid.withResource("a\u00a0b")), "juliet@example.com/a b");
    assert.equal(String(jid.bare.withResource("x")), "juliet@example.com/x");
    assert.throws(() => jid.withResource(""), JidError);
    assert.throws(() => jid.withResource("\u0000"), JidError);
  });

  it("is equal to the same address however it is spelt", () => {
    assert.ok(jid.equals("JULIET@EXAMPLE.COM/balcony"));
    assert.ok(jid.equals(Jid.fromWire("juliet@example.com/balcony")));
    assert.ok(!jid.equals("juliet@example.com/Balcony"));
    assert.ok(!jid.equals("juliet@example.com"));
    assert.ok(!jid.equals("romeo@example.com/balcony"));
    assert.ok(!jid.equals("juliet@example.net/balcony"));
    assert.ok(!jid.equals("example.com/balcony"));
  });

  it("is a string in JSON and in templates", () => {
    assert.equal(JSON.stringify({ jid }), '{"jid":"juliet@example.com/balcony"}');
    assert.equal(`${jid}`, "juliet@example.com/balcony");
  });
});
