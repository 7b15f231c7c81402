import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { expectTypeOf } from "expect-type";
import { pino } from "pino";
import { ZodError, z } from "zod";
import {
  type Bot,
  configureBot,
  defineBot,
  inspectRoutes,
  type SetupContext,
  SetupError,
  type StartedBot,
  setUpBot,
} from "../../src/bot/index.ts";
import { world } from "../dispatch/support.ts";

const log = pino({ level: "silent" });
const plain = { name: "echo", summary: "is a test", routes: () => undefined };

/** A bot whose setup is the given one. */
function withSetup(setup: (context: SetupContext) => unknown, more: Partial<Bot> = {}): Bot {
  return defineBot({ ...plain, ...more, setup: (_, context) => setup(context) }) as Bot;
}

describe("what a bot sets up", () => {
  it("is handed to routes and hooks with its type, together with the configuration", async () => {
    const seen: unknown[] = [];
    const bot = defineBot({
      name: "echo",
      summary: "is a test",
      config: z.object({ city: z.string() }),
      async setup(config, { cleanup, log: own, signal }) {
        expectTypeOf(config).toEqualTypeOf<{ city: string }>();
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
        assert.equal(own, log);
        cleanup.defer(() => void seen.push("closed"));
        return { streets: new Map([[config.city, 3]]) };
      },
      routes(_, config, resources) {
        expectTypeOf(resources).toEqualTypeOf<{ streets: Map<string, number> }>();
        seen.push(resources.streets.get(config.city));
      },
      start(started) {
        expectTypeOf(started).toEqualTypeOf<StartedBot<{ city: string }, { streets: Map<string, number> }>>();
        seen.push(started.resources.streets.size);
      },
    });
    {
      await using setUp = await setUpBot(bot, { city: "Verona" }, { log });
      await setUp.configured.start(world({ echo: () => undefined }).bot("echo"));
    }
    assert.deepEqual(seen, [3, 1, "closed"]);
  });

  it("is nothing where there is no setup, and its type says so", async () => {
    const bot = defineBot({
      ...plain,
      routes(_, _config, resources) {
        expectTypeOf(resources).toEqualTypeOf<undefined>();
        assert.equal(resources, undefined);
      },
    });
    await using setUp = await setUpBot(bot, {}, { log });
    assert.equal(setUp.configured.name, "echo");
  });

  it("is closed once, the newest first, after its signal has fired", async () => {
    const events: string[] = [];
    const setUp = await setUpBot(
      withSetup(({ cleanup, signal }) => {
        signal.addEventListener("abort", () => events.push("signal"));
        cleanup.use({ [Symbol.dispose]: () => void events.push("first") });
        const second = { [Symbol.asyncDispose]: async () => void events.push("second") };
        assert.equal(cleanup.use(second), second);
      }),
      {},
      { log },
    );
    assert.deepEqual(events, []);
    await setUp[Symbol.asyncDispose]();
    await setUp[Symbol.asyncDispose]();
    assert.deepEqual(events, ["signal", "second", "first"]);
  });

  it("is closed as far as it came where setup fails, or the routes do", async () => {
    const closed: string[] = [];
    const away = new Error("connect ECONNREFUSED");
    const failing = withSetup(({ cleanup }) => {
      cleanup.defer(() => void closed.push("setup"));
      throw away;
    });
    await assert.rejects(setUpBot(failing, {}, { log }), (error) => {
      assert.ok(error instanceof SetupError);
      assert.equal(error.cause, away);
      assert.equal(error.message, "echo cannot be set up: connect ECONNREFUSED");
      return true;
    });
    const torn = withSetup(({ cleanup }) => cleanup.defer(() => void closed.push("routes")), {
      routes: () => {
        throw new TypeError("torn");
      },
    });
    await assert.rejects(setUpBot(torn, {}, { log }), { name: "TypeError", message: "torn" });
    assert.deepEqual(closed, ["setup", "routes"]);
  });

  it("is not begun with a configuration that does not fit", async () => {
    const bot = withSetup(() => assert.fail("it ran"), { config: z.object({ city: z.string() }) });
    await assert.rejects(setUpBot(bot, {}, { log }), ZodError);
  });

  it("is given up after its time or when nobody needs it, and closed when it comes to its end after all", async () => {
    for (const how of ["timeout", "signal"]) {
      const begun = Promise.withResolvers<AbortSignal>();
      const end = Promise.withResolvers<void>();
      const closed = Promise.withResolvers<void>();
      const bot = withSetup(
        async ({ cleanup, signal }) => {
          begun.resolve(signal);
          await end.promise;
          cleanup.defer(closed.resolve);
        },
        how === "timeout" ? { timeout: 1 } : {},
      );
      const unneeded = new AbortController();
      const setUp = setUpBot(bot, {}, { log, signal: unneeded.signal });
      const signal = await begun.promise;
      if (how === "signal") unneeded.abort(new Error("switched off"));
      await assert.rejects(setUp, {
        name: "SetupError",
        message: how === "timeout" ? /after 1 ms/ : /switched off/,
      });
      assert.ok(signal.aborted);
      end.resolve();
      await closed.promise;
    }
  });
});

describe("routes that are only looked at", () => {
  it("are built on a stand-in that has whatever they ask for", () => {
    const bot = defineBot({
      ...plain,
      setup: async () => ({ db: { tables: ["a"], query: async (_: string) => [1] }, Client: class {} }),
      routes(on, _, { db, Client }) {
        const client = new Client();
        for (const table of db.tables) on.hears(table, () => String(client));
        on.hears(`all of ${db}`, async () => String(await db.query("…")));
      },
    });
    assert.deepEqual(inspectRoutes(configureBot(bot).routes), []);
  });

  it("are built on what is given", () => {
    const seen: unknown[] = [];
    configureBot(
      withSetup(() => 1, { routes: (_, _config, it) => void seen.push(it) }),
      {},
      2,
    );
    assert.deepEqual(seen, [2]);
  });
});
