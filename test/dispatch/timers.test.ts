import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import type { Composer } from "../../src/bot/index.ts";
import { BotGate } from "../../src/dispatch/index.ts";
import type { Message } from "../../src/stanza/index.ts";
import { MemoryStore, SharedMemory, type Store } from "../../src/store/index.ts";
import { MovedClock, START } from "./moved-clock.ts";
import { Postbox } from "./node-support.ts";
import { chat, ERROR, type RecordingSender, stanza, type World, world } from "./support.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const running: World[] = [];

after(() => {
  for (const { dispatcher } of running) dispatcher.abort();
});

interface Setting {
  readonly clock: MovedClock;
  readonly memory: SharedMemory;
  readonly postbox: Postbox;
  start(routes: (bot: Composer) => unknown, store?: Store): Promise<World>;
}

function setting(): Setting {
  const clock = new MovedClock();
  const memory = new SharedMemory({ clock: () => clock.now(), leaseDuration: 10_000 });
  const postbox = new Postbox();
  return {
    clock,
    memory,
    postbox,
    async start(routes, store = memory.open()) {
      const senders = (): RecordingSender => ("pause" in store ? postbox.of(store as never) : postbox);
      const made = world({ echo: routes }, { store, clock, senders });
      running.push(made);
      await made.dispatcher.startTimers();
      return made;
    },
  };
}

function remindful(bot: Composer): void {
  bot.hears(/^in (\S+) (.+)$/, async (ctx) => {
    const { id } = await ctx.remind(ctx.match[1] ?? "", ctx.match[2] ?? "");
    return `number ${id}`;
  });
  bot.hears("list", async (ctx) =>
    (await ctx.reminders.list()).map(({ id, data }) => `${id} ${data}`).join(", "),
  );
  bot.hears(/^cancel (\d+)$/, async (ctx) => String(await ctx.reminders.cancel(Number(ctx.match[1]))));
}

async function tell({ dispatcher }: World, body: string): Promise<string | undefined> {
  const outcome = await dispatcher.dispatch(chat(body));
  return outcome.kind === "reply" ? (outcome.stanza as Message).body : outcome.kind;
}

describe("a bot that is switched off, or has not what it needs", () => {
  for (const state of ["off", "not ready"]) {
    it(`does nothing at its times, and what was due comes late, once it is back (${state})`, async () => {
      const { clock, postbox, start } = setting();
      const made = await start((bot) => {
        remindful(bot);
        bot.every(
          "10m",
          { name: "ten" },
          async (tick) => void (await tick.send("juliet@example.com", "ten")),
        );
      });
      const gate = new BotGate();
      made.mount.put({ ...made.bot("echo"), gate });
      await tell(made, "in 5m tea");
      const sleep = (asleep: boolean): void => {
        if (state === "off") gate.disabled = asleep;
        else gate.ready = !asleep;
      };
      sleep(true);
      await clock.pass(30 * MINUTE);
      assert.deepEqual(postbox.words, []);
      await made.dispatcher.startTimers();
      sleep(false);
      await clock.pass(MINUTE);
      await made.dispatcher.idle();
      assert.deepEqual(postbox.words.sort(), ["tea", "ten"]);
      await clock.pass(10 * MINUTE);
      await made.dispatcher.idle();
      assert.deepEqual(postbox.words.sort(), ["tea", "ten", "ten"]);
    });
  }
});

