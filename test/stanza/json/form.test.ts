import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JsonStanzaError, jsonToStanza, readForm } from "../../../src/stanza/index.ts";
import { canonical, toJsonGoldens } from "./golden.ts";

const flags = ["ping", "markable", "disco"];

describe("readForm reads what Prosody sends as a form", () => {
  for (const { name, form } of toJsonGoldens.filter(({ direction }) => direction === "to-form")) {
    it(name, () => {
      assert.ok(form !== undefined);
      const json = Object.entries(form).map(([key, text]): [string, unknown] => {
        if (key === "priority") return [key, Number(text)];
        return [key, text === "" && flags.includes(key) ? true : text];
      });
      const read = readForm(new TextEncoder().encode(new URLSearchParams(form).toString()));
      assert.ok(canonical(read.element).equals(canonical(jsonToStanza(Object.fromEntries(json)).element)));
    });
  }
});

describe("readForm refuses", () => {
  const cases: [form: string, path: string, message: RegExp][] = [
    ["kind=message&body=a&body=b", "body", /twice/],
    ["kind=message&body", "", /no "="/],
    ["", "kind", /nothing tells the kind/],
    ["kind=message&body=%ff", "body", /percent-encoded UTF-8/],
    ["kind=message&body=%", "body", /percent-encoded UTF-8/],
    ["kind=message&%ff=a", "", /percent-encoded UTF-8/],
    ["kind=message&body=%00", "body", /XML 1\.0/],
    ["kind=presence&priority=high", "priority", /must be a number/],
    ["kind=message&markable=no", "markable", /true or false/],
    ["kind=message&thread=t", "thread", /must be an object/],
  ];
  for (const [form, path, message] of cases) {
    it(JSON.stringify(form), () => {
      assert.throws(
        () => readForm(form),
        (error) => error instanceof JsonStanzaError && error.path === path && message.test(error.message),
      );
    });
  }

  it("nothing because of its names", () => {
    const stanza = readForm("kind=message&__proto__=x&constructor=y&body=a");
    assert.equal(stanza.kind === "message" && stanza.body, "a");
  });
});
