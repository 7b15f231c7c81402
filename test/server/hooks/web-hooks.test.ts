import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { type Bot, defineBot, type WebApp } from "../../../src/bot/index.ts";
import { type Config, verify } from "../../../src/server/index.ts";
import { readStanza } from "../../../src/stanza/index.ts";
import { type Harness, PLAIN, SIGNED, startHarness } from "../../callback/support/harness.ts";
import { until } from "../../prosody/support.ts";

const SECRET = "a-secret-of-the-web-hook";
const STANDARD = `whsec_${Buffer.alloc(24, 9).toString("base64")}`;
const ROOM = "alice@example.com";

/** A bot with web hooks, called `caller`. */
function caller(web: (app: WebApp) => void): Bot {
  return defineBot({ name: "caller", summary: "is called", routes: () => undefined, web }) as Bot;
}

type World = Harness & { post(path: string, init?: RequestInit): Promise<Response>; words(): string[] };

async function serve(
  web: (app: WebApp) => void,
  settings: Partial<NonNullable<Config["web"]>> = {},
): Promise<World> {
  const harness = await startHarness({
    bots: [caller(web)],
    config: { web: { port: 0, ...settings } },
  });
  const port = harness.server.webAddress?.port;
  return Object.assign(harness, {
    post: (path: string, init: RequestInit = {}) =>
      fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", ...init }),
    words: () =>
      harness.posts.map((body) => {
        const stanza = readStanza(body);
        return `${stanza.from} ${stanza.kind === "message" ? stanza.body : stanza.kind}`;
      }),
  });
}

const hub = (body: string, secret = SECRET): string =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

describe("web hooks", () => {
  test("are called with their path beneath the bot's own, their query, headers and body", async () => {
    await using world = await serve((app) => {
      app.post("/build/:id", async (c) =>
        c.json({
          id: c.req.param("id"),
          q: c.req.query("q"),
          x: c.req.header("x-a"),
          body: await c.req.json(),
        }),
      );
      app.get("/", (c) => c.text("hello"));
    });
    const answer = await world.post("/bots/caller/build/7?q=a%20b", {
      body: '{"ä":1}',
      headers: { "x-a": "y" },
    });
    assert.deepEqual(await answer.json(), { id: "7", q: "a b", x: "y", body: { ä: 1 } });
    for (const path of ["/bots/caller", "/bots/caller/", `/bots/caller@${PLAIN}/`, `/bots/caller@${SIGNED}`])
      assert.equal(await (await world.post(path, { method: "GET" })).text(), "hello", path);
  });

  test("that are nobody's are a 404 without a page, and so are the callbacks there", async () => {
    await using world = await serve((app) => void app.get("/", (c) => c.text("hello")));
    for (const path of [
      "/",
      "/bots",
      "/bots/",
      "/bots/nobody/",
      "/bots/echo/",
      "/bots/caller/nothing",
      "/bots/caller@elsewhere.test/",
      "/bots/__proto__/",
      "/bots/%63aller/",
      "/callback",
      "/metrics",
    ]) {
      const answer = await world.post(path, { body: "x" });
      assert.deepEqual([answer.status, await answer.text()], [404, ""], path);
    }
  });

  test("a failure is a 500 without a word of it, logged, so that the sender tries again", async () => {
    await using world = await serve((app) => {
      app.post("/of/:token", () => {
        throw new Error("the database says no");
      });
    });
    const answer = await world.post("/bots/caller/of/hidden-in-the-path?token=hidden-in-the-query");
    assert.deepEqual([answer.status, await answer.text()], [500, ""]);
    const told = world.log.find((line) => line.includes("the database says no"));
    assert.match(told ?? "", /"route":"\/of\/:token"/);
    assert.ok(!world.log.some((line) => line.includes("hidden-in-the")));
  });

  test("what they send comes from the bot, and once however often the delivery comes", async () => {
    let fail = true;
    await using world = await serve((app) => {
      app.post("/", verify.github(SECRET), async (c) => {
        await c.var.send(ROOM, "one");
        if (fail) throw new Error("before the second");
        await c.var.send(ROOM, "two");
        await c.var.send(ROOM, "two");
        return c.body(null, 204);
      });
    });
    const deliver = async (delivery: string): Promise<number> => {
      const headers = { "x-hub-signature-256": hub("{}"), "x-github-delivery": delivery };
      return (await world.post("/bots/caller/", { body: "{}", headers })).status;
    };
    assert.equal(await deliver("d1"), 500);
    fail = false;
    assert.equal(await deliver("d1"), 204);
    assert.equal(await deliver("d1"), 204);
    await until(() => world.posts.length === 3, "the messages");
    assert.equal(await deliver("d2"), 204);
    await until(() => world.posts.length === 6, "those of the other delivery");
    const from = `caller@${PLAIN}`;
    const once = [`${from} one`, `${from} two`, `${from} two`];
    assert.deepEqual(world.words(), [...once, ...once]);
  });

  test("without an id every delivery is news", async () => {
    await using world = await serve((app) => {
      app.post("/", verify.bearer(SECRET), async (c) => {
        await c.var.send(ROOM, "alert");
        return c.body(null, 204);
      });
    });
    const headers = { authorization: `Bearer ${SECRET}` };
    await world.post("/bots/caller/", { headers, body: "{}" });
    await world.post("/bots/caller/", { headers, body: "{}" });
    await until(() => world.posts.length === 2, "both messages");
  });

  test("are answered where the callbacks are, if the port is the same", async () => {
    await using other = await startHarness();
    const { port } = other;
    await other.server.stop();
    await using harness = await startHarness({
      bots: [caller((app) => void app.get("/", (c) => c.text("hello")))],
      config: { port, web: { port } },
    });
    assert.equal(harness.server.webAddress, undefined);
    const answer = await fetch(`http://127.0.0.1:${port}/bots/caller/`);
    assert.equal(await answer.text(), "hello");
    const lost = await fetch(`http://127.0.0.1:${port}/bots/nobody/`);
    assert.deepEqual([lost.status, await lost.text()], [404, ""]);
    assert.equal((await fetch(`http://127.0.0.1:${port}/livez`)).status, 200);
  });

  test("that nobody can call are told of in the log", async () => {
    await using harness = await startHarness({ bots: [caller(() => undefined)] });
    assert.ok(harness.log.some((line) => line.includes("set WEB_PORT")));
    const beside = await fetch(`http://127.0.0.1:${harness.port}/bots/caller/`);
    assert.equal(beside.status, 404);
  });

  test("are counted", async () => {
    await using world = await serve((app) => app.post("/", (c) => c.body(null, 204)));
    await world.post("/bots/caller/");
    await world.post("/bots/nobody/");
    const metrics = await (await fetch(`http://127.0.0.1:${world.port}/metrics`)).text();
    assert.match(metrics, /^restanza_web_requests_total\{bot="caller",status="204"\} 1$/m);
    assert.match(metrics, /^restanza_web_requests_total\{bot="",status="404"\} 1$/m);
  });
});