describe("a reminder", () => {
  it("is said when it is due, once, to the person rather than a client", async () => {
    const { clock, postbox, start } = setting();
    const bot = await start(remindful);
    assert.equal(await tell(bot, "in 1h30m tea"), "number 1");
    await clock.pass(90 * MINUTE - 1);
    assert.deepEqual(postbox.words, []);
    await clock.pass(1);
    assert.deepEqual(postbox.words, ["tea"]);
    assert.equal(String(postbox.sent[0]?.to), "juliet@example.com");
    await clock.pass(2 * HOUR);
    assert.deepEqual(postbox.words, ["tea"]);
  });

  it("survives its process", async () => {
    const { clock, memory, postbox, start } = setting();
    const store = memory.open();
    await tell(await start(remindful, store), "in 1h tea");
    store.crash();
    await clock.pass(3 * HOUR);
    assert.deepEqual(postbox.words, []);
    await start(remindful);
    await clock.pass(10);
    assert.deepEqual(postbox.words, ["tea"]);
  });

  it("leaves nothing in the store once it is cancelled, also where it is to be tried again", async () => {
    const { clock, memory, start } = setting();
    const bot = await start((on) => {
      remindful(on);
      on.timer("fail", () => {
        throw new Error("on purpose");
      });
      on.hears("fail", async (ctx) => String((await ctx.schedule("fail", 1_000)).id));
    });
    const store = memory.open();
    await tell(bot, "in 1h tea");
    await tell(bot, "fail");
    await clock.pass(1_000);
    assert.equal((await store.entries("timers")).length, 2);
    for (const number of [1, 2]) assert.equal(await tell(bot, `cancel ${number}`), "true");
    assert.deepEqual(await store.entries("timers"), []);
  });

  it("is not said where it becomes due while it is being cancelled", async () => {
    const { clock, postbox, start } = setting();
    const asked = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    let runs = 0;
    const bot = await start(
      (on) => {
        remindful(on);
        on.hears("slowly", async (ctx) => {
          runs += 1;
          await ctx.reminders.cancel(1);
          asked.resolve();
          await go.promise;
          return "cancelled";
        });
      },
      new MemoryStore({ clock: () => clock.now() }),
    );
    await tell(bot, "in 10s tea");
    const telling = tell(bot, "slowly");
    await asked.promise;
    await clock.pass(10_000);
    go.resolve();
    await telling;
    await bot.dispatcher.idle();
    await clock.pass(MINUTE);
    assert.equal(runs, 2);
    assert.deepEqual(postbox.words, ["cancelled"]);
  });

  it("is listed and cancelled where it was set, and nowhere else", async () => {
    const { clock, postbox, start } = setting();
    const bot = await start(remindful);
    await tell(bot, "in 2h late");
    await tell(bot, "in 1h soon");
    assert.equal(await tell(bot, "list"), "2 soon, 1 late");
    const other = await bot.dispatcher.dispatch(
      stanza(
        "<message type='chat' from='romeo@example.com/x' to='echo@bots.example'><body>cancel 1</body></message>",
      ),
    );
    assert.equal(other.kind === "reply" && (other.stanza as Message).body, "false");
    assert.equal(await tell(bot, "cancel 2"), "true");
    assert.equal(await tell(bot, "cancel 2"), "false");
    await clock.pass(3 * HOUR);
    assert.deepEqual(postbox.words, ["late"]);
  });

  it("is not kept where the handler fails after it", async () => {
    const { clock, postbox, start } = setting();
    const bot = await start((routes) =>
      routes.hears("go", async (ctx) => {
        await ctx.remind("1m", "never");
        throw new Error("no");
      }),
    );
    await tell(bot, "go");
    await clock.pass(HOUR);
    assert.deepEqual(postbox.words, []);
  });
});

describe("a timer", () => {
  it("waits for the message that is being handled in its conversation", async () => {
    const { clock, postbox, start } = setting();
    const gate = Promise.withResolvers<void>();
    const order: string[] = [];
    const bot = await start((routes) => {
      routes.timer<string>("note", (ctx) => {
        order.push(ctx.timer.data);
        return "noted";
      });
      routes.hears("set", async (ctx) => void (await ctx.schedule("note", 1_000, "timer")));
      routes.hears("slow", async () => {
        await gate.promise;
        order.push("message");
      });
    });
    await tell(bot, "set");
    const slow = bot.dispatcher.dispatch(chat("slow"));
    await clock.pass(10_000);
    assert.deepEqual(order, []);
    gate.resolve();
    await slow;
    await clock.pass(MINUTE);
    assert.deepEqual(order, ["message", "timer"]);
    assert.deepEqual(postbox.words, ["noted"]);
  });

  it("that fails is tried three times more, says nothing twice, and is put aside", async () => {
    const { clock, memory, postbox, start } = setting();
    const store = memory.open();
    let runs = 0;
    const bot = await start((routes) => {
      routes.timer("fail", async (ctx) => {
        runs += 1;
        await ctx.reply("trying");
        ctx.storage.set("runs", runs);
        throw new Error("no luck");
      });
      routes.hears("set", async (ctx) => void (await ctx.schedule("fail", 0)));
    }, store);
    await tell(bot, "set");
    await clock.pass(HOUR);
    assert.equal(runs, 4);
    assert.deepEqual(postbox.words, ["trying"]);
    assert.equal(await store.get("bot echo@bots.example", "runs"), undefined);
    const [dead, ...others] = await store.entries("inbox", { state: "dead" });
    assert.match(dead?.error ?? "", /no luck/);
    assert.deepEqual(others, []);
    assert.deepEqual(await store.counts("timers"), { waiting: 0, dead: 0 });
    assert.equal(bot.log.filter(({ level }) => level === ERROR).length, 4);
  });

  it("whose node is killed in its midst runs on another, says nothing twice, and has its effect once", async () => {
    const { clock, memory, postbox, start } = setting();
    const [one, other] = [memory.open(), memory.open()];
    const stuck = Promise.withResolvers<void>();
    const routes = (gate: Promise<unknown> | undefined) => (bot: Composer) => {
      bot.timer("brew", async (ctx) => {
        await ctx.reply("brewing");
        ctx.storage.set("cups", ((await ctx.storage.get<number>("cups")) ?? 0) + 1);
        await gate;
        return "ready";
      });
      bot.hears("brew", async (ctx) => void (await ctx.schedule("brew", 1_000)));
    };
    await tell(await start(routes(stuck.promise), one), "brew");
    await clock.pass(2_000);
    assert.deepEqual(postbox.words, ["brewing"]);
    one.crash();
    const { dispatcher } = await start(routes(undefined), other);
    await clock.pass(11_000);
    await dispatcher.takeRevived();
    await clock.pass(1_000);
    stuck.resolve();
    await clock.pass(1_000);
    assert.deepEqual(postbox.words, ["brewing", "ready"]);
    assert.equal((await other.get("bot echo@bots.example", "cups"))?.value, 1);
  });

  it("has what a plugin adds to the composer on which it is defined", async () => {
    const { clock, postbox, start } = setting();
    const bot = await start((routes) => {
      const more = routes.extend({ add: () => ({ mood: "merry" }) });
      more.timer("mood", (ctx) => ctx.mood);
      routes.hears("set", async (ctx) => void (await ctx.schedule("mood", 0)));
    });
    await tell(bot, "set");
    await clock.pass(1);
    assert.deepEqual(postbox.words, ["merry"]);
  });

  it("of a room speaks to the room", async () => {
    const { clock, postbox, start } = setting();
    const bot = await start(remindful);
    await bot.dispatcher.dispatch(
      stanza(
        "<message type='groupchat' from='lobby@rooms.example/nick' to='echo@bots.example'><body>in 1m all</body></message>",
      ),
    );
    await clock.pass(MINUTE);
    const said = postbox.sent.find((sent) => (sent as Message).body === "all") as Message;
    assert.equal(said.type, "groupchat");
    assert.equal(String(said.to), "lobby@rooms.example");
  });
});

