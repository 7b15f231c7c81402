import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { describe, test } from "node:test";
import { pino } from "pino";
import { z } from "zod";
import { type Bot, defineBot } from "../../src/bot/index.ts";
import { type Config, ConfigError, checkConfig, startServer } from "../../src/server/index.ts";
import { readStanza } from "../../src/stanza/index.ts";
import {
  AUTH,
  call,
  chat,
  exchange,
  PLAIN,
  request,
  SIGNED,
  startHarness,
} from "../callback/support/harness.ts";
import { until } from "../prosody/support.ts";

/** A bot whose handler ends when the test lets it. */
function patient() {
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const events: string[] = [];
  const bot = defineBot({
    name: "patient",
    summary: "waits",
    start: () => void events.push("start"),
    stop: () => void events.push("stop"),
    routes(composer) {
      composer.on("message:body", async () => {
        begun.resolve();
        await gate.promise;
        events.push("handled");
        return "at last";
      });
    },
  }) as Bot;
  return { bot, begun: begun.promise, finish: () => gate.resolve(), events };
}

const toPatient = { to: `patient@${PLAIN}`, body: chat("?", { to: `patient@${PLAIN}` }) };

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(socket.destroy() === socket));
    socket.once("error", () => resolve(false));
  });
}

describe("stopping", () => {
  test("lets a handler finish, whose reply arrives, takes nothing new, and lets the bots end after it", async () => {
    const { bot, begun, finish, events } = patient();
    const harness = await startHarness({ bots: [bot], config: { deadline: 60_000 } });
    const answer = call(harness.port, toPatient);
    await begun;
    const stopped = harness.server.stop();
    assert.equal(await isOpen(harness.port), false);
    assert.deepEqual(events, ["start", "start"], "one on each mount, and none has ended");
    finish();
    const { status, body } = await answer;
    assert.equal(status, 200);
    assert.ok(body.includes("at last"));
    await stopped;
    assert.deepEqual(events, ["start", "start", "handled", "stop", "stop"]);
    await harness[Symbol.asyncDispose]();
  });

  test("lets a reply past the deadline out by POST", async () => {
    const { bot, begun, finish } = patient();
    const harness = await startHarness({ bots: [bot], config: { deadline: 20 } });
    assert.equal((await call(harness.port, toPatient)).status, 202);
    await begun;
    const stopped = harness.server.stop();
    finish();
    await stopped;
    assert.deepEqual(
      harness.posts.map((body) => {
        const stanza = readStanza(body);
        return stanza.kind === "message" && stanza.body;
      }),
      ["at last"],
    );
    await harness[Symbol.asyncDispose]();
  });

  test("does not wait for connections that last but carry nothing", async () => {
    const harness = await startHarness();
    const socket = connect(harness.port, "127.0.0.1");
    await once(socket, "connect");
    const idle = await fetch(`http://127.0.0.1:${harness.port}/livez`, {
      headers: { connection: "keep-alive" },
    });
    await idle.text();
    const closed = once(socket, "close");
    await harness.server.stop();
    await closed;
    assert.ok(!harness.log.some((line) => line.includes("still at work")));
    await harness[Symbol.asyncDispose]();
  });

  test("a lasting connection is closed with the answer that it waits for", async () => {
    const { bot, begun, finish } = patient();
    const harness = await startHarness({ bots: [bot], config: { deadline: 60_000 } });
    const lasting = { ...toPatient, headers: { Connection: "keep-alive" } };
    const answer = exchange(harness.port, request(lasting));
    await begun;
    const stopped = harness.server.stop();
    finish();
    assert.deepEqual(
      (await answer).map(({ status, headers }) => [status, headers["connection"]]),
      [[200, "close"]],
    );
    await stopped;
    assert.ok(!harness.log.some((line) => line.includes("still at work")));
    await harness[Symbol.asyncDispose]();
  });

  test("ends after its time, however long a handler takes", async () => {
    const { bot, begun, finish } = patient();
    const harness = await startHarness({ bots: [bot], config: { deadline: 60_000, shutdownTimeout: 100 } });
    const answer = call(harness.port, toPatient);
    await begun;
    await harness.server.stop();
    assert.ok(harness.log.some((line) => line.includes("still at work after 100 ms")));
    const { status, body } = await answer;
    assert.equal(status, 200);
    assert.doesNotMatch(body, /at last/, "the sender is told something else");
    finish();
    await harness[Symbol.asyncDispose]();
  });

  test("twice is once", async () => {
    const harness = await startHarness();
    await Promise.all([harness.server.stop(), harness.server.stop()]);
    await harness.server.stop();
    await harness[Symbol.asyncDispose]();
  });

  test("a client that goes away while a handler is at work harms nobody", async () => {
    const { bot, begun, finish, events } = patient();
    await using harness = await startHarness({ bots: [bot], config: { deadline: 60_000 } });
    const socket = connect(harness.port, "127.0.0.1");
    socket.write(request(toPatient));
    await begun;
    socket.resetAndDestroy();
    await once(socket, "close");
    finish();
    await until(() => events.includes("handled"), "the handler");
    assert.equal((await call(harness.port)).status, 200);
    assert.deepEqual(await harness.refused(), {});
    assert.deepEqual(harness.posts, []);
  });
});