describe("the bounds of web hooks", () => {
  test("a body that is too large is not read, with its length and without", async () => {
    let called = 0;
    await using world = await serve(
      (app) =>
        app.post("/", (c) => {
          called += 1;
          return c.body(null, 204);
        }),
      { maxBytes: 1000 },
    );
    assert.equal((await world.post("/bots/caller/", { body: "x".repeat(1000) })).status, 204);
    assert.equal((await world.post("/bots/caller/", { body: "x".repeat(1001) })).status, 413);
    const chunks = new Blob(["x".repeat(600), "x".repeat(600)]).stream();
    assert.equal(
      (await world.post("/bots/caller/", { body: chunks, duplex: "half" } as RequestInit)).status,
      413,
    );
    assert.equal(called, 1);
  });

  test("a handler that takes too long is answered for, and told by its signal", async () => {
    const aborted = Promise.withResolvers<void>();
    await using world = await serve(
      (app) =>
        app.post("/", async (c) => {
          c.req.raw.signal.addEventListener("abort", () => aborted.resolve());
          await aborted.promise;
          return c.body(null, 204);
        }),
      { timeout: 50 },
    );
    const answer = await world.post("/bots/caller/");
    assert.deepEqual([answer.status, answer.headers.get("retry-after")], [503, "60"]);
    await aborted.promise;
  });

  test("are not kept out by those who send theirs a byte at a time", async () => {
    await using world = await serve((app) => void app.post("/", (c) => c.body(null, 204)), {
      concurrency: 4,
    });
    const port = world.server.webAddress?.port ?? 0;
    const slow = Array.from({ length: 20 }, () => connect(port, "127.0.0.1"));
    const ended = slow.map((socket) => new Promise((resolve) => socket.on("close", resolve)));
    for (const socket of slow) {
      socket.on("error", () => undefined).resume();
      socket.write("POST /bots/caller/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx");
    }
    await Promise.race(ended);
    assert.equal((await world.post("/bots/caller/", { body: "all of it" })).status, 204);
    assert.ok(world.log.some((line) => /the slowest makes room/.test(line)));
    for (const socket of slow) socket.destroy();
  });

  test("no more than so many are under way for one bot", async () => {
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    await using world = await serve(
      (app) =>
        app.post("/", async (c) => {
          begun.resolve();
          await gate.promise;
          return c.body(null, 204);
        }),
      { concurrency: 1 },
    );
    const first = world.post("/bots/caller/");
    await begun.promise;
    assert.equal((await world.post("/bots/caller/")).status, 503);
    gate.resolve();
    assert.equal((await first).status, 204);
    assert.equal((await world.post("/bots/caller/")).status, 204);
  });

  test("no more than so many come to one bot in a time", async () => {
    await using world = await serve((app) => app.post("/", (c) => c.body(null, 204)), {
      rate: { perSecond: 0.001, burst: 2 },
    });
    assert.equal((await world.post("/bots/caller/")).status, 204);
    assert.equal((await world.post("/bots/caller/")).status, 204);
    const third = await world.post("/bots/caller/");
    assert.equal(third.status, 429);
    assert.ok(Number(third.headers.get("retry-after")) > 900);
  });
});

