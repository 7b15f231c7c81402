import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  ERROR_CONDITIONS,
  el,
  readXml,
  StanzaError,
  type StanzaErrorCondition,
  type StanzaErrorOptions,
  writeXml,
} from "../../src/stanza/index.ts";

const conditions = Object.keys(ERROR_CONDITIONS) as StanzaErrorCondition[];
const parts = ["condition", "type", "text", "lang", "by", "uri"] as const;

function assertRoundTrip(error: StanzaError): void {
  const again = StanzaError.fromElement(readXml(writeXml(error.toElement())));
  for (const part of parts) assert.equal(again[part], error[part], part);
  assert.equal(again.application?.equals(error.application ?? el("none")), error.application && true);
  assert.equal(again.message, error.message);
}

describe("StanzaError", () => {
  it("knows the 23 conditions of RFC 6120 §8.3.3", () => assert.equal(conditions.length, 23));

  for (const condition of conditions) {
    it(`${condition} goes out and comes back, with the type of the RFC and with any other`, () => {
      const plain = new StanzaError(condition);
      assert.equal(plain.type, ERROR_CONDITIONS[condition]);
      assertRoundTrip(plain);
      for (const type of ["auth", "cancel", "continue", "modify", "wait"] as const) {
        assertRoundTrip(new StanzaError(condition, { type }));
      }
    });
  }

  it("carries text, language, finder, address and an application condition", () => {
    const options: StanzaErrorOptions = {
      type: "modify",
      text: "Zu <viele> Wünsche",
      lang: "de",
      by: "bots.example",
      uri: "xmpp:other@bots.example",
      application: el("too-many-wishes", { xmlns: "urn:x", limit: 3 }, el("wish")),
    };
    assertRoundTrip(new StanzaError("gone", options));
    assert.equal(
      writeXml(new StanzaError("gone", options).toElement()),
      '<error type="modify" by="bots.example">' +
        '<gone xmlns="urn:ietf:params:xml:ns:xmpp-stanzas">xmpp:other@bots.example</gone>' +
        '<text xmlns="urn:ietf:params:xml:ns:xmpp-stanzas" xml:lang="de">Zu &lt;viele&gt; Wünsche</text>' +
        '<too-many-wishes xmlns="urn:x" limit="3"><wish/></too-many-wishes></error>',
    );
  });

  it("is an Error that says what and why, and keeps its cause to itself", () => {
    const cause = new Error("password=hunter2");
    const error = new StanzaError("forbidden", { text: "Members only", cause });
    assert.ok(error instanceof Error);
    assert.deepEqual(
      [error.name, error.message, error.cause],
      ["StanzaError", "forbidden: Members only", cause],
    );
    assert.equal(new StanzaError("forbidden").message, "forbidden");
    assert.ok(!writeXml(error.toElement()).includes("hunter2"));
  });

  it("reads what it does not know as undefined-condition", () => {
    const ns = "urn:ietf:params:xml:ns:xmpp-stanzas";
    for (const child of [
      el("nonsense", { xmlns: ns }),
      el("toString", { xmlns: ns }),
      el("__proto__", { xmlns: ns }),
      el("gone"),
      undefined,
    ]) {
      const error = StanzaError.fromElement(el("error", { type: "nonsense" }, child));
      assert.equal(error.condition, "undefined-condition");
      assert.equal(error.type, "modify");
    }
  });

  it("finds the condition wherever it stands among the children", () => {
    const ns = "urn:ietf:params:xml:ns:xmpp-stanzas";
    const error = StanzaError.fromElement(
      el(
        "error",
        { type: "wait" },
        "\n ",
        el("custom", { xmlns: "urn:x" }),
        el("text", { xmlns: ns }, "Later"),
        el("resource-constraint", { xmlns: ns }),
      ),
    );
    assert.deepEqual(
      [error.condition, error.type, error.text, error.application?.name],
      ["resource-constraint", "wait", "Later", "custom"],
    );
  });
});
