import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pino } from "pino";
import { defineBot } from "../../src/bot/index.ts";
import { Mount } from "../../src/dispatch/index.ts";
import { BotHost } from "../../src/server/bot-host.ts";
import { type Line, RecordingSender, WARN } from "../dispatch/support.ts";

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
