import assert from "node:assert/strict";
import { test } from "node:test";
import { Outside } from "../../../src/outbound/outbox/outside.ts";

test("at first anything may be outside; once all was seen, only what was left there since", () => {
  const outside = new Outside();
  assert.equal(outside.has("a"), true);
  outside.ask();
  outside.add("b");
  outside.answered(true);
  assert.deepEqual([outside.has("a"), outside.has("b"), outside.empty], [false, true, false]);
  outside.ask();
  outside.answered(true);
  assert.equal(outside.empty, true);
});

test("an answer that is a part of it only changes nothing", () => {
  const outside = new Outside();
  outside.ask();
  outside.answered(false);
  assert.equal(outside.has("a"), true);
});

test("an answer to what was asked before things changed tells nothing", () => {
  const outside = new Outside();
  outside.ask();
  outside.addAll();
  outside.answered(true);
  assert.equal(outside.has("a"), true);
});

test("of very many, each is outside all the same", () => {
  const outside = new Outside();
  outside.ask();
  outside.answered(true);
  for (let index = 0; index < 20_000; index += 1) outside.add(`${index}`);
  assert.equal(outside.has("0"), true);
  assert.equal(outside.has("19999"), true);
  outside.ask();
  outside.answered(true);
  assert.equal(outside.empty, true);
});
