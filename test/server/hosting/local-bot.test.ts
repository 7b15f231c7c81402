import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pino } from "pino";
import { type Bot, defineBot } from "../../../src/bot/index.ts";
import { Dispatcher, Mount } from "../../../src/dispatch/index.ts";
import { BotHost, type BotHostOptions } from "../../../src/server/bot-host.ts";
import { type Presence, writeXml } from "../../../src/stanza/index.ts";
import { buildRoomStatuses } from "../../../src/xep/index.ts";
import { chat, type Line, RecordingSender, stanza, turns, WARN, words } from "../../dispatch/support.ts";
import { until } from "../../prosody/support.ts";

const ROOM = "room@rooms.example";
const SELF = writeXml(buildRoomStatuses(["self"]), "");
const NOT_WELL = "Sorry, I am not well at the moment. Please try again in a few minutes.";

/** A host whose bot `echo` is to be in a room. */
function place(options: Partial<BotHostOptions> = {}) {
  const sender = new RecordingSender();
  const mount = new Mount("bots.example");
  const log: Line[] = [];
  const host = new BotHost({
    mount,
    sender,
    roomSender: sender,
    log: pino({}, { write: (line: string) => void log.push(JSON.parse(line)) }),
    host: undefined,
    rooms: { echo: [`${ROOM}/Echo`] },
    ...options,
  });
  const dispatcher = new Dispatcher({ mounts: [mount] });
  const ask = async (): Promise<string> => {
    const outcome = await dispatcher.dispatch(chat("hello"));
    return outcome.kind === "reply" ? words(outcome.stanza) : outcome.kind;
  };
  const toRoom = (): string[] =>
    sender.sent.flatMap(({ type, to }) => (to?.bare.toString() === ROOM ? [type] : []));
  const isLetIn = async (): Promise<void> => {
    const presence = `<presence from='${ROOM}/Echo' to='echo@bots.example'>${SELF}</presence>`;
    mount.get("echo")?.rooms.observe(stanza(presence) as Presence);
    await turns();
  };
  return { host, log, ask, toRoom, isLetIn };
}

function echo(more: Partial<Bot> = {}): Bot {
  return defineBot({
    name: "echo",
    summary: "says back",
    routes: (routes) => void routes.on("message:body", (ctx) => ctx.body),
    ...more,
  }) as Bot;
}

const away = (): never => {
  throw new Error("connect ECONNREFUSED");
};

describe("a bot of a host", () => {
  it("is switched off while a newer version waits for its handlers, and both come to their end", async () => {
    const { host, ask } = place();
    const begun = Promise.withResolvers<void>();
    const handled = Promise.withResolvers<string>();
    const routes: Bot["routes"] = (bot) =>
      void bot.on("message:body", async () => {
        begun.resolve();
        return await handled.promise;
      });
    await host.put(echo({ routes }), {});
    host.start();
    const answer = ask();
    await begun.promise;
    const exchanged = host.put(echo(), {});
    await turns();
    await host.disable("echo");
    handled.resolve("the older one");
    assert.equal(await answer, "the older one");
    await exchanged;
    await turns();
    assert.match(await ask(), /switched off/);
    await host.enable("echo");
    await until(() => host.states().get("echo") === "running", "its return");
    assert.equal(await ask(), "hello");
    await host.stop(true);
  });

  it("leaves its rooms at the end even where it fails to stop", async () => {
    const { host, toRoom, isLetIn } = place();
    await host.put(echo({ stop: away }), {});
    host.start();
    await until(() => toRoom().length > 0, "its coming");
    await isLetIn();
    await host.stop(true);
    assert.deepEqual(toRoom(), ["available", "unavailable"]);
  });

  it("enters its rooms where it is new after the start", async () => {
    const { host, toRoom } = place();
    host.start();
    await host.put(echo(), {});
    await until(() => toRoom().length > 0, "its coming");
    await host.stop(true);
  });

  it("enters its rooms where a newer version mends one that could not be set up", async () => {
    const { host, toRoom } = place();
    await host.put(echo({ setup: away }), {});
    host.start();
    await turns();
    assert.deepEqual(toRoom(), []);
    await host.put(echo(), {});
    await until(() => toRoom().length > 0, "its coming");
    await host.stop(true);
  });

  it("tells those who wait for it where neither the newer version starts nor the older one again", async () => {
    const { host, ask } = place();
    let built = 0;
    const routes: Bot["routes"] = (bot) => {
      built += 1;
      if (built > 1) away();
      bot.on("message:body", (ctx) => ctx.body);
    };
    await host.put(echo({ routes }), {});
    host.start();
    assert.equal(await ask(), "hello");
    await assert.rejects(host.put(echo({ start: away }), {}), /does not start/);
    assert.equal(await ask(), NOT_WELL);
    await host.put(echo(), {});
    assert.equal(await ask(), "hello");
    await host.stop(true);
  });

  it("is not given a process of its own in the midst of its life, and the log says when", async () => {
    const { host, log, ask } = place({ isolation: { settings: {} } as BotHostOptions["isolation"] });
    await host.put(echo(), {});
    host.start();
    await host.put(echo({ isolate: true }), {});
    assert.equal(await ask(), "hello");
    const told = log.filter(({ level }) => level === WARN).map(({ msg }) => msg);
    assert.deepEqual(told, [
      "isolate is of use from the next start of restanza; until then echo stays in its process",
    ]);
    await host.stop(true);
  });
});