describe("strangers at a web hook", () => {
  const headers = { authorization: `Bearer ${SECRET}` };

  test("use up nothing of those who have the secret, wherever they call", async () => {
    await using world = await serve(
      (app) => {
        app.post("/", verify.bearer(SECRET), (c) => c.body(null, 204));
        app.post("/github", verify.github(SECRET), (c) => c.body(null, 204));
        app.post("/open", (c) => c.body(null, 204));
      },
      { rate: { perSecond: 0.001, burst: 2 } },
    );
    const call = async (path: string, init: RequestInit = {}): Promise<number> =>
      (await world.post(`/bots/caller${path}`, init)).status;
    const given: number[] = [];
    for (const path of ["/", "/github", "/", "/github"]) given.push(await call(path, { body: "x" }));
    assert.deepEqual(given, [401, 401, 401, 401]);
    const open: number[] = [];
    for (const path of ["/nothing", "/open", "/open"]) open.push(await call(path));
    assert.deepEqual(open, [404, 204, 429]);
    assert.equal(await call("/", { headers }), 204);
    assert.equal(await call("/github", { body: "x", headers: { "x-hub-signature-256": hub("x") } }), 204);
    assert.equal(await call("/", { headers }), 429);
    assert.equal(await call("/"), 401);
  });

  test("take no places of those who have the secret, also where they come in", async () => {
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    await using world = await serve(
      (app) => {
        app.use("/secret/*", verify.bearer(SECRET));
        app.post("/secret/hook", (c) => c.body(null, 204));
        app.post("/open", async (c) => {
          begun.resolve();
          await gate.promise;
          return c.body(null, 204);
        });
      },
      { concurrency: 1 },
    );
    const slow = world.post("/bots/caller/open");
    await begun.promise;
    assert.equal((await world.post("/bots/caller/open")).status, 503);
    assert.equal((await world.post("/bots/caller/secret/hook", { headers })).status, 204);
    gate.resolve();
    assert.equal((await slow).status, 204);
  });

  test("are counted as such where a route answers before its secret is asked for", async () => {
    await using world = await serve(
      (app) => {
        app.get("/status", (c) => c.text("well"));
        app.use(verify.bearer(SECRET));
        app.post("/", (c) => c.body(null, 204));
      },
      { rate: { perSecond: 0.001, burst: 1 } },
    );
    const get = { method: "GET" };
    assert.equal((await world.post("/bots/caller/status", get)).status, 200);
    assert.equal((await world.post("/bots/caller/status", get)).status, 429);
    assert.equal((await world.post("/bots/caller/", { headers })).status, 204);
  });

  test("leave their places when they take too long", async () => {
    await using world = await serve(
      (app) => app.post("/", verify.bearer(SECRET), () => new Promise<Response>(() => undefined)),
      { concurrency: 1, timeout: 20 },
    );
    for (let times = 0; times < 3; times += 1) {
      const answer = await world.post("/bots/caller/", { headers });
      assert.deepEqual([answer.status, answer.headers.get("retry-after")], [503, "60"]);
    }
  });
});

