import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type JsonValue, readXml, writeXml } from "../../src/stanza/index.ts";
import { ModRestCrash, ModRestRefusal, readAsModRest } from "../../src/testkit/json-quirks.ts";
import { canonical, SENDER, toXmlGoldens } from "../stanza/json/golden.ts";

function echoed(json: JsonValue | undefined): string {
  const element = readAsModRest(json);
  return writeXml(canonical(element.withAttrs({ from: element.attr("from") ?? SENDER })));
}

describe("readAsModRest reads exactly what Prosody reads", () => {
  for (const { name, json, xml, status } of toXmlGoldens.filter(({ direction }) => direction === "to-xml")) {
    it(name, () => {
      if (xml !== undefined) assert.equal(echoed(json), writeXml(canonical(readXml(xml))));
      else {
        assert.ok(status === 400 || status === 500);
        assert.throws(() => readAsModRest(json), status === 400 ? ModRestRefusal : ModRestCrash);
      }
    });
  }
});