describe("health", () => {
  test("/livez and /readyz answer, /metrics counts what was handled and refused", async () => {
    await using harness = await startHarness();
    const get = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${harness.port}${path}`);
      return {
        status: response.status,
        type: response.headers.get("content-type"),
        text: await response.text(),
      };
    };
    assert.deepEqual(await get("/livez"), { status: 200, type: "text/plain; charset=UTF-8", text: "alive" });
    assert.deepEqual(await get("/readyz"), { status: 200, type: "text/plain; charset=UTF-8", text: "ready" });
    await call(harness.port);
    await call(harness.port, { kind: "presence", type: undefined, body: "<" });
    const { text, type } = await get("/metrics");
    assert.match(type ?? "", /^text\/plain; version=0\.0\.4/);
    assert.match(text, /^restanza_callbacks_total\{kind="message",status="200"\} 1$/m);
    assert.match(text, /^restanza_callbacks_refused_total\{reason="malformed"\} 1$/m);
    assert.match(text, /^restanza_queue_entries\{queue="outbox",state="waiting"\} 0$/m);
    assert.match(text, /^restanza_outbox_unreachable\{domain="[^"]+"\} 0$/m);
  });
});

describe("starting", () => {
  const rest = { url: "http://127.0.0.1:9/rest", token: "a-token" };
  const mount = { domain: "bots.test", rest, callback: { auth: [AUTH] } };
  const echo = defineBot({ name: "echo", summary: "x", routes: () => undefined }) as Bot;
  const silent = pino({ level: "silent" });
  const problemsOf = async (config: Partial<Config>, bots: readonly Bot[]): Promise<readonly string[]> => {
    try {
      const server = await startServer(checkConfig({ port: 0, mounts: [mount], ...config }), bots, silent);
      await server.stop();
      return [];
    } catch (error) {
      assert.ok(error instanceof ConfigError, String(error));
      return error.problems;
    }
  };

  test("bots that are named and are not there, or do not fit their schema, are told all at once", async () => {
    const picky = defineBot({
      name: "picky",
      summary: "x",
      config: z.object({ size: z.number() }),
      routes: () => undefined,
    }) as Bot;
    const problems = await problemsOf(
      {
        bots: { ecko: {}, picky: { size: "big" } },
        isolate: { ecco: true },
        profiles: { ekho: { nick: "Echo" }, echo: { avatar: "nowhere.png" } },
        mounts: [
          {
            ...mount,
            bots: ["echo", "nobody"],
            host: "help",
            catchAll: "picky",
            rooms: { hello: ["r@rooms.test"] },
          },
          { ...mount, domain: "other.test" },
        ],
      },
      [echo, picky],
    );
    for (const expected of [
      /^there is no bot called nobody; there are echo, picky in bots$/,
      /^there is no bot called ecko;/,
      /^there is no bot called ecco;/,
      /^there is no bot called ekho;/,
      /^the bot echo cannot be set up: the avatar nowhere\.png cannot be read \(ENOENT\)/,
      /^there is no bot called help on bots\.test; there are echo, nobody$/,
      /^there is no bot called picky on bots\.test/,
      /^there is no bot called hello on bots\.test/,
      /^the bot picky cannot be set up: .*size/s,
    ]) {
      assert.ok(
        problems.some((problem) => expected.test(problem)),
        `${expected} in\n${problems.join("\n")}`,
      );
    }
    assert.deepEqual(await problemsOf({}, [echo]), []);
  });

  test("a port that is taken, or an address of another machine, is told with the setting", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    assert.deepEqual(await problemsOf({ port }, [echo]), [
      `cannot listen on 127.0.0.1:${port}; something listens there already: stop it, or set PORT to another`,
    ]);
    taken.close();
    assert.match(
      (await problemsOf({ host: "192.0.2.1" }, [echo])).join(),
      /192\.0\.2\.1:0; EADDRNOTAVAIL: set HOST/,
    );
  });
});

describe("several mounts in one process", () => {
  test("each has its own credential, format and bots, a virtual host among them", async () => {
    const secrets: Record<string, string> = {
      [PLAIN]: "prosody:the-first-secret",
      [SIGNED]: "prosody:the-second-secret",
    };
    const config = {
      mounts: [
        {
          domain: PLAIN,
          rest: { url: "http://127.0.0.1:9/rest", token: "a-token" },
          // The same message comes with each credential, and is news each time.
          callback: {
            auth: [secrets[PLAIN] ?? "", "prosody:the-older-secret"],
            format: "json" as const,
            dedupe: 0,
          },
        },
        {
          domain: SIGNED,
          rest: { url: "http://127.0.0.1:9/rest", user: "bot", secret: "a-password" },
          callback: { auth: [secrets[SIGNED] ?? ""] },
          host: "echo",
        },
      ],
    };
    await using harness = await startHarness({ config });
    const basic = (text: string) => ({ Authorization: `Basic ${Buffer.from(text).toString("base64")}` });
    const ask = (to: string, secret: string) =>
      call(harness.port, { to, body: chat("Hi", { to }), headers: basic(secret) });

    assert.equal((await ask(`echo@${PLAIN}`, secrets[PLAIN] ?? "")).status, 200);
    assert.equal((await ask(`echo@${PLAIN}`, "prosody:the-older-secret")).status, 200);
    assert.equal((await ask(`echo@${PLAIN}`, secrets[SIGNED] ?? "")).status, 401);
    assert.equal((await ask(SIGNED, secrets[PLAIN] ?? "")).status, 401);
    // On a virtual host callbacks are about the host itself.
    const answer = await ask(SIGNED, secrets[SIGNED] ?? "");
    assert.equal(readStanza(answer.body).element.attr("from"), SIGNED);
    const probe = { method: "OPTIONS", body: "", kind: "meta", type: "info" };
    const formats = await Promise.all(
      [PLAIN, SIGNED].map((domain) =>
        call(harness.port, { ...probe, to: domain, from: domain, headers: basic(secrets[domain] ?? "") }),
      ),
    );
    assert.deepEqual(
      formats.map(({ headers }) => headers["accept"]),
      ["application/json", "application/xmpp+xml"],
    );
    assert.ok(harness.server.client(PLAIN) !== harness.server.client(SIGNED));
    assert.equal(harness.server.client("elsewhere.test"), undefined);
    assert.doesNotMatch(harness.log.join(""), /the-(?:first|second|older)-secret|a-password|a-token/);
  });
});
