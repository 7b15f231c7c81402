import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  type JsonLimits,
  JsonStanzaError,
  jsonToStanza,
  readForm,
  readJson,
} from "../../../src/stanza/index.ts";
import { checkDepth, jsonLimits } from "../../../src/stanza/json/json-limits.ts";
import { scanJson } from "../../../src/stanza/json/scan-json.ts";

function refuses(run: () => unknown, message: RegExp): void {
  assert.throws(run, (error) => error instanceof JsonStanzaError && message.test(error.message));
}

describe("limits of JSON", () => {
  const text = '{"kind":"message","body":"ä"}';
  const bytes = new TextEncoder().encode(text);

  it("bytes, at the edge and at 0", () => {
    assert.equal(readJson(text, { bytes: bytes.length }).kind, "message");
    assert.equal(readJson(bytes, { bytes: bytes.length }).kind, "message");
    refuses(() => readJson(text, { bytes: bytes.length - 1 }), /larger than 29 bytes/);
    refuses(() => readJson(bytes, { bytes: bytes.length - 1 }), /larger than 29 bytes/);
    refuses(() => readJson(" ", { bytes: 0 }), /larger than 0 bytes/);
  });

  it("depth, at the edge and at 0", () => {
    const json = { kind: "message", reactions: { reactions: ["a"] } };
    for (const read of [
      jsonToStanza,
      (value: unknown, limits: Partial<JsonLimits>) => readJson(JSON.stringify(value), limits),
    ]) {
      assert.equal(read(json, { depth: 3 }).kind, "message");
      refuses(() => read(json, { depth: 2 }), /nested deeper than 2/);
      refuses(() => read(json, { depth: 0 }), /nested deeper than 0/);
    }
  });

  it("values, at the edge and at 0", () => {
    const json = { kind: "message", reactions: { reactions: ["a", "b"] } };
    for (const read of [
      jsonToStanza,
      (value: unknown, limits: Partial<JsonLimits>) => readJson(JSON.stringify(value), limits),
    ]) {
      assert.equal(read(json, { values: 5 }).kind, "message");
      refuses(() => read(json, { values: 4 }), /holds more than 4 values/);
      refuses(() => read(json, { values: 0 }), /holds more than 0 values/);
    }
    assert.equal(readForm("kind=message&body=a", { values: 2 }).kind, "message");
    refuses(() => readForm("kind=message&body=a", { values: 1 }), /more than 1/);
  });

  it("are whole numbers from 0 up, and depth is bounded", () => {
    for (const limits of [
      { bytes: -1 },
      { depth: 1.5 },
      { values: Number.NaN },
      { depth: 1001 },
      { depth: Infinity },
    ]) {
      assert.throws(() => jsonToStanza({}, limits), RangeError);
    }
    assert.equal(readJson(text, { bytes: Infinity, values: Infinity, depth: 1000 }).kind, "message");
  });

  it("are the same for text as for what was made of it", () => {
    const limits = fc.record({ depth: fc.nat(5), values: fc.nat(12) });
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), limits, fc.constantFrom(0, 1), (value, given, indent) => {
        const all = jsonLimits(given);
        const json = JSON.stringify(value, undefined, indent);
        assert.equal(
          outcome(() => scanJson(json, all)),
          outcome(() => checkDepth(value, all)),
          json,
        );
      }),
      { numRuns: 2000 },
    );
  });
});

/** Which of two limits is met first may differ. */
function outcome(run: () => void): boolean {
  try {
    run();
    return true;
  } catch (error) {
    assert.ok(error instanceof JsonStanzaError);
    return false;
  }
}

