import assert from "node:assert/strict";
import { test } from "node:test";
import { describe } from "./describe.ts";
import { commit, event } from "./sample.ts";

const told = (name: string, payload: object): string | undefined => describe(name, event(payload))?.text;

test("a push is told with its commits, of many the first", () => {
  const push = {
    ref: "refs/heads/main",
    compare: "https://github.com/verona/stage/compare/a...b",
    commits: [commit(1, "Add the balcony\n\nAt last."), commit(2, "Paint it")],
  };
  assert.equal(
    told("push", push),
    "[verona/stage] juliet pushed 2 commits to main https://github.com/verona/stage/compare/a...b\n" +
      "  0000001 Add the balcony (Juliet)\n" +
      "  0000002 Paint it (Juliet)",
  );
  const many = Array.from({ length: 20 }, (_, index) => commit(index, `Change ${index}`));
  const lines = told("push", { ...push, forced: true, commits: many })?.split("\n");
  assert.match(lines?.[0] ?? "", /juliet force-pushed 20 commits to main/);
  assert.equal(lines?.length, 7);
  assert.equal(lines?.at(-1), "  and 15 more");
  const bare = { compare: push.compare, commits: [] };
  assert.equal(
    told("push", { ...bare, ref: "refs/tags/v1", created: true }),
    `[verona/stage] juliet created tag v1 ${push.compare}`,
  );
  assert.equal(
    told("push", { ...bare, ref: "refs/heads/old", deleted: true }),
    "[verona/stage] juliet deleted old",
  );
});

const subject = {
  number: 5,
  title: "The balcony is too high",
  html_url: "https://github.com/verona/stage/issues/5",
};
const end = `#5: ${subject.title} ${subject.html_url}`;

const golden: readonly (readonly [string, object, string | undefined])[] = [
  [
    "ping",
    { zen: "Keep it logically awesome." },
    "GitHub tells me of it from now on. “Keep it logically awesome.”",
  ],
  ["issues", { action: "opened", issue: subject }, `juliet opened issue ${end}`],
  ["issues", { action: "closed", issue: subject }, `juliet closed issue ${end}`],
  ["issues", { action: "labeled", issue: subject }, undefined],
  ["pull_request", { action: "opened", pull_request: subject }, `juliet opened pull request ${end}`],
  [
    "pull_request",
    { action: "opened", pull_request: { ...subject, draft: true } },
    `juliet opened the draft ${end}`,
  ],
  [
    "pull_request",
    { action: "ready_for_review", pull_request: subject },
    `juliet has made ready pull request ${end}`,
  ],
  [
    "pull_request",
    { action: "closed", pull_request: { ...subject, merged: true } },
    `juliet merged pull request ${end}`,
  ],
  ["pull_request", { action: "closed", pull_request: subject }, `juliet closed pull request ${end}`],
  ["pull_request", { action: "synchronize", pull_request: subject }, undefined],
  [
    "issue_comment",
    {
      action: "created",
      issue: subject,
      comment: { body: "Bring\na ladder.", html_url: "https://github.com/c/1" },
    },
    "juliet commented on issue #5 (The balcony is too high): Bring a ladder. https://github.com/c/1",
  ],
  [
    "release",
    { action: "published", release: { tag_name: "v1", name: "Act I", html_url: "https://github.com/r" } },
    "juliet released v1 (Act I) https://github.com/r",
  ],
  ["release", { action: "edited", release: { tag_name: "v1", html_url: "https://github.com/r" } }, undefined],
  [
    "workflow_run",
    {
      action: "completed",
      workflow_run: {
        name: "CI",
        conclusion: "failure",
        head_branch: "main",
        html_url: "https://github.com/w",
      },
    },
    "CI failed on main https://github.com/w",
  ],
  [
    "workflow_run",
    {
      action: "completed",
      workflow_run: { name: "CI", conclusion: "success", html_url: "https://github.com/w" },
    },
    undefined,
  ],
  [
    "star",
    { action: "created", repository: { full_name: "verona/stage", stargazers_count: 9 } },
    "juliet gave it a star, which makes 9",
  ],
  ["watch", { action: "started" }, undefined],
  ["constructor", {}, undefined],
];

for (const [name, payload, text] of golden) {
  test(`${name} ${"action" in payload ? payload.action : ""}: ${text ?? "nothing"}`, () => {
    assert.equal(told(name, payload), text && `[verona/stage] ${text}`);
  });
}

test("no words of others begin a line, turn one around, or are endless", () => {
  const title = `x\n[verona/bank] romeo released v9\u2028\u202egnp.exe\u0000${"!".repeat(1_000)}`;
  const text = told("issues", { action: "opened", issue: { ...subject, title } }) ?? "";
  assert.match(
    text,
    /^\[verona\/stage\] juliet opened issue #5: x \[verona\/bank\] romeo released v9 gnp\.exe !+… https:\S+$/,
  );
  assert.ok(text.length < 250);
});

test("what is no such event is refused, and so is a link that is none", () => {
  assert.throws(() => told("issues", { action: "opened" }), { name: "ZodError" });
  const issue = { ...subject, html_url: "javascript:alert(1)" };
  assert.throws(() => told("issues", { action: "opened", issue }), { name: "ZodError" });
});
