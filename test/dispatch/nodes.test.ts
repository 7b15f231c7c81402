import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import type { Context } from "../../src/bot/index.ts";
import type { Outcome } from "../../src/dispatch/index.ts";
import { Jid, Message } from "../../src/stanza/index.ts";
import { ConflictError, MemoryStore, SharedMemory, StoreIoError } from "../../src/store/index.ts";
import { TestClock } from "../store/support/clock.ts";
import { MovedClock } from "./moved-clock.ts";
import { endAll, type Node, node, Postbox, remember, remembered } from "./node-support.ts";
import { chat, ERROR, only, QUESTION, stanza, turns, WARN, words } from "./support.ts";

const LEASE = 1_000;

after(endAll);

/** Nodes on one memory, whose time the test moves. */
function cluster() {
  const clock = new TestClock();
  const memory = new SharedMemory({ clock: clock.read, leaseDuration: LEASE });
  const postbox = new Postbox();
  return {
    memory,
    postbox,
    /** A node whose bot remembers and echoes what it is told, having waited for the gate of these words. */
    start(gates: Readonly<Record<string, Promise<unknown>>> = {}, options = {}): Node {
      const handle = async (ctx: Context): Promise<string> => {
        await gates[ctx.body ?? ""];
        await remember(ctx);
        return ctx.body ?? "";
      };
      return node(memory, postbox, handle, options);
    },
    /** Lets the time go by after which a node that is silent has lost what it had. */
    pass(): void {
      clock.now += LEASE;
    },
  };
}

/** What the callback was answered with. */
async function said(outcome: Outcome | Promise<Outcome>): Promise<string> {
  const became = await outcome;
  return became.kind === "reply" ? words(became.stanza) : became.kind;
}

async function waiting({ store }: Node): Promise<number> {
  return (await store.counts("inbox")).waiting;
}

/** Lets a node take over until there is nothing left to take over. */
async function settled(...nodes: Node[]): Promise<void> {
  for (const { dispatcher } of nodes) await dispatcher.takeRevived();
  for (const { dispatcher } of nodes) await dispatcher.idle();
  await turns();
}