describe("hostile JSON", () => {
  it("nested 100,000 deep is refused, whatever it is made of", () => {
    const deep = (open: string, close: string): string =>
      `{"kind":"message","payload":${open.repeat(1e5)}1${close.repeat(1e5)}}`;
    refuses(() => readJson(deep("[", "]")), /nested deeper than 100/);
    refuses(() => readJson(deep('{"forwarded":', "}"), { bytes: Infinity }), /nested deeper than 100/);
    refuses(() => readJson("[".repeat(1e5)), /nested deeper than 100/);
  });

  it("is refused where a text would become too many elements", () => {
    const form = (lines: number) => ({ fields: [{ type: "text-multi", value: "\n".repeat(lines - 1) }] });
    const archive = (ids: number) => ({
      kind: "iq",
      id: "1",
      type: "set",
      archive: { ids: `1${",1".repeat(ids - 1)}` },
    });
    const stanza = jsonToStanza({ kind: "message", dataform: form(10_000) });
    assert.equal(stanza.child("x", "jabber:x:data")?.elements[0]?.elements.length, 10_000);
    refuses(
      () => jsonToStanza({ kind: "message", dataform: form(10_001) }),
      /at dataform\.fields\[0\]\.value: .*10000 parts/,
    );
    assert.equal(jsonToStanza(archive(10_000)).kind, "iq");
    refuses(() => jsonToStanza(archive(10_001)), /at archive\.ids: .*10000 parts/);
  });

  it("may hold brackets in its texts", () => {
    const body = `${"[{".repeat(500)}\\"`;
    const stanza = readJson(JSON.stringify({ kind: "message", body }));
    assert.equal(stanza.kind === "message" && stanza.body, body);
  });

  it("is refused where it is no UTF-8, has a byte order mark, or is no JSON", () => {
    refuses(() => readJson(new Uint8Array([0x7b, 0xff, 0x7d])), /no UTF-8/);
    refuses(() => readJson(new TextEncoder().encode("\ufeff{}")), /no JSON/);
    for (const text of [
      "",
      "{",
      '{"a":}',
      "{'a':1}",
      '{"a":1}x',
      '{"priority":inf}',
      '{"a":"\u0001"}',
      "[1,]",
      '"',
      '{"a":"\\"}',
    ]) {
      refuses(() => readJson(text), /no JSON/);
    }
  });

  it("is refused where a text cannot stand in XML", () => {
    for (const bad of ["\u0000", "\ud800", "\ufffe"]) {
      refuses(() => jsonToStanza({ kind: "message", body: bad }), /at body: .*XML 1\.0/);
      refuses(() => jsonToStanza({ kind: "message", id: bad }), /at id: /);
      refuses(() => jsonToStanza({ kind: "message", formdata: { [bad]: "x" } }), /XML 1\.0/);
    }
  });

  it("cannot reach a prototype", () => {
    const stanza = readJson(
      '{"kind":"message","__proto__":{"body":"evil","polluted":true},"constructor":{"prototype":{"polluted":true}},' +
        '"formdata":{"__proto__":"v","constructor":"w"},"disco":{"extensions":{"__proto__":{"__proto__":["x"]}}}}',
    );
    assert.equal(stanza.kind === "message" && stanza.body, undefined);
    assert.equal(Reflect.get({}, "polluted"), undefined);
    const fields = stanza.child("x", "jabber:x:data")?.elements.map((field) => field.attr("var"));
    assert.deepEqual(fields, ["__proto__", "constructor"]);
  });

  it("makes a stanza or a JsonStanzaError, never anything else", () => {
    const keys = fc.constantFrom(
      ..."kind type to from id lang body thread state html disco items command dataform formdata oob oob_url error payload archive forwarded reactions stanza_ids muc join priority ping version blocklist stats upload_request rsm".split(
        " ",
      ),
    );
    const nested = fc.constantFrom(
      ..."fields value values options var type node features identities extensions actions note text form data message condition by jid id with ids max page size reactions url".split(
        " ",
      ),
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.constantFrom(
          null,
          true,
          false,
          0,
          -1,
          1.5,
          "",
          "a",
          "iq",
          "message",
          "presence",
          "set",
          "error",
          "\u0000",
          "<p>",
        ),
        fc.dictionary(nested, tie("value"), { maxKeys: 4 }),
        fc.array(tie("value"), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(
        fc.dictionary(keys, value, { maxKeys: 6 }),
        fc.constantFrom("message", "presence", "iq", undefined),
        (json, kind) => {
          try {
            jsonToStanza(kind === undefined ? json : { ...json, kind });
          } catch (error) {
            if (!(error instanceof JsonStanzaError)) throw error;
          }
        },
      ),
      { numRuns: 10_000 },
    );
  });
});
