import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeForm, encodeForm, percentDecode, percentEncode } from "../../../src/testkit/double/form.ts";

const text = fc.string({ unit: "grapheme" }).map((value) => value.toWellFormed());

test("a form comes back as it was", () => {
  const forms = fc.dictionary(text, text, { minKeys: 1 });
  fc.assert(
    fc.property(forms, (form) => {
      assert.deepEqual({ ...(decodeForm(encodeForm(form)) as object) }, { ...form });
    }),
  );
});

test("percent-encoding comes back as it was, and is what URLSearchParams reads", () => {
  fc.assert(
    fc.property(text, (value) => {
      assert.equal(percentDecode(percentEncode(value)), value);
      assert.equal(new URLSearchParams(`x=${percentEncode(value)}`).get("x"), value);
    }),
  );
});

test("a broken escape stays", () => assert.equal(percentDecode("100%, %4 %41"), "100%, %4 A"));

test("without an equals sign the whole is one text", () =>
  assert.equal(decodeForm("just%20text"), "just text"));

test("what is neither text, number nor true is left out", () => {
  const object = { a: "1 2", b: 3, c: true, d: false, e: null, f: ["x"], g: { h: 1 } };
  assert.equal(encodeForm(object), "a=1+2&b=3&c=");
});