describe("a schedule", () => {
  function every(name: string, when: string, options = {}) {
    return (bot: Composer): unknown =>
      bot.every(when, { name, ...options }, async (tick) => {
        await tick.send("ann@example.com", `${name} ${(tick.due - START) / MINUTE}`);
      });
  }

  it("of three nodes runs once each time, also when one after another is killed", async () => {
    const { clock, memory, postbox, start } = setting();
    const stores = [memory.open(), memory.open(), memory.open()];
    for (const store of stores) await start(every("tick", "10m"), store);
    await clock.pass(30 * MINUTE);
    assert.deepEqual(postbox.words, ["tick 10", "tick 20", "tick 30"]);
    stores[0]?.crash();
    await clock.pass(10 * MINUTE);
    stores[1]?.crash();
    await clock.pass(20 * MINUTE);
    assert.deepEqual(postbox.words.slice(3), ["tick 40", "tick 50", "tick 60"]);
  });

  for (const [catchUp, expected] of [
    ["skip", ["tick 60"]],
    ["once", ["tick 10", "tick 60"]],
    ["all", ["tick 10", "tick 20", "tick 30", "tick 40", "tick 50", "tick 60"]],
  ] as const) {
    it(`makes up for what was missed: ${catchUp}`, async () => {
      const { clock, memory, postbox, start } = setting();
      const store = memory.open();
      await start(every("tick", "10m", { catchUp }), store);
      store.crash();
      await clock.pass(55 * MINUTE);
      await start(every("tick", "10m", { catchUp }));
      await clock.pass(5 * MINUTE);
      assert.deepEqual(postbox.words, expected);
    });
  }

  it("makes up for a hundred runs at the most", async () => {
    const { clock, memory, postbox, start } = setting();
    const store = memory.open();
    await start(every("tick", "1m", { catchUp: "all" }), store);
    store.crash();
    await clock.pass(300 * MINUTE);
    await start(every("tick", "1m", { catchUp: "all" }));
    await clock.pass(MINUTE);
    assert.equal(postbox.words.length, 101);
    assert.deepEqual(postbox.words.slice(-2), ["tick 100", "tick 301"]);
  });

  it("that has changed, or is gone, is planned anew at the start", async () => {
    const { clock, memory, postbox, start } = setting();
    const [before, between] = [memory.open(), memory.open()];
    await start(every("tick", "10m"), before);
    before.crash();
    const changed = await start(every("tick", "7m"), between);
    await clock.pass(11 * MINUTE);
    // At the multiples of seven minutes since 1970.
    assert.deepEqual(postbox.words, ["tick 4", "tick 11"]);
    await changed.dispatcher.stopTimers();
    between.crash();
    const last = await start(() => undefined);
    await clock.pass(HOUR);
    assert.equal(postbox.words.length, 2);
    assert.deepEqual(
      last.log.filter(({ level }) => level >= ERROR),
      [],
    );
  });

  it("goes on when a run has failed for good", async () => {
    const clock = new MovedClock();
    const store = new MemoryStore({ clock: () => clock.now() });
    let runs = 0;
    const made = world(
      {
        echo: (bot) =>
          bot.every("1h", { name: "hourly" }, (tick) => {
            runs += 1;
            if (tick.due === START + HOUR) throw new Error("not now");
          }),
      },
      { store, clock },
    );
    await made.dispatcher.startTimers();
    await clock.pass(2 * HOUR);
    assert.equal(runs, 5);
    assert.equal((await store.counts("inbox")).dead, 1);
    await made.dispatcher.stopTimers();
  });
});
