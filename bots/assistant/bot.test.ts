import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { test } from "node:test";
import { el } from "restanza/stanza";
import { type Testbed, type TestUser, testbed } from "restanza/testkit";
import assistant from "./bot.ts";
import { event, StandIn } from "./stand-in.ts";

const KEY = "sk-do-not-tell";

async function start(
  model: StandIn,
  config: object = {},
  failures: "throw" | "tell" = "throw",
): Promise<Testbed> {
  return await testbed(assistant, {
    config: { url: model.url, model: "stand-in", apiKey: KEY, ...config },
    failures,
  });
}

/** The client of somebody shows corrections. */
function showsCorrections(user: TestUser): void {
  const feature = el("feature", { var: "urn:xmpp:message-correct:0" });
  user.answers("http://jabber.org/protocol/disco#info", () =>
    el("query", { xmlns: "http://jabber.org/protocol/disco#info" }, feature),
  );
}

/** Resolves when somebody gets these words. */
function gets(user: TestUser, words: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  user.listen((stanza) => {
    if (stanza.kind === "message" && stanza.body === words) resolve();
  });
  return promise;
}

test("answers with what the model says, and tells it what was said before", async () => {
  await using model = await StandIn.start();
  await using bed = await start(model, { system: "Be brief.", parameters: { max_tokens: 7 } });
  const { alice, bob } = bed;
  model.says("In ", "Verona.");
  (await alice.says("Where does Juliet live?")).expect("In Verona.");
  await bed.restart();
  (await alice.says("And Romeo?")).expect("You said: And Romeo?");
  assert.deepEqual(model.asked.at(-1), {
    authorization: `Bearer ${KEY}`,
    body: {
      model: "stand-in",
      stream: true,
      max_tokens: 7,
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Where does Juliet live?" },
        { role: "assistant", content: "In Verona." },
        { role: "user", content: "And Romeo?" },
      ],
    },
  });
  await bob.says("hello");
  assert.equal(model.asked.at(-1)?.body.messages.length, 2, "nobody is told what others have said");
  assert.ok(!bed.transcript().includes(KEY));
});

test("shows an answer as it grows", async () => {
  await using model = await StandIn.start();
  await using bed = await start(model);
  const { alice, clock } = bed;
  showsCorrections(alice);
  const answering = Promise.withResolvers<ServerResponse>();
  model.next(answering.resolve);
  const first = gets(alice, "To be");
  const said = alice.says("What is the question?");
  const response = await answering.promise;
  response.write(event({ delta: { content: "To be" } }));
  await first;
  const more = gets(alice, "To be or not");
  response.write(event({ delta: { content: " or not" } }));
  await clock.advance("2s");
  await more;
  response.end(`${event({ delta: { content: " to be." } })}data: [DONE]\n\n`);
  const replies = await said;
  replies.expect("To be", "To be or not", "To be or not to be.");
  assert.deepEqual(
    replies.all.map(({ corrects }) => corrects),
    [undefined, replies.all[0]?.id, replies.all[0]?.id],
  );
});

test("remembers no more than it may, and forgets when it is told to", async () => {
  await using model = await StandIn.start();
  await using bed = await start(model, { history: { exchanges: 2, characters: 100 } });
  const { alice } = bed;
  const known = (): (string | undefined)[] =>
    model.asked.at(-1)?.body.messages.flatMap(({ role, content }) => (role === "user" ? [content] : [])) ??
    [];
  for (const question of ["one", "two", "three", "four"]) await alice.says(question);
  assert.deepEqual(known(), ["two", "three", "four"]);
  await alice.says("x".repeat(80));
  await alice.says("five");
  assert.deepEqual(known(), ["five"], "what is too long for the memory takes the place of all before it");
  await alice.says("forget about Romeo");
  assert.deepEqual(known(), ["five", "forget about Romeo"]);
  (await alice.says("forget")).expect("I have forgotten what we talked about.");
  await alice.says("six");
  assert.deepEqual(known(), ["six"]);
  await bed.clock.advance("25h");
  await alice.says("seven");
  assert.deepEqual(known(), ["seven"]);
});

