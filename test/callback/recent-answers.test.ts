import assert from "node:assert/strict";
import { test } from "node:test";
import { type Answered, RecentAnswers } from "../../src/callback/recent-answers.ts";
import { message } from "../../src/stanza/index.ts";

const answered: Answered = { stanza: message({ body: "hello" }), answer: { status: 204 } };

test("the oldest is forgotten when there are too many", () => {
  const answers = new RecentAnswers(2, 1_000);
  for (const id of ["1", "2", "3"]) answers.set(id, answered, 1);
  assert.deepEqual(
    ["1", "2", "3"].map((id) => answers.get(id)),
    [undefined, answered, answered],
  );
});

test("and when they are too large together, however often one is given", () => {
  const answers = new RecentAnswers(10, 100);
  for (let time = 0; time < 5; time += 1) answers.set("1", answered, 60);
  assert.equal(answers.get("1"), answered);
  answers.set("2", answered, 40);
  assert.equal(answers.get("1"), answered);
  answers.forget("2");
  answers.set("3", answered, 40);
  assert.equal(answers.get("1"), answered, "what was forgotten takes no room");
  answers.set("4", answered, 1);
  assert.equal(answers.get("1"), undefined);
  answers.set("large", answered, 101);
  assert.equal(answers.get("large"), undefined);
});
