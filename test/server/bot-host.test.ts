import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pino } from "pino";
import { type Bot, defineBot } from "../../src/bot/index.ts";
import { Dispatcher, Mount } from "../../src/dispatch/index.ts";
import { BotHost } from "../../src/server/bot-host.ts";
import { MemoryStore } from "../../src/store/index.ts";
import { chat, type Line, RecordingSender, stanza, turns, WARN, words } from "../dispatch/support.ts";

describe("a bot that is loaded", () => {
  it("is told in the log of routes that can never run, and where they are", async () => {
    const log: Line[] = [];
    const sender = new RecordingSender();
    const mount = new Mount("bots.example");
    const host = new BotHost({
      mount,
      sender,
      roomSender: sender,
      log: pino({}, { write: (line: string) => void log.push(JSON.parse(line)) }),
      host: undefined,
      rooms: {},
    });
    const bot = defineBot({
      name: "echo",
      summary: "has a route too many",
      routes(routes) {
        routes.hears("help", () => "a");
        routes.hears("help", () => "b");
      },
    });
    await host.put(bot, {});
    assert.ok(mount.get("echo"), "it runs all the same");
    assert.deepEqual(
      log.map(({ level }) => level),
      [WARN],
    );
    const { msg, ...line } = log[0] as Line & Record<string, unknown>;
    assert.match(msg, /^hears\("help"\) at .*bot-host\.test\.ts:\d+ can never run: .* is the same/);
    assert.deepEqual(
      [line["kind"], line["route"], line["bot"]],
      ["duplicate", 'hears("help")', "echo@bots.example"],
    );
  });
});

describe("a bot that is exchanged for a newer version", () => {
  const events: string[] = [];
  const sender = new RecordingSender();
  const mount = new Mount("bots.example");
  const host = new BotHost({
    mount,
    sender,
    roomSender: sender,
    log: pino({ level: "silent" }),
    host: undefined,
    rooms: {},
  });
  const dispatcher = new Dispatcher({ mounts: [mount] });
  const hold = { promise: Promise.resolve(), begun: (): void => undefined };
  const version = (name: string, more: Partial<Bot> = {}): Bot =>
    defineBot({
      name: "echo",
      summary: "tells its version",
      start: () => void events.push(`start ${name}`),
      stop: () => void events.push(`stop ${name}`),
      ...more,
      routes(routes) {
        routes.on("message:body", async (ctx) => {
          hold.begun();
          await hold.promise;
          events.push(`${name} ${ctx.body}`);
          return name;
        });
      },
    }) as Bot;
  const ask = async (body: string): Promise<string> => {
    const outcome = await dispatcher.dispatch(chat(body));
    return outcome.kind === "reply" ? words(outcome.stanza) : outcome.kind;
  };

  it("finishes its handlers first, while what comes waits for the newer one", async () => {
    await host.put(version("one"), {});
    host.start();
    await turns();
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    Object.assign(hold, { promise: gate.promise, begun: begun.resolve });
    const before = ask("before");
    await begun.promise;
    const exchanged = host.put(version("two"), {});
    await turns();
    const meanwhile = dispatcher.dispatch(
      stanza(
        "<message type='chat' id='m' from='romeo@example.com/x' to='echo@bots.example'><body>meanwhile</body></message>",
      ),
    );
    await turns();
    assert.deepEqual(events, ["start one"]);
    gate.resolve();
    assert.equal(await before, "one");
    await exchanged;
    const outcome = await meanwhile;
    assert.equal(outcome.kind === "reply" && words(outcome.stanza), "two");
    assert.deepEqual(events.splice(0), ["start one", "one before", "stop one", "start two", "two meanwhile"]);
  });

  it("goes on where the newer one does not start, or is not well", async () => {
    const start = (): never => {
      throw new Error("no");
    };
    await assert.rejects(host.put(version("three", { start }), {}), /does not start/);
    await assert.rejects(host.put(version("four", { health: () => false }), {}), /does not start/);
    assert.deepEqual(events.splice(0), [
      "stop two",
      "stop three",
      "start two",
      "stop two",
      "start four",
      "stop four",
      "start two",
    ]);
    assert.equal(await ask("who"), "two");
    assert.equal(await ask("again"), "two");
  });
});

describe("a bot that is switched off", () => {
  const events: string[] = [];
  const bots = ["echo", "help"].map(
    (name) =>
      defineBot({
        name,
        summary: "says back",
        start: () => void events.push(`start ${name}`),
        stop: () => void events.push(`stop ${name}`),
        routes: (routes) => void routes.on("message:body", (ctx) => ctx.body),
      }) as Bot,
  );
  const sender = new RecordingSender();
  const begin = async (
    store: MemoryStore,
  ): Promise<{ host: BotHost; mount: Mount; ask: () => Promise<string> }> => {
    const mount = new Mount("bots.example", { host: "help" });
    const log = pino({ level: "silent" });
    const host = new BotHost({ mount, sender, roomSender: sender, log, store, host: "help", rooms: {} });
    for (const bot of bots) await host.put(bot, {});
    host.start();
    await turns();
    const dispatcher = new Dispatcher({ mounts: [mount] });
    const ask = async (): Promise<string> => {
      const outcome = await dispatcher.dispatch(chat("hello"));
      return outcome.kind === "reply" ? words(outcome.stanza) : outcome.kind;
    };
    return { host, mount, ask };
  };
  const OFF = "I am switched off at the moment. Please try again later.";

  it("is ended, stays off after a restart and at other nodes, until it is switched on", async () => {
    const store = new MemoryStore();
    const { host, mount, ask } = await begin(store);
    const other = await begin(store);
    assert.deepEqual(events.splice(0).sort(), ["start echo", "start echo", "start help", "start help"]);
    assert.equal(await ask(), "hello");
    const control = mount.get("help")?.control;
    assert.equal(mount.get("echo")?.control, undefined, "only the host's bot has the switch");
    await control?.disable("echo");
    await turns();
    assert.deepEqual(events.splice(0), ["stop echo"]);
    assert.deepEqual(Object.fromEntries(control?.states() ?? []), { echo: "disabled", help: "running" });
    assert.equal(await ask(), OFF);
    assert.equal(await other.ask(), "hello", "it has not heard of it");
    await other.host.refreshStates();
    await turns();
    assert.equal(await other.ask(), OFF);
    await host.stop(false);
    events.length = 0;
    const again = await begin(store);
    assert.deepEqual(events.splice(0), ["start help"]);
    assert.equal(await again.ask(), OFF);
    await again.host.enable("echo");
    await turns();
    assert.deepEqual(events.splice(0), ["start echo"]);
    assert.equal(await again.ask(), "hello");
  });

  it("is another than the one that could switch it on, and there", async () => {
    const { host } = await begin(new MemoryStore());
    await assert.rejects(host.disable("help"), /nobody could switch it on/);
    await assert.rejects(host.disable("nobody"), /no bot called nobody/);
  });
});