describe("a conversation that comes to many nodes", () => {
  it("is answered inline by each in turn, and nothing is journaled", async () => {
    const { start, postbox } = cluster();
    const nodes = [start(), start(), start()];
    const expected = Array.from({ length: 30 }, (_, index) => `${index}`);
    for (const [index, body] of expected.entries()) {
      const at = nodes[index % nodes.length] as Node;
      assert.equal(await said(at.dispatcher.dispatch(chat(body), { id: body })), body);
    }
    const [first] = nodes as [Node];
    assert.deepEqual(await remembered(first.store), expected);
    assert.deepEqual(postbox.sent, []);
    assert.deepEqual(await first.store.entries("inbox"), []);
  });

  it("is worked on by one: the other journals what comes, and the one goes on with it, in order", async () => {
    const { start, postbox } = cluster();
    const gate = Promise.withResolvers<void>();
    const one = start({ first: gate.promise });
    const other = start({}, { deadline: 20 });
    const first = one.dispatcher.dispatch(chat("first"));
    assert.equal(await said(other.dispatcher.dispatch(chat("second"))), "accepted");
    assert.equal(await said(other.dispatcher.dispatch(chat("third"))), "accepted");
    await other.dispatcher.idle();
    assert.deepEqual(await remembered(one.store), []);
    gate.resolve();
    assert.equal(await said(first), "first");
    await one.dispatcher.idle();
    assert.deepEqual(await remembered(one.store), ["first", "second", "third"]);
    assert.deepEqual(postbox.words, ["second", "third"]);
    assert.equal(await waiting(one), 0);
  });

  it("is waited for a moment where another node is about to give it back", async () => {
    const { start, postbox } = cluster();
    const gate = Promise.withResolvers<void>();
    const one = start({ first: gate.promise });
    const other = start({}, { deadline: 60_000 });
    const first = one.dispatcher.dispatch(chat("first"));
    const claimed = other.store.leases.claim.bind(other.store.leases);
    let tries = 0;
    Object.assign(other.store.leases, {
      claim: (...args: Parameters<typeof claimed>) => {
        tries += 1;
        if (tries === 3) gate.resolve();
        return claimed(...args);
      },
    });
    assert.equal(await said(other.dispatcher.dispatch(chat("second"))), "second");
    assert.equal(await said(first), "first");
    assert.deepEqual(postbox.sent, []);
    assert.deepEqual(await remembered(one.store), ["first", "second"]);
  });

  it("goes on with what a node that was killed has acknowledged, before what comes anew", async () => {
    const { start, pass, postbox } = cluster();
    const doomed = start({ one: new Promise(() => undefined) }, { ack: "durable" });
    for (const body of ["one", "two", "three"]) {
      assert.equal(await said(doomed.dispatcher.dispatch(chat(body), { id: body })), "accepted");
    }
    doomed.store.crash();
    const next = start({}, { deadline: 20 });
    assert.equal(await said(next.dispatcher.dispatch(chat("four"))), "accepted");
    await settled(next);
    assert.deepEqual(
      await remembered(next.store),
      [],
      "as long as the other may be alive, nothing is taken over",
    );
    pass();
    assert.equal(await said(next.dispatcher.dispatch(chat("five"))), "five");
    await settled(next);
    assert.deepEqual(await remembered(next.store), ["one", "two", "three", "four", "five"]);
    assert.deepEqual(postbox.words, ["one", "two", "three", "four"]);
    assert.equal(await waiting(next), 0);
  });

  it("goes on by itself where nothing comes anew", async () => {
    const { start, pass } = cluster();
    const doomed = start({ one: new Promise(() => undefined) }, { ack: "durable" });
    await doomed.dispatcher.dispatch(chat("one"), { id: "one" });
    doomed.store.crash();
    pass();
    const next = start();
    assert.equal(await next.dispatcher.recover(), 1);
    await next.dispatcher.idle();
    assert.deepEqual(await remembered(next.store), ["one"]);
  });

  it("does not hear twice what is brought to two nodes", async () => {
    const { start, postbox } = cluster();
    const [one, other] = [start(), start()];
    assert.equal(await said(one.dispatcher.dispatch(chat("hello"), { id: "a" })), "hello");
    assert.equal(
      await said(other.dispatcher.dispatch(chat("hello"), { id: "a", repeated: true })),
      "accepted",
    );
    await settled(one, other);
    assert.deepEqual(await remembered(one.store), ["hello"]);
    assert.deepEqual(postbox.sent, []);
  });

  it("puts aside what has ended three nodes", async () => {
    const { memory, start, pass, postbox } = cluster();
    const doomed = () => node(memory, postbox, () => new Promise(() => undefined), { ack: "durable" });
    const first = doomed();
    await first.dispatcher.dispatch(chat("poison"), { id: "poison" });
    first.store.crash();
    for (let times = 0; times < 3; times += 1) {
      pass();
      const next = doomed();
      await next.dispatcher.recover();
      await turns();
      next.store.crash();
    }
    pass();
    const careful = start();
    await careful.dispatcher.recover();
    await careful.dispatcher.idle();
    assert.deepEqual(await remembered(careful.store), []);
    const [entry] = await careful.store.entries("inbox");
    assert.deepEqual([entry?.state, entry?.error], ["dead", "3 processes have ended over it"]);
    assert.equal(await said(careful.dispatcher.dispatch(chat("next"))), "next");
  });

  it("is left by a node that stops to the others, with what waits in it", async () => {
    const { start, memory, postbox } = cluster();
    const stopping = node(memory, postbox, () => new Promise(() => undefined), { ack: "durable" });
    for (const body of ["one", "two"]) await stopping.dispatcher.dispatch(chat(body), { id: body });
    await turns();
    const other = start();
    const woken = Promise.withResolvers<void>();
    other.store.leases.listen(() => woken.resolve());
    stopping.dispatcher.retire();
    stopping.dispatcher.abort();
    await stopping.dispatcher.idle();
    await woken.promise;
    await settled(other);
    assert.deepEqual(await remembered(other.store), ["one", "two"]);
  });

  it("does not hold up another one, nor an IQ", async () => {
    const { start } = cluster();
    const one = start({ slow: new Promise(() => undefined) }, { deadline: 60_000 });
    const other = start({}, { deadline: 60_000 });
    void one.dispatcher.dispatch(chat("slow"));
    await turns();
    const romeo = chat("quick").element.withAttrs({ from: "romeo@example.com/garden" });
    assert.equal(await said(other.dispatcher.dispatch(new Message(romeo))), "quick");
    assert.notEqual(await said(other.dispatcher.dispatch(QUESTION)), "unavailable");
  });
});