describe("whoever calls a web hook", () => {
  const web = (app: WebApp): void => {
    app.onError(() => new Response("an author's own handler of errors", { status: 500 }));
    app.post("/github", verify.github([SECRET, "another"]), (c) => c.text(c.var.delivery ?? "none"));
    app.post("/gitlab", verify.gitlab(SECRET), (c) => c.text(c.var.delivery ?? "none"));
    app.post("/standard", verify.standardWebhooks(STANDARD), (c) => c.text(c.var.delivery ?? "none"));
    app.post("/bearer", verify.bearer(SECRET), (c) => c.text(c.var.delivery ?? "none"));
    app.post("/header", verify.header("X-Own", SECRET), async (c) => c.text(await c.req.text()));
  };
  const BODY = '{ "text": "Grüße" }';
  const signed = (id: string, at: Date, body = BODY, secret = STANDARD): Record<string, string> => ({
    "webhook-id": id,
    "webhook-timestamp": `${Math.floor(at.getTime() / 1000)}`,
    "webhook-signature": `v1,AAAA ${new Webhook(secret).sign(id, at, body)}`,
  });
  const ago = (seconds: number): Date => new Date(Date.now() - seconds * 1000);

  const good: [string, Record<string, string>, string][] = [
    ["/github", { "x-hub-signature-256": hub(BODY), "x-github-delivery": "d1" }, "d1"],
    ["/github", { "x-hub-signature-256": hub(BODY, "another") }, "none"],
    ["/gitlab", { "x-gitlab-token": SECRET, "idempotency-key": "k1" }, "k1"],
    ["/standard", signed("msg_1", new Date()), "msg_1"],
    ["/standard", signed("msg_1", ago(250)), "msg_1"],
    ["/bearer", { authorization: `Bearer ${SECRET}` }, "none"],
    ["/header", { "x-own": SECRET }, BODY],
  ];
  const bad: [string, Record<string, string>][] = [
    ["/github", {}],
    ["/github", { "x-hub-signature-256": hub(`${BODY} `) }],
    ["/github", { "x-hub-signature-256": hub(BODY, "") }],
    ["/github", { "x-hub-signature-256": hub(BODY).slice(7) }],
    ["/github", { "x-hub-signature-256": hub(BODY).slice(0, -2) }],
    ["/github", { "x-hub-signature": `sha1=${createHmac("sha1", SECRET).update(BODY).digest("hex")}` }],
    ["/gitlab", {}],
    ["/gitlab", { "x-gitlab-token": `${SECRET} x` }],
    ["/gitlab", { "x-gitlab-token": SECRET.slice(1) }],
    ["/standard", {}],
    ["/standard", signed("msg_1", ago(350))],
    ["/standard", signed("msg_1", ago(-350))],
    ["/standard", signed("msg_1", new Date(), "{}")],
    ["/standard", { ...signed("msg_1", new Date()), "webhook-id": "msg_2" }],
    ["/standard", { ...signed("msg_1", new Date()), "webhook-timestamp": "soon" }],
    ["/standard", signed("msg_1", new Date(), BODY, `whsec_${Buffer.alloc(24, 8).toString("base64")}`)],
    ["/bearer", {}],
    ["/bearer", { authorization: SECRET }],
    ["/bearer", { authorization: `Bearer ${SECRET}x` }],
    ["/header", { "x-own": "" }],
  ];

  test("is let in with the secret, and the delivery has its id", async () => {
    await using world = await serve(web);
    for (const [path, headers, expected] of good) {
      const answer = await world.post(`/bots/caller${path}`, { body: BODY, headers });
      assert.deepEqual(
        [answer.status, await answer.text()],
        [200, expected],
        JSON.stringify([path, headers]),
      );
    }
  });

  test("is kept out without it, whatever else is right, and no secret is in the log", async () => {
    await using world = await serve(web);
    for (const [path, headers] of bad) {
      const answer = await world.post(`/bots/caller${path}`, { body: BODY, headers });
      assert.deepEqual([answer.status, await answer.text()], [401, ""], JSON.stringify([path, headers]));
    }
    const refusals = world.log.filter((line) => line.includes("a web hook was refused"));
    assert.equal(refusals.length, 1, "once in ten seconds");
    assert.ok(!world.log.some((line) => line.includes(SECRET) || line.includes(STANDARD)));
  });

  test("cannot be let in by a secret that is none", () => {
    for (const none of ["", [], ["good", ""]])
      for (const each of [verify.github, verify.gitlab, verify.bearer, verify.standardWebhooks])
        assert.throws(() => each(none), TypeError);
    assert.throws(() => verify.standardWebhooks("whsec_"), TypeError);
    assert.throws(
      () => verify.standardWebhooks("whsec_no base64!"),
      (error: Error) => {
        return error instanceof TypeError && !error.message.includes("no base64!");
      },
    );
  });
});
