import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JsonStanzaError, jsonToStanza, readForm, readXml, type Stanza } from "../../../src/stanza/index.ts";
import { canonical, lossGoldens, type ToXml, toXmlGoldens } from "./golden.ts";

function read({ json, form }: ToXml): Stanza {
  return form === undefined ? jsonToStanza(json) : readForm(form);
}

describe("jsonToStanza reads what Prosody reads, or what was meant", () => {
  for (const pair of toXmlGoldens) {
    // The examples in LOSSES say there what was meant.
    if (lossGoldens.includes(pair)) continue;
    it(pair.name, () => {
      if (pair.refused !== undefined) {
        assert.throws(
          () => read(pair),
          (error) => error instanceof JsonStanzaError && error.path === pair.refused,
        );
        return;
      }
      const expected = pair.meant ?? pair.xml;
      assert.ok(expected !== undefined, "Prosody fails here, so the pair must say what was meant");
      assert.notEqual(pair.meant, pair.xml, "a declared difference must be one");
      assertSame(read(pair), expected);
    });
  }
});

function assertSame(stanza: Stanza, xml: string): void {
  assert.deepEqual(plain(stanza.element), plain(readXml(xml)));
}

function plain(element: Parameters<typeof canonical>[0]): unknown {
  const { name, ns, attrs, children } = canonical(element);
  return {
    name,
    ns,
    attrs,
    children: children.map((child) => (typeof child === "string" ? child : plain(child))),
  };
}
