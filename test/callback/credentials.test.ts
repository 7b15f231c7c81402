import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CallbackCredentials } from "../../src/callback/index.ts";

const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

test("the one credential is accepted, and nothing near it", () => {
  const credentials = new CallbackCredentials(["prosody:secret-1"]);
  const right = basic("prosody:secret-1");
  assert.ok(credentials.configured);
  assert.ok(credentials.accepts(right));
  for (const wrong of [
    undefined,
    "",
    "Basic",
    "Basic ",
    `${right}=`,
    `${right} `,
    ` ${right}`,
    `${right}${right}`,
    right.slice(0, -1),
    right.replace("Basic", "basic"),
    right.replace("Basic", "Bearer"),
    basic("prosody:secret-2"),
    basic("prosody:"),
    basic(":secret-1"),
    basic("prosody:secret-1\n"),
    "prosody:secret-1",
  ]) {
    assert.equal(credentials.accepts(wrong), false, JSON.stringify(wrong));
    assert.ok(credentials.accepts(right), "what came before leaves nothing behind");
  }
});

test("two are accepted while one replaces the other, whichever is longer", () => {
  const credentials = new CallbackCredentials(["prosody:new-and-much-longer-than-the-old", "prosody:old"]);
  assert.ok(credentials.accepts(basic("prosody:new-and-much-longer-than-the-old")));
  assert.ok(credentials.accepts(basic("prosody:old")));
  assert.equal(credentials.accepts(basic("prosody:new-and-much-longer")), false);
  assert.equal(credentials.accepts(basic("prosody:ol")), false);
});

test("without any, none is accepted", () => {
  const credentials = new CallbackCredentials([]);
  assert.equal(credentials.configured, false);
  for (const given of [undefined, "", basic("a:b"), "\0"])
    assert.equal(credentials.accepts(given), false, JSON.stringify(given));
});

test("a header is accepted exactly where it is that of a credential", () => {
  const text = fc.string({ unit: "binary-ascii", maxLength: 40 });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 3 }), text, (known, given) => {
      const credentials = new CallbackCredentials(known);
      assert.equal(credentials.accepts(basic(given)), known.includes(given));
    }),
  );
});
