import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  type Element,
  JsonStanzaError,
  jsonToStanza,
  readJson,
  stanzaToJson,
} from "../../../src/stanza/index.ts";
import { ModRestCrash, readAsModRest } from "../../../src/testkit/json-quirks.ts";
import { stanzas } from "./arbitrary.ts";
import { canonical } from "./golden.ts";

function survives(element: Element, read: () => Element): boolean {
  try {
    return canonical(read()).equals(canonical(element));
  } catch (error) {
    if (error instanceof JsonStanzaError || error instanceof ModRestCrash) return false;
    throw error;
  }
}

describe("a stanza in JSON", () => {
  it("comes back whole, to us and to mod_rest, exactly where no loss is reported", () => {
    let whole = 0;
    fc.assert(
      fc.property(stanzas, (stanza) => {
        // Of two addresses mod_rest tells the first whole and the last alone, which now and then is enough for both.
        fc.pre(stanza.element.childrenNamed("x", "jabber:x:oob").length < 2);
        const { json, lost } = stanzaToJson(stanza);
        const ours = survives(stanza.element, () => jsonToStanza(json).element);
        const theirs = survives(stanza.element, () => readAsModRest(json));
        if (lost.length === 0) whole += 1;
        assert.equal(ours && theirs, lost.length === 0, JSON.stringify({ ours, theirs, lost, json }));
      }),
      { numRuns: 3000 },
    );
    assert.ok(whole > 600, `only ${whole} stanzas were without loss, too few to tell`);
  });

  it("is the same as text", () => {
    fc.assert(
      fc.property(stanzas, (stanza) => {
        const { json, lost } = stanzaToJson(stanza);
        fc.pre(lost.length === 0);
        assert.ok(canonical(readJson(JSON.stringify(json)).element).equals(canonical(stanza.element)));
      }),
      { numRuns: 500 },
    );
  });

  it("reports every loss with a path that leads into the stanza", () => {
    fc.assert(
      fc.property(stanzas, (stanza) => {
        for (const { path } of stanzaToJson(stanza).lost)
          assert.match(path, new RegExp(`^${stanza.kind}(?:/|$)`));
      }),
      { numRuns: 500 },
    );
  });
});