describe("a command from a menu that comes to many nodes", () => {
  const CALL = stanza(
    "<iq type='set' id='c' from='juliet@example.com/balcony' to='echo@bots.example'><command xmlns='http://jabber.org/protocol/commands' node='count'/></iq>",
  );

  it("waits for what another node does in its conversation, so that neither loses what the other has set", async () => {
    const { start } = cluster();
    const gate = Promise.withResolvers<void>();
    const clock = new MovedClock();
    const one = start({ slow: gate.promise }, { deadline: 60_000 });
    const other = start({}, { deadline: 60_000, clock });
    const slow = one.dispatcher.dispatch(chat("slow"));
    await turns();
    const called = Promise.resolve(other.dispatcher.dispatch(CALL));
    await clock.pass(5_000);
    gate.resolve();
    assert.equal(await said(slow), "slow");
    await one.dispatcher.idle();
    await clock.pass(5_000);
    assert.notEqual(await said(called), "unavailable");
    assert.deepEqual(await remembered(one.store), ["slow", ""]);
  });

  it("is refused where that one takes too long, as nobody else could answer it; another IQ is not", async () => {
    const { start } = cluster();
    const clock = new MovedClock();
    const one = start({ slow: new Promise(() => undefined) }, { deadline: 60_000 });
    const other = start({}, { deadline: 60_000, clock });
    void one.dispatcher.dispatch(chat("slow"));
    await turns();
    const called = Promise.resolve(other.dispatcher.dispatch(CALL));
    assert.notEqual(await said(other.dispatcher.dispatch(QUESTION)), "unavailable");
    await clock.pass(11_000);
    assert.equal(await said(called), "unavailable");
    assert.deepEqual(await other.store.entries("inbox"), []);
  });
});

describe("a node that was silent for too long", () => {
  /** A bot that stands still in the middle: it has the word until the test says how it goes on. */
  function interrupted(finish: (ctx: Context) => unknown, options = {}) {
    const at = cluster();
    const begun = Promise.withResolvers<AbortSignal>();
    const gate = Promise.withResolvers<void>();
    const handle = async (ctx: Context): Promise<unknown> => {
      begun.resolve(ctx.signal);
      await gate.promise;
      return await finish(ctx);
    };
    const sleepy = node(at.memory, at.postbox, handle, { deadline: 60_000, ...options });
    const sleep = async (): Promise<AbortSignal> => {
      const signal = await begun.promise;
      sleepy.store.pause();
      at.pass();
      sleepy.store.resume();
      return signal;
    };
    return { ...at, sleepy, sleep, wake: () => gate.resolve() };
  }

  it("does not finish what another one took over: it keeps, says and sends nothing", async () => {
    const { sleepy, sleep, wake, start, postbox } = interrupted(
      async (ctx) => {
        await remember(ctx);
        return "too late";
      },
      { ack: "durable" },
    );
    assert.equal(await said(sleepy.dispatcher.dispatch(chat("hello"), { id: "a" })), "accepted");
    const signal = await sleep();
    const other = start();
    await settled(other);
    assert.deepEqual(postbox.words, ["hello"]);
    wake();
    await settled(sleepy);
    assert.deepEqual(postbox.words, ["hello"]);
    assert.deepEqual(await remembered(other.store), ["hello"]);
    assert.deepEqual(await other.store.entries("inbox"), []);
    assert.equal(signal.aborted, true);
    assert.match(String(signal.reason), /another may have taken over/);
    assert.deepEqual(
      sleepy.log.filter(({ level }) => level >= WARN).map(({ level, msg }) => [level, msg]),
      [[WARN, "a stanza was given up here, as another node may have taken over"]],
    );
  });

  it("does not answer, though its handler neither stores nor sends: the stanza has to come again", async () => {
    const { sleepy, sleep, wake, start } = interrupted(() => "too late");
    const outcome = sleepy.dispatcher.dispatch(chat("hello"), { id: "a" });
    await sleep();
    const other = start();
    assert.equal(await said(other.dispatcher.dispatch(chat("next"))), "next");
    wake();
    assert.equal(await said(outcome), "unavailable");
  });

  it("does not store what its handler changed, nor answer with it", async () => {
    const { sleepy, sleep, wake, start } = interrupted(async (ctx) => {
      await remember(ctx);
      return "too late";
    });
    const outcome = sleepy.dispatcher.dispatch(chat("hello"), { id: "a" });
    await sleep();
    wake();
    assert.equal(await said(outcome), "unavailable");
    const other = start();
    assert.equal(
      await said(other.dispatcher.dispatch(chat("hello"), { id: "a", repeated: true })),
      "accepted",
    );
    await settled(other);
    assert.deepEqual(await remembered(other.store), ["hello"]);
  });

  it("does not apologise, though its handler failed, nor put the stanza aside", async () => {
    const { sleepy, sleep, wake, postbox } = interrupted(
      () => {
        throw new Error("on purpose");
      },
      { ack: "durable" },
    );
    await sleepy.dispatcher.dispatch(chat("hello"), { id: "a" });
    await sleep();
    wake();
    await sleepy.dispatcher.idle();
    assert.deepEqual(postbox.sent, []);
    assert.equal((await sleepy.store.find("inbox", "a"))?.state, "waiting");
    assert.deepEqual(
      sleepy.log.filter(({ level }) => level >= ERROR),
      [],
    );
  });

  it("does not begin with what another one has done meanwhile, though it was acknowledged here", async () => {
    const { memory, postbox, pass } = cluster();
    const gate = Promise.withResolvers<void>();
    const begun: string[] = [];
    const sleepy = node(
      memory,
      postbox,
      async (ctx) => {
        begun.push(ctx.body ?? "");
        await gate.promise;
      },
      { ack: "durable" },
    );
    for (const body of ["one", "two"]) await sleepy.dispatcher.dispatch(chat(body), { id: body });
    await turns();
    sleepy.store.pause();
    pass();
    const other = node(memory, postbox, (ctx) => ctx.body);
    await settled(other);
    assert.deepEqual(postbox.words, ["one", "two"]);
    sleepy.store.resume();
    gate.resolve();
    await sleepy.dispatcher.idle();
    assert.deepEqual(begun, ["one"]);
  });

  it("ends a handler that goes on sending, even where it does not wait for that", async () => {
    const failures: unknown[] = [];
    const { sleepy, sleep, wake, postbox } = interrupted(
      async (ctx) => {
        void ctx.reply("one").catch((error: unknown) => failures.push(error));
        void ctx.send("romeo@example.com", "two").catch((error: unknown) => failures.push(error));
        await new Promise((_, reject) =>
          ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason)),
        );
      },
      { ack: "durable" },
    );
    await sleepy.dispatcher.dispatch(chat("hello"), { id: "a" });
    const signal = await sleep();
    wake();
    await sleepy.dispatcher.idle();
    assert.ok(signal.aborted);
    assert.deepEqual(postbox.sent, []);
    assert.equal(failures.length, 2);
    assert.ok(failures.every((error) => error instanceof ConflictError));
  });
});

