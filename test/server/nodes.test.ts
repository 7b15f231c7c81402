import assert from "node:assert/strict";
import { once } from "node:events";
import { type ClientRequest, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { pino } from "pino";
import { type Bot, defineBot } from "../../src/bot/index.ts";
import { checkConfig, type RunningServer, startServer } from "../../src/server/index.ts";
import { type MemoryNode, SharedMemory } from "../../src/store/index.ts";
import { ModRestDouble, type ModRestUser } from "../../src/testkit/index.ts";

const DOMAIN = "bots.localhost";
const ROOM = "court@rooms.localhost";
const AUTH = "prosody:the-callback-secret";
const TOKEN = "a-token-of-the-nodes";
const KEY = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

/** A proxy that gives each request to the next of those behind it, and answers 502 where that one is gone. */
async function startProxy() {
  const ports: number[] = [];
  const underWay = new Map<ClientRequest, number>();
  let next = 0;
  const server = createServer((incoming, outgoing) => {
    const gone = (): void => void outgoing.writeHead(502, { "content-length": 0 }).end();
    if (ports.length === 0) return gone();
    next += 1;
    const port = ports[next % ports.length] as number;
    const { method, url: path, rawHeaders: headers } = incoming;
    const onward = request({ host: "127.0.0.1", port, method, path, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    underWay.set(onward, port);
    onward.on("close", () => underWay.delete(onward));
    onward.on("error", () => (outgoing.headersSent ? outgoing.destroy() : gone()));
    incoming.pipe(onward);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    ports,
    port: (server.address() as AddressInfo).port,
    drop: (port: number, atOnce: boolean): void => {
      ports.splice(ports.indexOf(port), 1);
      for (const [onward, to] of underWay) if (atOnce && to === port) onward.destroy();
    },
    stop: () => void server.close(),
  };
}

interface RunningNode {
  readonly store: MemoryNode;
  readonly server: RunningServer;
  /** What its bot was told. */
  readonly heard: string[];
}

/** Several servers behind a proxy, on one memory, and a Prosody with our module before them. */
async function startNodes(count: number) {
  const memory = new SharedMemory({ leaseDuration: 600 });
  const proxy = await startProxy();
  const nodes: RunningNode[] = [];
  const prosody = await ModRestDouble.start({
    virtualHosts: [{ domain: "localhost", accounts: { alice: "secret" } }],
    components: [
      {
        domain: DOMAIN,
        tokens: [TOKEN],
        callback: {
          url: `http://${AUTH}@127.0.0.1:${proxy.port}/callback?from={from}&to={to}&kind={kind}&type={type}`,
          carried: { keys: [KEY] },
        },
      },
    ],
    rooms: ["rooms.localhost"],
  });
  const start = async (): Promise<RunningNode> => {
    const heard: string[] = [];
    const counter = defineBot({
      name: "counter",
      summary: "counts what it is told",
      routes(bot) {
        bot.on("message:body", async (ctx) => {
          heard.push(ctx.body);
          const count = ((await ctx.storage.get<number>("count")) ?? 0) + 1;
          ctx.storage.set("count", count);
          // Some are answered inline and some have been acknowledged before.
          if (count % 3 === 0) await pause(40);
          return `${count}: ${ctx.body}`;
        });
      },
    }) as Bot;
    const store = memory.open();
    const server = await startServer(
      checkConfig({
        port: 0,
        deadline: 20,
        mounts: [
          {
            domain: DOMAIN,
            rest: { url: prosody.restUrl, token: TOKEN },
            callback: { auth: [AUTH], keys: [KEY] },
            rooms: { counter: [`${ROOM}/counter`] },
          },
        ],
      }),
      [counter],
      pino({ level: "silent" }),
      store,
    );
    const node = { store, server, heard };
    nodes.push(node);
    proxy.ports.push(server.address.port);
    return node;
  };
  for (let number = 0; number < count; number += 1) await start();
  const alice = await prosody.user("alice@localhost/phone");
  return {
    nodes,
    prosody,
    alice,
    start,
    /** Nothing is sent to a node any more. */
    unlist: ({ server }: RunningNode) => proxy.drop(server.address.port, false),
    /** A node ends, with whatever is under way to it. */
    kill: ({ server, store }: RunningNode): void => {
      // Paused and not crashed, so that what is left of it can be ended with the test.
      store.pause();
      proxy.drop(server.address.port, true);
    },
    [Symbol.asyncDispose]: async () => {
      for (const { server, store } of nodes) {
        store.resume();
        await server.stop();
        await store.close();
      }
      proxy.stop();
      await prosody.stop();
    },
  };
}

function ask(alice: ModRestUser, body: string): void {
  alice.send(`<message to='counter@${DOMAIN}' type='chat' id='${body}'><body>${body}</body></message>`);
}

/** The words of the bot's next messages. */
async function answers(alice: ModRestUser, count: number): Promise<string[]> {
  const words: string[] = [];
  while (words.length < count) {
    const stanza = await alice.next(
      (one) => one.kind === "message" && one.type === "chat" && (one.body ?? "") !== "",
      { signal: AbortSignal.timeout(20_000) },
    );
    words.push((stanza as { body?: string }).body ?? "");
  }
  return words;
}

const asked = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `m${from + index}`);
const counted = (from: number, to: number): string[] =>
  asked(from, to).map((body, index) => `${from + index + 1}: ${body}`);

describe("several servers behind one callback URL", () => {
  test("answer a burst in order, each counting on from what the other has stored", async () => {
    await using at = await startNodes(2);
    for (const body of asked(0, 60)) ask(at.alice, body);
    assert.deepEqual(await answers(at.alice, 60), counted(0, 60));
    const heard = at.nodes.map((node) => node.heard.length);
    assert.equal(
      heard.reduce((sum, some) => sum + some, 0),
      60,
    );
    assert.ok(
      heard.every((some) => some > 0),
      `both had some: ${heard}`,
    );
  });

  test("go on without one that stops, in the middle of a burst, and the bot stays in its room", async () => {
    await using at = await startNodes(2);
    const [first, second] = at.nodes as [RunningNode, RunningNode];
    at.alice.send(`<presence to='${ROOM}/alice'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
    for (const body of asked(0, 40)) ask(at.alice, body);
    const before = await answers(at.alice, 10);
    at.unlist(first);
    await first.server.stop();
    await first.store.close();
    assert.deepEqual([...before, ...(await answers(at.alice, 30))], counted(0, 40));
    const left = at.alice.stanzas.filter(
      (one) =>
        one.kind === "presence" && String(one.from) === `${ROOM}/counter` && one.type === "unavailable",
    );
    assert.deepEqual(left, []);
    await second.server.stop();
    await at.alice.next(
      (one) => String(one.from) === `${ROOM}/counter` && one.element.attr("type") === "unavailable",
      {
        signal: AbortSignal.timeout(5_000),
      },
    );
  });

  test("go on with what one that was killed has acknowledged: all is counted once, and answered in order", async () => {
    await using at = await startNodes(2);
    const [first, second] = at.nodes as [RunningNode, RunningNode];
    for (const body of asked(0, 40)) ask(at.alice, body);
    const words = await answers(at.alice, 10);
    at.kill(first);
    while (words.at(-1) !== "40: m39") words.push(...(await answers(at.alice, 1)));
    // Past the deadline the answer goes before what is stored.
    await second.server.dispatcher.idle();
    assert.equal((await second.store.get(`bot counter@${DOMAIN}`, "count"))?.value, 40);
    const all = counted(0, 40);
    // What was stored in the very moment before the end, and was to be answered in the next one, is not done again.
    assert.ok(new Set(words).size >= all.length - 1, words.join(", "));
    const places = words.map((word) => all.indexOf(word));
    assert.deepEqual(
      places,
      places.toSorted((one, other) => one - other),
    );
  });
});
