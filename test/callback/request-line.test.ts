import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readRequestLine } from "../../src/callback/index.ts";
import { disagreement } from "../../src/callback/request-line.ts";
import { iq, message, presence, readStanza, writeXml } from "../../src/stanza/index.ts";
import { target } from "./support/harness.ts";

const FROM = "alice@example.com/phone";
const TO = "echo@bots.example.com";

test("what Prosody fills in agrees with the stanza", () => {
  for (const [stanza, kind, type] of [
    [message({ from: FROM, to: TO, type: "chat", body: "x" }), "message", "chat"],
    [message({ from: FROM, to: TO, body: "x" }), "message", undefined],
    [presence({ from: FROM, to: TO }), "presence", undefined],
    [presence({ from: FROM, to: TO, type: "subscribe" }), "presence", "subscribe"],
    [iq({ from: FROM, to: TO, type: "result", id: "1" }), "iq", "result"],
  ] as const) {
    const line = readRequestLine(target({ from: FROM, to: TO, kind, type }));
    assert.equal(disagreement(line, stanza), undefined, writeXml(stanza.element));
  }
});

test("an attribute that the stanza lacks is the literal placeholder, in any order of the parameters", () => {
  const stanza = readStanza(`<message from='${FROM}'><body>x</body></message>`);
  const url = `/callback?type={type}&kind=message&to={to}&from=${encodeURIComponent(FROM)}`;
  assert.equal(disagreement(readRequestLine(url), stanza), undefined);
  assert.equal(disagreement(readRequestLine(url.replace("{type}", "normal")), stanza), "type");
  assert.equal(disagreement(readRequestLine(url.replace("{to}", TO)), stanza), "to");
});

test("each of the four is compared, to the letter", () => {
  const stanza = message({ from: FROM, to: TO, type: "chat", body: "x" });
  const right = { from: FROM, to: TO, kind: "message", type: "chat" };
  for (const [name, values] of Object.entries({
    from: [
      "",
      "alice@example.com",
      `${FROM} `,
      "Alice@example.com/phone",
      "{from}",
      "alice@example.com/Phone",
    ],
    to: ["", `${TO}/x`, "{to}", "echo@bots.example.org"],
    kind: ["", "presence", "Message", "{kind}", "meta"],
    type: ["", "groupchat", "normal", "CHAT"],
  })) {
    for (const value of values) {
      const line = readRequestLine(target({ ...right, [name]: value }));
      assert.equal(disagreement(line, stanza), name, `${name}=${value}`);
    }
  }
  assert.equal(disagreement(readRequestLine(target({ ...right, type: undefined })), stanza), "type");
});

test("a parameter that the URL has not, or has without a value, disagrees", () => {
  const stanza = readStanza("<presence/>");
  assert.equal(disagreement(readRequestLine("/callback"), stanza), "kind");
  assert.equal(disagreement(readRequestLine("/callback?kind=presence"), stanza), "from");
  assert.equal(
    disagreement(readRequestLine("/callback?kind=presence&from={from}&to={to}&type"), stanza),
    "type",
  );
  assert.equal(
    disagreement(readRequestLine("/callback?kind=presence&fromX&from={from}&to={to}&type={type}"), stanza),
    undefined,
  );
});

test("of a parameter that stands twice the first counts, which is Prosody's", () => {
  const line = readRequestLine(`${target({ from: FROM })}&from=eve%40example.com`);
  assert.equal(line.from, FROM);
});

test("what is no percent-encoded UTF-8 is left as it is", () => {
  assert.equal(readRequestLine("/callback?from=%FF%zz&to=100%").from, "%FF%zz");
  assert.equal(readRequestLine("/callback?from=%FF%zz&to=100%").to, "100%");
  assert.equal(readRequestLine("/callback?from=a+b").from, "a+b");
});

test("every address comes back as it was, whatever it holds", () => {
  const odd = fc.constantFrom(
    "%",
    "+",
    "&",
    "=",
    "#",
    "?",
    "/",
    "@",
    "{type}",
    "%41",
    "é",
    "😀",
    "\u202e",
    " ",
    "'",
    "{to}",
  );
  const part = fc.oneof(odd, fc.string({ unit: "grapheme", maxLength: 8 }));
  const resource = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(resource, resource, (one, other) => {
      const line = readRequestLine(target({ from: `a@b/${one}`, to: `c@d/${other}`, type: "chat" }));
      assert.deepEqual(line, { from: `a@b/${one}`, to: `c@d/${other}`, kind: "message", type: "chat" });
    }),
  );
});