describe("a store that is away", () => {
  const away = (): Promise<never> => Promise.reject(new StoreIoError("the database is away"));

  it("leaves a stanza unhandled and unacknowledged where nobody can tell whose it is", async () => {
    const { start } = cluster();
    const at = start();
    const { claim } = at.store.leases;
    Object.assign(at.store.leases, { claim: away });
    assert.equal(await said(at.dispatcher.dispatch(chat("hello"))), "unavailable");
    Object.assign(at.store.leases, { claim });
    assert.equal(await said(at.dispatcher.dispatch(chat("again"))), "again");
    assert.deepEqual(await remembered(at.store), ["again"]);
  });

  it("does so too where it cannot be journaled for the node whose it is", async () => {
    const { start } = cluster();
    const one = start({ slow: new Promise(() => undefined) }, { deadline: 60_000 });
    const other = start({}, { deadline: 20 });
    void one.dispatcher.dispatch(chat("slow"));
    await turns();
    other.store.commit = away;
    assert.equal(await said(other.dispatcher.dispatch(chat("hello"))), "unavailable");
  });

  it("does so on one node with what has to be written down first", async () => {
    for (const options of [{ ack: "durable" } as const, { ack: "inline", repeated: true } as const]) {
      const store = new MemoryStore();
      store.commit = away;
      const { ack, ...arrival } = { repeated: false, ...options };
      const handled: unknown[] = [];
      const at = only((ctx) => void handled.push(ctx.body), { store, ack });
      const outcome = await at.dispatcher.dispatch(chat("hello"), { id: "a", ...arrival });
      assert.deepEqual([outcome, handled], [{ kind: "unavailable" }, []]);
    }
  });

  it("keeps a node from giving back what it has, and it does so later", async () => {
    const { start } = cluster();
    const [one, other] = [start(), start({}, { deadline: 20 })];
    const { release } = one.store.leases;
    Object.assign(one.store.leases, { release: away });
    assert.equal(await said(one.dispatcher.dispatch(chat("one"))), "one");
    await one.dispatcher.idle();
    assert.equal(await said(other.dispatcher.dispatch(chat("two"))), "accepted");
    Object.assign(one.store.leases, { release });
    await settled(one);
    assert.deepEqual(await remembered(one.store), ["one", "two"]);
    assert.equal(await said(other.dispatcher.dispatch(chat("three"))), "three");
  });

  it("keeps it no longer than the store is away, though nothing waits", async () => {
    const { start } = cluster();
    const [one, other] = [start(), start()];
    const { release } = one.store.leases;
    Object.assign(one.store.leases, { release: away });
    assert.equal(await said(one.dispatcher.dispatch(chat("one"))), "one");
    await one.dispatcher.idle();
    Object.assign(one.store.leases, { release });
    await settled(one);
    assert.equal(await said(other.dispatcher.dispatch(chat("two"))), "two");
  });
});

