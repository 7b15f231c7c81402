import assert from "node:assert/strict";
import { test } from "node:test";
import { type ContactPolicy, contactRules, defineBot } from "../../../src/bot/index.ts";
import { Jid } from "../../../src/stanza/index.ts";

test("a policy judges accounts, whatever their client", () => {
  const judged = (policy: ContactPolicy | undefined, who: string): string =>
    contactRules({ policy }).judge(Jid.parse(who));
  assert.equal(judged(undefined, "juliet@example.com"), "accept");
  for (const policy of ["accept", "ask", "refuse"] as const)
    assert.equal(judged(policy, "juliet@example.com"), policy);
  const listed = { allow: ["example.com", "romeo@example.net"] };
  assert.equal(judged(listed, "juliet@example.com/balcony"), "accept");
  assert.equal(judged(listed, "romeo@example.net"), "accept");
  assert.equal(judged(listed, "mercutio@example.net"), "refuse");
  assert.equal(judged(listed, "juliet@rooms.example.com"), "refuse");
  assert.equal(judged({ ...listed, otherwise: "ask" }, "mercutio@example.net"), "ask");
});

test("one that is none is refused when the bot is defined, with what would be one", () => {
  const define = (policy: unknown): unknown =>
    defineBot({
      name: "echo",
      summary: "says back",
      contacts: { policy: policy as ContactPolicy },
      routes: () => undefined,
    });
  for (const policy of [
    "everybody",
    { allow: ["juliet@example.com/balcony"] },
    { allow: [], otherwise: "accept" },
  ])
    assert.throws(() => define(policy), { name: "TypeError", message: /give "accept", "ask", "refuse", or/ });
});
