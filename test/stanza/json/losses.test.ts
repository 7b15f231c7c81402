import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import {
  JsonStanzaError,
  jsonToStanza,
  LOSSES,
  type LossEntry,
  type LossId,
  readStanza,
  readXml,
  stanzaToJson,
  writeXml,
} from "../../../src/stanza/index.ts";
import { canonical, canonicalJson, lossGoldens, SENDER, type ToJson, type ToXml } from "./golden.ts";
import { JSON_DOCS, withLosses } from "./losses-docs.ts";

const entries = Object.entries(LOSSES) as [LossId, LossEntry][];

function recorded<T>(id: LossId): T {
  const golden = lossGoldens.find(({ name }) => name === id);
  assert.ok(golden !== undefined, "there is no recording; run test/stanza/json/record.ts");
  return golden as T;
}

function same(xml: string | undefined): string | undefined {
  return xml === undefined ? undefined : writeXml(canonical(readXml(xml)));
}

describe("what mod_rest leaves out of its JSON", () => {
  for (const [id, { direction, effect, xml = "", json }] of entries) {
    if (direction !== "to-json") continue;
    it(id, () => {
      const golden = recorded<ToJson>(id);
      assert.equal(golden.xml, xml);
      assert.equal(golden.json === undefined, effect === "stanza");
      if (json !== undefined) assert.deepEqual(canonicalJson({ from: SENDER, ...json }), golden.json);
      const { lost } = stanzaToJson(readStanza(xml));
      assert.ok(lost.some((loss) => loss.id === id));
    });
  }
});

describe("what mod_rest does not read out of JSON", () => {
  for (const [id, { direction, effect, xml, json, read }] of entries) {
    if (direction !== "to-xml") continue;
    it(id, () => {
      const golden = recorded<ToXml>(id);
      assert.deepEqual(canonicalJson(golden.json ?? null), canonicalJson(json ?? null));
      assert.equal(golden.xml === undefined, effect === "stanza");
      // The echo names a sender in any case.
      const nobody = same(golden.xml)?.replace(` from="${SENDER}"`, "");
      assert.equal(nobody, same(read));
      if (xml === undefined) {
        assert.throws(() => jsonToStanza(json), JsonStanzaError);
        return;
      }
      assert.notEqual(same(read), same(xml), "it must be a loss");
      assert.equal(writeXml(canonical(jsonToStanza(json).element)), same(xml));
    });
  }

  it("is reported where a stanza would run into it", () => {
    // These two come only from JSON that was written by hand.
    const byHand: readonly LossId[] = ["form-map", "control-character"];
    for (const [id, { direction, xml }] of entries) {
      if (direction !== "to-xml" || byHand.includes(id)) continue;
      const { lost } = stanzaToJson(readStanza(xml ?? ""));
      assert.ok(
        lost.some((loss) => loss.id === id),
        id,
      );
    }
  });
});

describe("docs/JSON.md", () => {
  it("has the table as it is now", () => {
    const text = readFileSync(JSON_DOCS, "utf8");
    assert.equal(withLosses(text), text, "run: node --import tsx test/stanza/json/write-docs.ts");
  });
});
