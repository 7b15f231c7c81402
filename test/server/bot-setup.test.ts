import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pino } from "pino";
import { z } from "zod";
import { type Bot, defineBot, type SetupContext } from "../../src/bot/index.ts";
import { Dispatcher, Mount } from "../../src/dispatch/index.ts";
import { BotHost } from "../../src/server/bot-host.ts";
import { MemoryStore } from "../../src/store/index.ts";
import { chat, RecordingSender, turns, words } from "../dispatch/support.ts";
import { until } from "../prosody/support.ts";

const NOT_WELL = "Sorry, I am not well at the moment. Please try again in a few minutes.";

/** A host with a bot of versions, whose setups do as they are told. */
function place({ patience = 10_000, store = new MemoryStore() } = {}) {
  const events: string[] = [];
  const sender = new RecordingSender();
  const mount = new Mount("bots.example", { host: "help" });
  const log = pino({ level: "silent" });
  const dispatcher = new Dispatcher({ mounts: [mount], store });
  const host = new BotHost({
    mount,
    sender,
    roomSender: sender,
    log,
    store,
    host: "help",
    rooms: {},
    patience,
    onAwake: async () => void events.push("awake"),
  });
  let made = 0;
  const version = (
    name: string,
    setup: (context: SetupContext) => unknown = () => undefined,
    more = {},
  ): Bot =>
    defineBot({
      name: "echo",
      summary: "tells its version",
      async setup(_, context) {
        await setup(context);
        made += 1;
        const resource = `${name}${made}`;
        events.push(`set up ${resource}`);
        context.cleanup.defer(() => void events.push(`close ${resource}`));
        return resource;
      },
      routes: (bot, _, resource) => void bot.on("message:body", () => resource),
      web: (app, bot) => void app.get("/", (c) => c.text(String(bot.resources))),
      start: (bot) => void events.push(`start ${bot.resources}`),
      stop: (bot) => void events.push(`stop ${bot.resources}`),
      ...more,
    }) as Bot;
  const ask = async (): Promise<string> => {
    const outcome = await dispatcher.dispatch(chat("hello"));
    return outcome.kind === "reply" ? words(outcome.stanza) : outcome.kind;
  };
  const web = async (): Promise<string> => {
    const found = host.web("echo");
    if (!found?.open) return "closed";
    return await (await found.app.request("/", {}, { admit: () => undefined })).text();
  };
  return { host, mount, events, version, ask, web };
}

const away = (): never => {
  throw new Error("connect ECONNREFUSED");
};

describe("a bot with resources", () => {
  it("has new ones each time it is switched on, and none while it is off or after the end", async () => {
    const { host, events, version, ask, web } = place();
    await host.put(version("a"), {});
    host.start();
    await turns();
    assert.deepEqual([await ask(), await web()], ["a1", "a1"]);
    await host.disable("echo");
    await until(() => events.includes("close a1"), "its end");
    assert.deepEqual(events.splice(0), ["set up a1", "start a1", "stop a1", "close a1"]);
    assert.match(await ask(), /switched off/);
    assert.equal(await web(), "closed");
    await host.enable("echo");
    await until(() => events.includes("awake"), "its begin");
    assert.deepEqual([await ask(), await web()], ["a2", "a2"]);
    await host.stop(true);
    assert.deepEqual(events.splice(0).sort(), ["awake", "close a2", "set up a2", "start a2", "stop a2"]);
  });

  it("is not set up where it is off when the server starts, and closed where it never does", async () => {
    const store = new MemoryStore();
    const before = place({ store });
    await before.host.put(before.version("a"), {});
    await before.host.disable("echo");
    await before.host.stop(true);
    assert.deepEqual(before.events, ["set up a1", "close a1"]);
    const { host, events, version, ask } = place({ store });
    await host.put(version("b"), {});
    host.start();
    await turns();
    assert.match(await ask(), /switched off/);
    assert.equal(events.length, 0);
    await host.enable("echo");
    await until(() => events.includes("awake"), "its begin");
    assert.equal(await ask(), "b1");
    await host.stop(true);
  });

  it("gives way to a newer version, with all that is built on its resources", async () => {
    const { host, events, version, ask, web } = place();
    await host.put(version("a"), {});
    host.start();
    await turns();
    events.length = 0;
    await host.put(version("b"), {});
    assert.deepEqual(events.splice(0), ["stop a1", "close a1", "set up b2", "start b2"]);
    assert.deepEqual([await ask(), await web()], ["b2", "b2"]);
    await assert.rejects(host.put(version("c", away), {}), /does not start/);
    assert.deepEqual(events.splice(0), ["stop b2", "close b2", "set up b3", "start b3"]);
    await assert.rejects(host.put(version("d", undefined, { health: () => false }), {}), /does not start/);
    assert.deepEqual(events.splice(0), [
      "stop b3",
      "close b3",
      "set up d4",
      "start d4",
      "stop d4",
      "close d4",
      "set up b5",
      "start b5",
    ]);
    assert.deepEqual([await ask(), await web()], ["b5", "b5"]);
    await host.stop(true);
  });

  it("keeps a server with a wrong configuration, or routes that do not build, from starting", async () => {
    const { host, events, version } = place();
    const picky = { config: z.object({ city: z.string() }) };
    await assert.rejects(host.put(version("a", undefined, picky), {}), { name: "ZodError" });
    await assert.rejects(host.put(version("a", undefined, { routes: away }), {}), /ECONNREFUSED/);
    assert.deepEqual(events.splice(0), ["set up a1", "close a1"]);
  });

  it("is paused while what it needs is away, and tried again until it is there", async () => {
    const { host, mount, events, version, ask, web } = place();
    let isAway = true;
    await host.put(
      version("a", () => isAway && away()),
      {},
    );
    host.start();
    assert.equal(host.states().get("echo"), "paused");
    assert.equal(mount.get("echo")?.summary, "tells its version", "it is listed all the same");
    assert.equal(await ask(), NOT_WELL);
    assert.equal(await web(), "closed");
    assert.equal(events.length, 0);
    isAway = false;
    await until(() => events.includes("awake"), "its begin");
    assert.equal(await ask(), "a1");
    assert.equal(await web(), "a1");
    await host.stop(true);
    assert.deepEqual(events.splice(0).sort(), ["awake", "close a1", "set up a1", "start a1", "stop a1"]);
  });

  it("is waited for at the start for so long and no longer, and set up after it", async () => {
    const { host, events, version, ask } = place({ patience: 5 });
    let tries = 0;
    const slow = (): Promise<void> | undefined => {
      tries += 1;
      return tries === 1 ? new Promise(() => undefined) : undefined;
    };
    await host.put(version("a", slow), {});
    host.start();
    assert.equal(await ask(), NOT_WELL);
    await until(() => events.includes("awake"), "its begin");
    assert.equal(await ask(), "a1");
    await host.stop(true);
  });

  it("is not tried any more once it is mended, switched off, or the server stops", async () => {
    const { host, events, version, ask } = place();
    let tries = 0;
    const failing = version("a", () => {
      tries += 1;
      away();
    });
    await host.put(failing, {});
    host.start();
    await host.put(version("b"), {});
    assert.equal(await ask(), "b1");
    assert.deepEqual(events.splice(0), ["set up b1", "start b1"]);
    await host.disable("echo");
    await until(() => events.includes("close b1"), "its end");
    await host.put(failing, {});
    await host.enable("echo");
    await until(() => tries > 1, "a try");
    await host.stop(true);
    const before = tries;
    assert.equal(host.states().get("echo"), "paused");
    await turns();
    assert.equal(tries, before);
  });
});