test("speaks in rooms only when it is called, and knows who spoke", async () => {
  await using model = await StandIn.start();
  await using bed = await start(model);
  const { alice, bob, room } = bed;
  const lobby = await room("lobby");
  (await alice.in(lobby).says("is the assistant there?")).expect();
  (await alice.in(lobby).says("assistant: who am I?")).expect("You said: alice: who am I?");
  (await bob.in(lobby).says("@assistant and I?")).expect("You said: bob: and I?");
  assert.deepEqual(
    model.asked
      .at(-1)
      ?.body.messages.map(({ content }) => content)
      .slice(1),
    ["alice: who am I?", "You said: alice: who am I?", "bob: and I?"],
  );
  (await bob.in(lobby).says("assistant: forget")).expect("I have forgotten what we talked about.");
});

test("says politely why there is no answer, and tells the operator more", async () => {
  await using model = await StandIn.start();
  await using bed = await start(model);
  const { alice } = bed;
  model.refuses(401);
  (await alice.says("one")).expect(/does not let me in/);
  model.refuses(429, { "retry-after": "30" });
  (await alice.says("two")).expect(/try again in 30 seconds/);
  model.refuses(429, { "retry-after": "soon" });
  (await alice.says("three")).expect(/too much to do. Please try again later/);
  model.refuses(503);
  (await alice.says("four")).expect(/out of order/);
  model.refuses(400, {}, `max_tokens is not supported, ${KEY}${"!".repeat(100_000)}`);
  (await alice.says("five")).expect(/did not understand me/);
  model.says();
  (await alice.says("six")).expect("I have no answer to that.");
  model.next((response) => void response.end("data: no JSON\n\n"));
  (await alice.says("seven")).expect(/out of order/);
  model.next((response) => void response.end(event({ delta: { content: "x".repeat(1_000_000) } })));
  (await alice.says("eight")).expect(/out of order/);
  model.next((response) => void response.end(`data: {"error":{"message":"overloaded"}}\n\n`));
  (await alice.says("nine")).expect(/out of order/);
  (await alice.says({ de: "zehn" })).expect("You said: zehn");
  assert.equal(model.asked.at(-1)?.body.messages.length, 2, "what had no answer is not remembered");
  await model[Symbol.asyncDispose]();
  (await alice.says("eleven")).expect(/cannot reach/);
  assert.match(bed.transcript(), /max_tokens is not supported/);
  assert.ok(
    !bed.transcript().includes(KEY),
    "an endpoint that repeats the key does not bring it into the log",
  );
});

test("keeps what came of an answer that breaks off, and tells one that was cut", async () => {
  await using model = await StandIn.start();
  await using bed = await start(model, {}, "tell");
  const { alice } = bed;
  model.next((response) => {
    response.write(event({ delta: { content: "To be or" } }), () => response.destroy());
  });
  (await alice.says("one")).expect(/^To be or …\n\nSorry/);
  model.next((response) => void response.end(event({ delta: { content: "not" } })));
  (await alice.says("two")).expect(/^not …\n\nSorry/);
  model.next(
    (response) => void response.end(event({ delta: { content: "to be" }, finish_reason: "length" })),
  );
  (await alice.says("three")).expect("to be […]");
});

test("asks no more than each person may, and reads no more than it may", async () => {
  await using model = await StandIn.start();
  await using bed = await start(model, { rateLimit: { points: 2, duration: 60_000 }, longestQuestion: 10 });
  const { alice, bob } = bed;
  (await alice.says("hello")).expect("You said: hello");
  (await alice.says("hello again")).expect(/too long/);
  (await alice.says("hello")).expect(/too much for me at once/);
  (await alice.says("hello")).expect();
  (await bob.says("hello")).expect("You said: hello");
  assert.equal(model.asked.length, 2);
});

test("says what it lacks as long as nobody has configured it", async () => {
  await using bed = await testbed(assistant);
  (await bed.alice.says("hello")).expect(/has to set ASSISTANT_URL and ASSISTANT_MODEL/);
});
