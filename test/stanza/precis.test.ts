import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { opaqueString, PrecisError, usernameCaseMapped } from "../../src/stanza/precis.ts";

const refused = Symbol("refused");

function prepare(profile: (text: string) => string, text: string): string | typeof refused {
  try {
    return profile(text);
  } catch (error) {
    assert.ok(error instanceof PrecisError, String(error));
    return refused;
  }
}

/** Input, as a username (RFC 8265 §3.3), as an opaque string (§4.2). */
const table: readonly (readonly [
  what: string,
  input: string,
  username: string | typeof refused,
  opaque: string | typeof refused,
])[] = [
  ["RFC 8265 table 1", "juliet@example.com", "juliet@example.com", "juliet@example.com"],
  ["RFC 8265 table 1", "fussball", "fussball", "fussball"],
  ["RFC 8265 table 1: sharp s stays", "fußball", "fußball", "fußball"],
  ["RFC 8265 table 1: pi", "π", "π", "π"],
  ["RFC 8265 table 1: capital sigma", "Σ", "σ", "Σ"],
  ["RFC 8265 table 1: small sigma", "σ", "σ", "σ"],
  ["RFC 8265 table 1: final sigma stays", "ς", "ς", "ς"],
  ["RFC 8265 table 2: a space", "foo bar", refused, "foo bar"],
  ["RFC 8265 table 2: nothing", "", refused, refused],
  ["RFC 8265 table 2: Roman numeral four", "henriⅣ", refused, "henriⅣ"],
  ["RFC 8265 table 2: infinity", "∞", refused, "∞"],
  [
    "RFC 8265 table 3: all kinds of ASCII",
    "correct horse battery staple",
    refused,
    "correct horse battery staple",
  ],
  ["RFC 8265 table 3: case stays", "Correct Horse Battery Staple", refused, "Correct Horse Battery Staple"],
  ["RFC 8265 table 3: letters of Greek", "πßå", "πßå", "πßå"],
  ["RFC 8265 table 3: a card", "Jack of ♦s", refused, "Jack of ♦s"],
  ["RFC 8265 table 3: the space of Ogham becomes U+0020", "foo\u1680bar", refused, "foo bar"],
  ["RFC 8265 table 4: a control character", "my cat is a \u0009by", refused, refused],
  ["no-break space", "a\u00a0b", refused, "a b"],
  ["ideographic space", "a\u3000b", refused, "a b"],

  ["full-width letters", "Ａｂ", "ab", "Ａｂ"],
  ["half-width katakana", "ﾌﾟ", "プ", "ﾌﾟ"],
  ["half-width jamo are not composed", "\uffa1\uffc2", refused, "\uffa1\uffc2"],
  ["composition", "a\u030a", "å", "å"],
  ["a singleton", "\u212b", "å", "Å"],
  ["capital sharp s", "ẞ", "ß", "ẞ"],
  ["a letter of Cherokee", "Ꭰ", "ꭰ", "Ꭰ"],
  ["a capital beyond the first plane", "\u{10400}", "\u{10428}", "\u{10400}"],
  ["title case", "ǅ", refused, "ǅ"],
  ["a ligature", "ﬁ", refused, "ﬁ"],
  ["long s", "ſ", refused, "ſ"],
  ["ordinal indicator", "ª", refused, "ª"],
  ["a circled number", "①", refused, "①"],
  ["an emoji", "😀", refused, "😀"],
  ["a family of emoji, whose joiner has no letter before it", "👩\u200d👧", refused, refused],
  ["a syllable of Hangul", "한", "한", "한"],
  ["one spelt in jamo", "\u1112\u1161\u11ab", "한", "한"],
  ["a jamo alone", "\u1112", refused, refused],

  ["RFC 5892 A.1: joiner between Persian letters", "می\u200cخواهم", "می\u200cخواهم", "می\u200cخواهم"],
  ["A.1: after a letter that does not join", "ا\u200cب", refused, refused],
  ["A.1: at the end", "می\u200c", refused, refused],
  ["A.1: at the start", "\u200cمی", refused, refused],
  ["A.1: between Latin letters", "a\u200cb", refused, refused],
  ["A.1: after a virama", "क\u094d\u200cष", "क\u094d\u200cष", "क\u094d\u200cष"],
  ["A.2: joiner after a virama", "क\u094d\u200dष", "क\u094d\u200dष", "क\u094d\u200dष"],
  ["A.2: without one", "क\u200dष", refused, refused],
  ["A.3: between two l", "col·lega", "col·lega", "col·lega"],
  ["A.3: elsewhere", "a·l", refused, refused],
  ["A.3: alone", "·", refused, refused],
  ["A.4: before Greek", "͵α", "͵α", "͵α"],
  ["A.4: before Latin", "͵a", refused, refused],
  ["A.4: at the end", "α͵", refused, refused],
  ["A.5: after Hebrew", "ש׳", "ש׳", "ש׳"],
  ["A.5: at the start", "׳ש", refused, refused],
  ["A.6: after Hebrew", "ש״ש", "ש״ש", "ש״ש"],
  ["A.6: after Latin", "a״", refused, refused],
  ["A.7: beside katakana", "・ア", "・ア", "・ア"],
  ["A.7: beside kanji", "中・", "中・", "中・"],
  ["A.7: alone", "・", refused, refused],
  ["A.8: Arabic-Indic digits", "ب٣", "ب٣", "ب٣"],
  ["A.9: extended ones", "ب۳", "ب۳", "ب۳"],
  ["A.8, A.9: both", "ب٣۳", refused, refused],

  ["RFC 8264 §9.6: allowed exceptions", "〇\u0f0b", "〇\u0f0b", "〇\u0f0b"],
  ["§9.6: tatweel", "ـ", refused, refused],
  ["§9.6: the kana repeat mark", "〱", refused, refused],
  ["§9.10: a soft hyphen", "a\u00adb", refused, refused],
  ["§9.10: a zero-width space", "a\u200bb", refused, refused],
  ["§9.10: a variation selector", "a\ufe0f", refused, refused],
  ["§9.10: a tag", "a\u{e0061}", refused, refused],
  ["§9.10: combining grapheme joiner", "a\u034f", refused, refused],
  ["§9.10: Hangul filler", "\u3164", refused, refused],
  ["§9.10: no character", "\ufdd0", refused, refused],
  ["§9.12: delete", "a\u007f", refused, refused],
  ["unassigned", "\u0378", refused, refused],
  ["private use", "\ue000", refused, refused],
  ["a lone surrogate", "\ud800", refused, refused],
  ["a direction override", "a\u202eb", refused, refused],

  ["RFC 5893: Hebrew", "אב", "אב", "אב"],
  ["RFC 5893: digits after it", "א1", "א1", "א1"],
  ["RFC 5893: a dot inside", "א.ב", "א.ב", "א.ב"],
  ["RFC 5893: a sign at the end", "א-", refused, "א-"],
  ["RFC 5893: digits first", "1א", refused, "1א"],
  ["RFC 5893: Latin inside", "אaב", refused, "אaב"],
  ["RFC 5893: Latin behind a dot", "א.a", refused, "א.a"],
  ["RFC 5893: Latin first", "aא", refused, "aא"],
  ["RFC 5893: Arabic-Indic digits with Latin", "ab٣", refused, "ab٣"],
  ["RFC 5893: two kinds of digits", "ب1٣", refused, "ب1٣"],
  ["RFC 5893: marks at the end", "אב\u05b0", "אב\u05b0", "אב\u05b0"],
];

