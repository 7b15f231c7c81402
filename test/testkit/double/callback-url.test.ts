import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { el } from "../../../src/stanza/index.ts";
import { fillCallbackUrl } from "../../../src/testkit/double/callback-url.ts";

test("each placeholder is filled and percent-encoded", () => {
  const stanza = el("message", { type: "chat", to: "a@b/c d", from: "ü@b" });
  assert.equal(
    fillCallbackUrl("/{kind}/{type}?to={to}&from={from}", stanza),
    "/message/chat?to=a%40b%2fc%20d&from=%c3%bc%40b",
  );
});

test("what has no value stays, unless a default is given", () => {
  const stanza = el("message");
  assert.equal(fillCallbackUrl("{type} {type?normal} {other} {}", stanza), "{type} normal {other} {}");
});

test("an exclamation mark turns the encoding off", () => {
  assert.equal(fillCallbackUrl("{to!}", el("message", { to: "a@b/c" })), "a@b/c");
});

test("no value can leave its place in the URL", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (to) => {
      const filled = fillCallbackUrl("/?to={to}&end", el("message", { to }));
      assert.match(filled, /^\/\?to=[A-Za-z0-9.~_%-]*&end$/);
      const encoded = filled.slice("/?to=".length, -"&end".length);
      assert.equal(decodeURIComponent(encoded), to.toWellFormed());
    }),
  );
});