describe("a room that the bot is in", () => {
  const room = (body: string, nick: string) =>
    stanza(
      `<message type='groupchat' id='g-${body}' from='court@rooms.example/${nick}' to='echo@bots.example'><body>${body}</body></message>`,
    );
  const told = (nick: string, ...codes: number[]) =>
    stanza(
      `<presence from='court@rooms.example/${nick}' to='echo@bots.example'><x xmlns='http://jabber.org/protocol/muc#user'>${codes.map((code) => `<status code='${code}'/>`).join("")}</x></presence>`,
    );

  it("does not make it talk with itself, whichever node has seen the nickname that the room gave", async () => {
    const { start } = cluster();
    const [one, other] = [start(), start()];
    await one.bot("echo").rooms.join(Jid.parse("court@rooms.example"), "fool");
    assert.equal(await said(other.dispatcher.dispatch(room("asked", "fool"))), "silent");
    assert.equal(await said(other.dispatcher.dispatch(told("fool2", 110, 210))), "silent");
    assert.equal(await said(one.dispatcher.dispatch(room("given", "fool2"))), "silent");
    assert.equal(await said(one.dispatcher.dispatch(room("taken", "fool"))), "taken");
    const third = start();
    assert.equal(await said(third.dispatcher.dispatch(room("late", "fool2"))), "silent");
    assert.equal(await said(third.dispatcher.dispatch(room("heard", "juliet"))), "heard");
  });

  it("has ids for what the bot says there which all nodes know, whichever has seen them", async () => {
    const memory = new SharedMemory();
    const postbox = new Postbox();
    const named = (ctx: Context): string => ctx.bot.rooms.ownId(ctx.from, "theirs") ?? "not known";
    const start = (): Node => node(memory, postbox, named);
    const [one, other] = [start(), start()];
    await one.bot("echo").rooms.join(Jid.parse("court@rooms.example"), "fool");
    const reflected =
      "<message type='groupchat' id='mine' from='court@rooms.example/fool' to='echo@bots.example'><body>a</body><stanza-id xmlns='urn:xmpp:sid:0' by='court@rooms.example' id='theirs'/></message>";
    assert.equal(await said(one.dispatcher.dispatch(stanza(reflected))), "silent");
    const reply =
      "<message type='groupchat' id='re' from='court@rooms.example/juliet' to='echo@bots.example'><body>b</body><reply xmlns='urn:xmpp:reply:0' id='theirs'/></message>";
    assert.equal(await said(other.dispatcher.dispatch(stanza(reply))), "mine");
  });

  it("is known as such to a node that goes on with what another one acknowledged", async () => {
    const { start, pass } = cluster();
    const doomed = start({}, { ack: "durable" });
    await doomed.bot("echo").rooms.join(Jid.parse("court@rooms.example"), "fool");
    const gone = doomed.dispatcher.dispatch(room("own", "fool"));
    assert.equal(await said(gone), "accepted");
    doomed.store.crash();
    pass();
    const next = start();
    await settled(next);
    assert.deepEqual(await remembered(next.store, "court@rooms.example"), []);
    assert.deepEqual(await next.store.entries("inbox"), []);
  });

  it("is judged by what is stored alone: where that cannot be read, nothing is", async () => {
    const { start } = cluster();
    const at = start();
    at.store.get = () => Promise.reject(new StoreIoError("the database is away"));
    assert.equal(await said(at.dispatcher.dispatch(room("hello", "juliet"))), "unavailable");
  });
});
