import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, test } from "node:test";
import { readXml, type Stanza } from "../../../../src/stanza/index.ts";
import { type CarriedOptions, ModRestDouble, type ModRestUser } from "../../../../src/testkit/index.ts";

const XML = "application/xmpp+xml";

/** A callback as it came. */
interface Received {
  readonly text: string;
  readonly id: unknown;
  readonly attempt: unknown;
}

type Answer = (text: string, response: ServerResponse, request: IncomingMessage) => void;

const echo: Answer = (text, response) => {
  response.writeHead(200, { "content-type": XML });
  response.end(`<message type='chat'><body>${text}</body></message>`);
};
const reset: Answer = (_, __, request) => request.socket.resetAndDestroy();

describe("the double carrying callbacks, while the web server is away", { timeout: 60_000 }, () => {
  let server: Server;
  let port: number;
  let prosody: ModRestDouble;
  let alice: ModRestUser;
  let received: Received[];
  let answer: Answer;

  const listen = async (at: number): Promise<void> => {
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      if (request.method === "OPTIONS") return response.end();
      const text = readXml(Buffer.concat(chunks).toString()).childText("body") ?? "";
      const { "webhook-id": id, "webhook-attempt": attempt } = request.headers;
      received.push({ text, id, attempt });
      return answer(text, response, request);
    }).listen(at, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  };
  const close = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
  const start = async (carried: CarriedOptions): Promise<void> => {
    prosody = await ModRestDouble.start({
      virtualHosts: [{ domain: "localhost", accounts: { alice: "secret" } }],
      components: [
        { domain: "bots.localhost", callback: { url: `http://127.0.0.1:${port}/callback`, carried } },
      ],
    });
    alice = await prosody.user("alice@localhost/phone", { presence: false });
  };
  const say = (text: string, bot = "echo"): void =>
    alice.send(`<message to='${bot}@bots.localhost' type='chat' id='${text}'><body>${text}</body></message>`);
  const next = (wants: (stanza: Stanza) => boolean = () => true, user = alice): Promise<Stanza> =>
    user.next(wants, { signal: AbortSignal.timeout(20_000) });
  const bodies = async (count: number): Promise<(string | undefined)[]> => {
    const all: (string | undefined)[] = [];
    while (all.length < count) all.push((await next()).element.childText("body"));
    return all;
  };

  beforeEach(async () => {
    received = [];
    answer = echo;
    await listen(0);
  });
  afterEach(async () => {
    await prosody.stop();
    if (server.listening) await close();
  });

  test("messages and presence arrive in order, once, when it is back; an IQ is told at once", async () => {
    await start({});
    await close();
    say("0");
    alice.send("<presence to='echo@bots.localhost' type='subscribe' id='s'/>");
    for (const text of ["1", "2"]) say(text);
    alice.send("<iq to='echo@bots.localhost' type='get' id='q'><ping xmlns='urn:xmpp:ping'/></iq>");
    const refused = await next(({ kind }) => kind === "iq");
    assert.deepEqual([refused.error?.condition, refused.error?.type], ["recipient-unavailable", "wait"]);
    assert.equal(refused.error?.text, "The bot cannot be reached at the moment");
    assert.equal(alice.stanzas.length, 1);
    answer = (text, response, request) =>
      text === "" ? void response.writeHead(204).end() : echo(text, response, request);
    await listen(port);
    assert.deepEqual(await bodies(3), ["0", "1", "2"]);
    assert.deepEqual(
      received.map(({ text }) => text),
      ["0", "", "1", "2"],
    );
    assert.deepEqual(
      received.slice(1).map(({ attempt }) => attempt),
      [undefined, undefined, undefined],
    );
  });

  test("what was broken off is repeated with the same id and the number of the attempt", async () => {
    await start({ keys: ["a key of 16 bytes or more"] });
    let resets = 0;
    answer = (text, response, request) => {
      resets += 1;
      if (resets <= 2) reset(text, response, request);
      else echo(text, response, request);
    };
    say("0");
    assert.deepEqual(await bodies(1), ["0"]);
    assert.equal(new Set(received.map(({ id }) => id)).size, 1);
    assert.deepEqual(
      received.map(({ attempt }) => attempt),
      [undefined, "2", "3"],
    );
  });

  test("one stanza is tried at a time, whatever waits beside it", async () => {
    await start({});
    answer = reset;
    for (let bot = 0; bot < 20; bot += 1) say(`${bot}`, `bot${bot}`);
    alice.send("<iq to='echo@bots.localhost' type='get' id='q'><ping xmlns='urn:xmpp:ping'/></iq>");
    await next(({ kind }) => kind === "iq");
    const atOnce = received.length;
    while (received.length < atOnce + 2) await once(server, "request");
    assert.ok(received.length <= atOnce + 2);
    answer = echo;
    assert.equal(new Set(await bodies(20)).size, 20);
  });

  test("only a proxy that answers is no web server, and an error of its own is one", async () => {
    await start({});
    for (const status of [502, 503, 504]) {
      answer = (_, response) =>
        response.writeHead(status, { "content-type": "text/html" }).end("<h1>Sorry</h1>");
      say(`${status}`);
      await once(server, "request");
      answer = echo;
      assert.deepEqual(await bodies(1), [`${status}`]);
    }
    answer = (_, response) => response.writeHead(500).end();
    received = [];
    say("own");
    assert.equal((await next()).error?.condition, "internal-server-error");
    assert.equal(received.length, 1);
  });

  test("an answer that breaks off in the middle is not tried again", async () => {
    await start({});
    answer = (_, response, request) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("<message>", () => request.socket.resetAndDestroy());
    };
    say("0");
    assert.equal((await next()).error?.condition, "recipient-unavailable");
    assert.equal(received.length, 1);
  });

  test("a server that takes too long is there, and its sender is told", async () => {
    await start({ timeout: 100 });
    answer = () => undefined;
    say("0");
    const { error } = await next();
    assert.deepEqual(
      [error?.condition, error?.text],
      ["remote-server-timeout", "The bot did not answer in time"],
    );
    assert.equal(received.length, 1);
  });

  test("what was kept for too long is refused in order, but not in a room", async () => {
    await start({ hold: 300 });
    await close();
    alice.send("<message to='echo@bots.localhost' type='groupchat' id='room'><body>x</body></message>");
    for (const text of ["a", "b"]) say(text);
    const errors = [await next(), await next()];
    assert.deepEqual(
      errors.map(({ id, error }) => [id, error?.condition]),
      [
        ["a", "recipient-unavailable"],
        ["b", "recipient-unavailable"],
      ],
    );
  });

  test("no more are kept than the bounds allow", async () => {
    await start({ queuePerConversation: 2 });
    await close();
    say("first");
    alice.send("<iq to='other@bots.localhost' type='get' id='q'><ping xmlns='urn:xmpp:ping'/></iq>");
    await next(({ kind }) => kind === "iq");
    for (const text of ["second", "third"]) say(text);
    const { id, error } = await next();
    assert.deepEqual([id, error?.condition, error?.type], ["third", "resource-constraint", "wait"]);
    await listen(port);
    assert.deepEqual(await bodies(2), ["first", "second"]);
  });

  test("without holding, everything is told at once", async () => {
    await start({ hold: 0 });
    answer = (_, response) => response.writeHead(503).end();
    say("proxy");
    assert.equal((await next()).error?.condition, "service-unavailable");
    await close();
    say("away");
    assert.equal((await next()).error?.condition, "recipient-unavailable");
  });

  test("the answer finds somebody who has left and come back meanwhile", async () => {
    await start({});
    await close();
    say("0");
    alice.disconnect();
    const again = await prosody.user("alice@localhost/laptop");
    await listen(port);
    const found = await next(({ kind }) => kind === "message", again);
    assert.equal(found.element.childText("body"), "0");
  });

  test("whoever waits is told when the server stops", async () => {
    await start({});
    answer = reset;
    for (const text of ["under way", "waiting"]) say(text);
    await once(server, "request");
    await prosody.stop();
    const { id, error } = await next(({ id: of }) => of === "waiting");
    assert.deepEqual([id, error?.text], ["waiting", "The server is being shut down"]);
  });
});
