import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BotGate, type GateOptions, type Outcome } from "../../src/dispatch/index.ts";
import { presence } from "../../src/stanza/index.ts";
import { type Routes, stanza, turns, type World, words, world } from "./support.ts";

/** A world whose bot `echo` has a gate. */
function gated(routes: Routes, options: GateOptions = {}): World & { readonly gate: BotGate } {
  const made = world({ echo: routes, other: (bot) => bot.on("message:body", (ctx) => ctx.body) });
  const gate = new BotGate(options);
  made.mount.put({ ...made.bot("echo"), gate });
  return Object.assign(made, { gate });
}

const says = (who: string, body: string, to = "echo"): ReturnType<typeof stanza> =>
  stanza(
    `<message type='chat' id='i' from='${who}@example.com/x' to='${to}@bots.example'><body>${body}</body></message>`,
  );
const asks = (): ReturnType<typeof stanza> =>
  stanza(
    "<iq type='get' id='q' from='juliet@example.com/x' to='echo@bots.example'><question xmlns='urn:example'/></iq>",
  );

function told(outcome: Outcome): string {
  if (outcome.kind === "reply") return words(outcome.stanza);
  return outcome.kind === "error" ? `!${outcome.error.condition}` : outcome.kind;
}

describe("a bot with a concurrency", () => {
  it("handles so many at once, the others in the order in which they came, and no other bot waits", async () => {
    const gates = new Map<string, () => void>();
    const begun: string[] = [];
    const { dispatcher } = gated(
      (bot) =>
        bot.on("message:body", async (ctx) => {
          begun.push(`${ctx.from.local} ${ctx.body}`);
          await new Promise<void>((resolve) => gates.set(`${ctx.from.local} ${ctx.body}`, resolve));
          return ctx.body;
        }),
      { concurrency: 2 },
    );
    const all = [says("a", "1"), says("a", "2"), says("b", "1"), says("c", "1"), says("d", "1")].map((each) =>
      dispatcher.dispatch(each),
    );
    await turns();
    assert.deepEqual(begun, ["a 1", "b 1"]);
    assert.equal(told(await dispatcher.dispatch(says("a", "hello", "other"))), "hello");
    gates.get("b 1")?.();
    await turns();
    assert.deepEqual(begun, ["a 1", "b 1", "c 1"]);
    gates.get("a 1")?.();
    gates.get("c 1")?.();
    await turns();
    assert.deepEqual(begun, ["a 1", "b 1", "c 1", "d 1", "a 2"], "behind who came before it could begin");
    gates.get("d 1")?.();
    gates.get("a 2")?.();
    assert.deepEqual((await Promise.all(all)).map(told), ["1", "2", "1", "1", "1"]);
    await dispatcher.idle();
  });

  it("has room again after failures of all kinds", async () => {
    const { dispatcher, gate } = gated(
      (bot) =>
        bot.on("message:body", (ctx) => {
          if (ctx.body === "sync") throw new Error("sync");
          if (ctx.body === "async") return Promise.reject(new Error("async"));
          return "well";
        }),
      { concurrency: 1, breaker: false },
    );
    for (const body of ["sync", "async", "sync", "async"]) await dispatcher.dispatch(says("a", body));
    assert.equal(told(await dispatcher.dispatch(says("b", "x"))), "well");
    await dispatcher.idle();
    assert.deepEqual([gate.running, gate.waiting], [0, 0]);
  });
});

describe("a bot that fails again and again", () => {
  const SORRY = "Sorry, I am not well at the moment. Please try again in a few minutes.";

  it("is left alone for a while, its people are told once, and a trial brings it back", async () => {
    let now = 0;
    let broken = true;
    let runs = 0;
    const { dispatcher, gate } = gated(
      (bot) => {
        bot.on("message:body", () => {
          runs += 1;
          if (broken) throw new Error("broken");
          return "well";
        });
        bot.on("iq:get:urn:example", () => undefined);
      },
      {
        breaker: { failures: 4, pause: 1_000 },
        clock: { now: () => now, after: () => () => undefined },
      },
    );
    const say = async (who: string): Promise<string> => told(await dispatcher.dispatch(says(who, "x")));
    for (const who of ["a", "b", "a", "b"]) await say(who);
    assert.deepEqual([gate.state, runs], ["paused", 4]);
    assert.deepEqual([await say("a"), await say("a"), await say("b")], [SORRY, "silent", SORRY]);
    assert.equal(told(await dispatcher.dispatch(asks())), "!service-unavailable");
    const crowd = stanza(
      "<message type='groupchat' id='g' from='room@rooms.example/x' to='echo@bots.example'><body>hi</body></message>",
    );
    assert.equal(told(await dispatcher.dispatch(crowd)), "silent");
    assert.equal(runs, 4);
    assert.equal(told(await dispatcher.dispatch(says("a", "hi", "other"))), "hi");
    now = 1_000;
    await say("a");
    assert.deepEqual([gate.state, runs], ["paused", 5], "the trial failed");
    now = 3_000;
    broken = false;
    assert.equal(await say("a"), "well");
    assert.equal(gate.state, "running");
    assert.deepEqual([await say("a"), await say("b")], ["well", "well"]);
  });

  it("is not brought down by what it refuses, nor by what is none of its business", async () => {
    const { dispatcher, gate } = gated((bot) => bot.hears("only this", () => "well"), {
      breaker: { failures: 1 },
    });
    for (const who of ["a", "b", "c"]) await dispatcher.dispatch(says(who, "x"));
    assert.equal(gate.state, "running");
  });
});

describe("a bot that is switched off", () => {
  it("says so once to each person, refuses requests, and leaves it to the services who may see it", async () => {
    const { dispatcher, gate } = gated((bot) => bot.on("message:body", () => "well"));
    gate.disabled = true;
    const off = "I am switched off at the moment. Please try again later.";
    const german = stanza(
      "<message xml:lang='de' type='chat' id='i' from='c@example.com/x' to='echo@bots.example'><body>x</body></message>",
    );
    const outcomes = [says("a", "1"), says("a", "2"), says("b", "1"), german, asks()];
    const answers: string[] = [];
    for (const each of outcomes) answers.push(told(await dispatcher.dispatch(each)));
    assert.deepEqual(answers, [
      off,
      "silent",
      off,
      "Ich bin gerade abgeschaltet. Bitte versuche es später noch einmal.",
      "!service-unavailable",
    ]);
    const probe = presence({ type: "probe", from: "a@example.com/x", to: "echo@bots.example" });
    assert.equal(told(await dispatcher.dispatch(probe)), "unhandled");
    gate.disabled = false;
    assert.equal(told(await dispatcher.dispatch(says("a", "3"))), "well");
  });
});
