import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { textIn } from "../../src/bot/index.ts";

describe("a text", () => {
  const greeting = { fr: "Bonjour", en: "Hello", de: "Hallo", "de-AT": "Servus" };
  for (const [lang, expected] of [
    ["de", "Hallo"],
    ["DE-ch", "Hallo"],
    ["de-at", "Servus"],
    ["de-AT-1996", "Servus"],
    ["it", "Hello"],
    ["", "Hello"],
    [undefined, "Hello"],
    ["constructor", "Hello"],
    [`fr${"-x".repeat(100_000)}`, "Bonjour"],
  ] as const) {
    it(`is ${expected} in ${JSON.stringify(lang?.slice(0, 20))}`, () =>
      assert.equal(textIn(greeting, lang), expected));
  }

  it("is the first where there is none in English, and the same in all languages where there is one", () => {
    assert.equal(textIn({ fr: "Bonjour", de: "Hallo" }, "it"), "Bonjour");
    assert.equal(textIn("Moin", "it"), "Moin");
    assert.equal(textIn({}, "it"), "");
  });
});