describe("PRECIS profiles", () => {
  for (const [what, input, username, opaque] of table) {
    it(`${what}: ${JSON.stringify(input)}`, () => {
      assert.equal(prepare(usernameCaseMapped, input), username);
      assert.equal(prepare(opaqueString, input), opaque);
    });
  }

  for (const profile of [usernameCaseMapped, opaqueString]) {
    it(`${profile.name} changes nothing the second time`, () => {
      let accepted = 0;
      const text = fc.string({ unit: "binary", minLength: 1, maxLength: 3 });
      const letters = fc.stringMatching(/^[\p{L}\p{M}\p{Nd}]{1,4}$/u);
      fc.assert(
        fc.property(fc.oneof(text, letters), (input) => {
          const once = prepare(profile, input);
          if (once === refused) return;
          accepted += 1;
          assert.equal(prepare(profile, once), once);
          assert.equal(once.normalize("NFC"), once);
        }),
        { numRuns: 3000 },
      );
      assert.ok(accepted > 300, String(accepted));
    });
  }

  it("changes nothing the second time for any character that has another form", () => {
    let seen = 0;
    for (let code = 0; code <= 0x2ffff; code += 1) {
      const input = String.fromCodePoint(code);
      if (input.toLowerCase() === input && input.normalize("NFKC") === input) continue;
      seen += 1;
      for (const profile of [usernameCaseMapped, opaqueString]) {
        const once = prepare(profile, input);
        if (once !== refused) assert.equal(prepare(profile, once), once, `U+${code.toString(16)}`);
      }
    }
    assert.ok(seen > 5000, String(seen));
  });

  it("names the character", () => {
    assert.throws(() => usernameCaseMapped("a b"), {
      name: "PrecisError",
      message: "U+0020 is not allowed there",
    });
  });
});
