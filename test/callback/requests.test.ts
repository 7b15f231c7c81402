import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { Webhook } from "standardwebhooks";
import type { RefusalReason } from "../../src/callback/index.ts";
import { readStanza } from "../../src/stanza/index.ts";
import {
  ALICE,
  BASIC,
  type CallbackSpec,
  call,
  chat,
  exchange,
  type Harness,
  KEY,
  PLAIN,
  request,
  SIGNED,
  startHarness,
} from "./support/harness.ts";

const BYTES = 6_000;

/** The headers that sign a body. */
function signed(body: string, id: string, at = Date.now()): Record<string, string> {
  return {
    "webhook-id": id,
    "webhook-timestamp": `${Math.floor(at / 1000)}`,
    "webhook-signature": new Webhook(KEY).sign(id, new Date(at), body),
  };
}

let ids = 0;
/** A callback of the signed mount, over a connection that may last. */
function signedCallback(text: string, id = `id-${++ids}`): CallbackSpec {
  const body = chat(text, { to: `echo@${SIGNED}` });
  return { to: `echo@${SIGNED}`, body, headers: { Connection: "keep-alive", ...signed(body, id) } };
}

describe("callbacks over real connections", () => {
  let harness: Harness;
  let port: number;
  let refusedBefore: Record<string, number>;
  let handledBefore: number;

  before(async () => {
    harness = await startHarness({
      config: { maxBytes: BYTES, timeouts: { head: 200, request: 400, idle: 500 } },
    });
    ({ port } = harness);
  });
  after(() => harness[Symbol.asyncDispose]());
  beforeEach(async () => {
    refusedBefore = await harness.refused();
    handledBefore = harness.handled.length;
  });

  /** Nothing was handled, nothing sent, and just this was counted. */
  const refusedOnce = async (reason: RefusalReason, times = 1): Promise<void> => {
    const expected = { ...refusedBefore, [reason]: (refusedBefore[reason] ?? 0) + times };
    assert.deepEqual(await harness.refused(), expected);
    assert.equal(harness.handled.length, handledBefore);
    assert.deepEqual(harness.posts, []);
  };

  /** The callback is refused with a status and not a word. */
  const refuses = async (
    reason: RefusalReason,
    status: number,
    bytes: Parameters<typeof exchange>[1],
    options?: { end?: boolean; whole?: boolean },
  ) => {
    const all = await exchange(port, bytes, options);
    assert.deepEqual(
      all.map((reply) => [
        reply.status,
        reply.body,
        reply.headers["content-type"],
        reply.headers["connection"],
      ]),
      [[status, "", undefined, "close"]],
    );
    await refusedOnce(reason);
  };

  test("a message is answered in XML, and the connection is closed", async () => {
    const reply = await call(port, { body: chat("Hello &lt;you&gt; é") });
    assert.equal(reply.status, 200);
    assert.equal(reply.headers["content-type"], "application/xmpp+xml");
    assert.equal(reply.headers["connection"], "close");
    const answer = readStanza(reply.body);
    assert.equal(answer.kind === "message" && answer.body, "Hello <you> é");
  });

  test("Content-Type counts without its parameters and in any case", async () => {
    for (const type of [
      "application/xmpp+xml; charset=utf-8",
      "APPLICATION/XMPP+XML",
      "application/xmpp+xml ;x=y",
    ]) {
      assert.equal((await call(port, { headers: { "Content-Type": type } })).status, 200, type);
    }
  });

  test("any other type is refused, and so is none", async () => {
    for (const type of [
      "text/plain",
      "application/xml",
      "text/xml",
      "",
      "application/xmpp+xmlx",
      undefined,
    ]) {
      refusedBefore = await harness.refused();
      await refuses("unsupported-type", 415, request({ headers: { "Content-Type": type } }));
    }
  });

  test("JSON is answered in JSON where that loses nothing", async () => {
    const json = { kind: "message", type: "chat", from: ALICE, to: `echo@${PLAIN}`, id: "1", body: "Hello" };
    const type = { "Content-Type": "application/json; charset=utf-8" };
    const reply = await call(port, { body: JSON.stringify(json), headers: type });
    assert.equal(reply.headers["content-type"], "application/json");
    const { kind, body } = JSON.parse(reply.body) as Record<string, unknown>;
    assert.deepEqual([kind, body], ["message", "Hello"]);
  });

  test("a form is answered in XML, as a form carries nothing nested", async () => {
    const form = new URLSearchParams({
      kind: "message",
      type: "chat",
      from: ALICE,
      to: `echo@${PLAIN}`,
      body: "a & b",
    });
    const reply = await call(port, {
      body: form.toString(),
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
    });
    const answer = readStanza(reply.body);
    assert.equal(answer.kind === "message" && answer.body, "a & b");
  });

  test("what is no stanza is refused in every format", async () => {
    const bodies: Record<string, string[]> = {
      "application/xmpp+xml": [
        "",
        "<message>",
        "<a/>",
        "<message/><message/>",
        "<iq type='get' id='1'/>",
        "\ufeff<message/>",
      ],
      "application/json": ["", "{", "[]", "null", '"x"', '{"kind":"meta"}', '{"kind":"message","body":1}'],
      "application/x-www-form-urlencoded": ["", "x", "kind=message&kind=iq", "kind=%FF"],
    };
    for (const [type, all] of Object.entries(bodies)) {
      for (const body of all) {
        refusedBefore = await harness.refused();
        await refuses("malformed", 400, request({ body, headers: { "Content-Type": type } }));
      }
    }
  });

  test("an address that is none is refused", async () => {
    const from = "alice@example.com/";
    await refuses("malformed", 400, request({ from, body: chat("x", { from }) }));
  });

  test("a forged stanza is refused: the request line does not lie", async () => {
    await refuses("forged", 400, request({ body: chat("x", { from: "eve@example.com/phone" }) }));
    await refuses2("forged", request({ type: "normal" }));
    await refuses2("forged", request({ type: undefined }));
    await refuses2("forged", request({ kind: "iq", type: "get" }));
    await refuses2("forged", request({ query: "" }));
  });

  const refuses2 = async (reason: RefusalReason, bytes: Buffer): Promise<void> => {
    refusedBefore = await harness.refused();
    await refuses(reason, 400, bytes);
  };

  test("where the request line tells of a room, or of an answer, a refusal says nothing", async () => {
    for (const spec of [
      { kind: "presence", type: undefined },
      { kind: "presence", type: "subscribe" },
      { type: "groupchat" },
      { type: "error" },
      { kind: "iq", type: "result" },
      { kind: "iq", type: "error" },
    ]) {
      refusedBefore = await harness.refused();
      await refuses("malformed", 204, request({ ...spec, body: "<" }));
      refusedBefore = await harness.refused();
      await refuses("unauthorized", 204, request({ ...spec, headers: { Authorization: undefined } }));
    }
  });

  test("a body up to the limit is read, and not a byte more, told or not", async () => {
    const of = (size: number) => chat("x".repeat(size - chat("").length));
    const chunked = { "Content-Length": undefined, "Transfer-Encoding": "chunked" };
    const inChunks = (body: string, size: number) => {
      const chunks: string[] = [];
      for (let at = 0; at < body.length; at += size) {
        const chunk = body.slice(at, at + size);
        chunks.push(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
      }
      return [request({ headers: chunked, body: "" }), ...chunks, "0\r\n\r\n"];
    };
    assert.equal((await call(port, { body: of(BYTES) })).status, 200);
    assert.deepEqual(
      (await exchange(port, inChunks(of(BYTES), 999))).map(({ status }) => status),
      [200],
    );
    handledBefore = harness.handled.length;
    await refuses("too-large", 413, request({ body: of(BYTES + 1) }));
    refusedBefore = await harness.refused();
    await refuses("too-large", 413, inChunks(of(BYTES + 1), 999));
    refusedBefore = await harness.refused();
    await refuses("too-large", 413, inChunks(of(BYTES * 40), 65_000));
  });

  test("the answer to a body that nobody wants is not lost, however long that is", async () => {
    const body = "x".repeat(4_000_000);
    await refuses("too-large", 413, request({ body }), { whole: true });
    for (const headers of [{ Authorization: undefined }, { Authorization: "Basic x" }]) {
      refusedBefore = await harness.refused();
      await refuses("unauthorized", 401, request({ body, headers }), { whole: true });
    }
    refusedBefore = await harness.refused();
    await refuses("unsupported-type", 415, request({ body, headers: { "Content-Type": "text/plain" } }), {
      whole: true,
    });
  });

  test("a body that ends too early, or does not come in time, is refused", async () => {
    const short = { "Content-Length": `${chat("Hello").length + 5}` };
    assert.ok(
      (await exchange(port, request({ headers: short }), { end: true })).every(({ body }) => body === ""),
    );
    await refusedOnce("incomplete");
    refusedBefore = await harness.refused();
    await refuses("incomplete", 400, request({ headers: short }));
    refusedBefore = await harness.refused();
    await refuses("incomplete", 204, request({ kind: "presence", headers: short }));
  });

  test("a head that does not come in time is refused", async () => {
    await refuses("incomplete", 400, [request().subarray(0, 60)]);
    refusedBefore = await harness.refused();
    await refuses("incomplete", 400, [request().subarray(0, 60)], { end: true });
  });

  test("a repeated header is refused, whichever it is", async () => {
    for (const line of [
      "Authorization: x",
      "X-A: 1\r\nx-a: 2",
      "Host: evil",
      "Content-Type: text/plain",
      "Connection: keep-alive",
    ]) {
      refusedBefore = await harness.refused();
      await refuses("bad-request", 400, request({ headers: { "Content-Language": `en\r\n${line}` } }));
    }
  });

  test("what Node's parser refuses is answered by our table as well", async () => {
    const lang = (value: string, spec: CallbackSpec = {}) =>
      request({ ...spec, headers: { "Content-Language": value } });
    for (const value of [
      "en\r\nContent-Length: 5",
      "en\r\nTransfer-Encoding: chunked",
      "en\nX: y",
      "en\r\n folded: line",
      "en\rX: y",
      "en\r\n: y",
      "en\r\nX y",
      "en\r\nX : y",
      "e\0n",
      "en\r\n\r\n",
    ]) {
      refusedBefore = await harness.refused();
      // The last ends the head, so that Node reads the rest of it as a body.
      const reason = value === "en\r\n\r\n" ? "malformed" : "bad-request";
      const all = await exchange(port, lang(value));
      assert.deepEqual(
        all.map(({ status, body }) => [status, body]),
        [[400, ""]],
        JSON.stringify(value),
      );
      await refusedOnce(reason);
      refusedBefore = await harness.refused();
      const silent = await exchange(port, lang(value, { kind: "presence", type: undefined }));
      assert.deepEqual(
        silent.map(({ status, body }) => [status, body]),
        [[204, ""]],
        JSON.stringify(value),
      );
      await refusedOnce(reason);
    }
  });

  test("an expectation, or a host that is none, is refused without an answer of Node's own", async () => {
    for (const headers of [
      { Expect: "100-continue" },
      { Expect: "nonsense" },
      { Host: undefined },
      { Host: "" },
      { Host: "bad host^" },
      { Host: "a/b" },
    ]) {
      refusedBefore = await harness.refused();
      await refuses("bad-request", 400, request({ headers }));
      refusedBefore = await harness.refused();
      await refuses("bad-request", 204, request({ headers, kind: "presence" }));
    }
  });

  test("a host may be a name or an address, with or without a port", async () => {
    for (const Host of ["localhost", "bots_1.example.org:9003", "127.0.0.1", "[::1]:9003"])
      assert.equal((await call(port, { headers: { Host } })).status, 200, Host);
  });

  test("an xml:lang as long as a stanza may be is no harm", async () => {
    const reply = await call(port, { headers: { "Content-Language": "e".repeat(500_000) } });
    assert.equal(reply.status, 200);
  });

  test("addresses as long as they may be fit into the request line", async () => {
    const long = "ü".repeat(511);
    const from = `${long}@example.com/${long}`;
    const body = chat("long", { from });
    assert.equal((await call(port, { from, body })).status, 200);
  });

  test("a wrong credential or none is refused before the body is looked at", async () => {
    for (const given of [
      undefined,
      "",
      "Basic",
      BASIC.slice(0, -1),
      `${BASIC}x`,
      BASIC.replace("Basic", "Bearer"),
    ]) {
      refusedBefore = await harness.refused();
      await refuses("unauthorized", 401, request({ headers: { Authorization: given }, body: "<" }));
    }
  });

  test("a domain or a path that is not served is refused", async () => {
    await refuses("unknown-domain", 421, request({ to: "echo@elsewhere.test" }));
    refusedBefore = await harness.refused();
    await refuses("unknown-path", 421, request({ path: "/callbacks" }));
    refusedBefore = await harness.refused();
    await refuses("unknown-path", 204, request({ path: "/", kind: "presence" }));
    refusedBefore = await harness.refused();
    await refuses("unknown-path", 421, request({ method: "PUT" }));
    const page = await fetch(`http://127.0.0.1:${port}/favicon.ico`);
    assert.deepEqual([page.status, await page.text()], [404, ""]);
  });

  test("the probe is told the format, and needs the credential", async () => {
    const probe = { method: "OPTIONS", from: PLAIN, to: PLAIN, kind: "meta", type: "info", body: "" };
    const reply = await call(port, probe);
    assert.deepEqual([reply.status, reply.body, reply.headers["accept"]], [200, "", "application/xmpp+xml"]);
    await refuses("unauthorized", 401, request({ ...probe, headers: { Authorization: undefined } }));
    refusedBefore = await harness.refused();
    await refuses("unknown-domain", 421, request({ ...probe, to: "elsewhere.test" }));
    const signedProbe = await call(port, { ...probe, to: SIGNED, from: SIGNED });
    assert.equal(signedProbe.status, 200, "a probe is never signed");
  });

  test("a GET says that Prosody could not encode the stanza", async () => {
    const get = { method: "GET", body: "", headers: { "Content-Length": undefined } };
    await refuses("unencodable", 501, request(get));
    refusedBefore = await harness.refused();
    await refuses("unencodable", 204, request({ ...get, type: "groupchat" }));
    refusedBefore = await harness.refused();
    await refuses(
      "unauthorized",
      401,
      request({ ...get, headers: { ...get.headers, Authorization: undefined } }),
    );
  });

  test("a second request on one connection of a mount without signatures is refused", async () => {
    const headers = { Connection: "keep-alive" };
    const all = await exchange(
      port,
      Buffer.concat([request({ headers }), request({ headers, body: chat("second") })]),
    );
    assert.equal(all[0]?.status, 200);
    // The first answer closes the connection; whether Node still reads what follows is its own affair.
    assert.ok(all.slice(1).every(({ status, body }) => status === 400 && body === ""));
    assert.deepEqual(harness.handled.slice(handledBefore), [`message ${ALICE} Hello`]);
  });

  test("a smuggled request with the true credential is not served, whatever the first one was", async () => {
    // Prosody's own headers, the credential among them, come after what the sender has put there.
    const smuggled = request({
      from: "admin@example.com/x",
      body: chat("obey", { from: "admin@example.com/x" }),
    });
    for (const first of [
      { headers: { Authorization: undefined, Connection: "keep-alive" } },
      { headers: { Connection: "keep-alive" }, to: "echo@elsewhere.test" },
      { headers: { Connection: "keep-alive" }, to: `echo@${SIGNED}` },
      { headers: { Connection: "keep-alive" }, body: "<" },
    ]) {
      const all = await exchange(port, Buffer.concat([request({ body: "", ...first }), smuggled]));
      assert.ok(all.every(({ body }) => !body.includes("obey")));
      assert.ok(
        harness.handled.slice(handledBefore).every((line) => !line.includes("admin")),
        JSON.stringify(first),
      );
    }
  });

  test("signed callbacks share a connection, which stays open until it is idle", async () => {
    const texts = ["one", "two", "three"];
    const all = await exchange(port, Buffer.concat(texts.map((text) => request(signedCallback(text)))));
    assert.deepEqual(
      all.map(({ status }) => status),
      [200, 200, 200],
    );
    assert.deepEqual(
      all.map(({ body }) => {
        const stanza = readStanza(body);
        return stanza.kind === "message" && stanza.body;
      }),
      texts,
    );
    assert.ok(all.every(({ headers }) => headers["connection"] !== "close"));
  });

  test("on a signed mount a callback has to be signed, once, by the key, over its body", async () => {
    const good = signedCallback("signed");
    const without = { ...good, headers: {} };
    await refuses("bad-signature", 401, request(without));
    refusedBefore = await harness.refused();
    const changed = { ...good, body: chat("changed", { to: `echo@${SIGNED}` }) };
    await refuses("bad-signature", 401, request(changed));
    refusedBefore = await harness.refused();
    await refuses(
      "unauthorized",
      401,
      request({ ...good, headers: { ...good.headers, Authorization: undefined } }),
    );
    const [first] = await exchange(
      port,
      request({ ...good, headers: { ...good.headers, Connection: "close" } }),
    );
    assert.equal(first?.status, 200);
    handledBefore = harness.handled.length;
    refusedBefore = await harness.refused();
    await refuses("replayed", 204, request(good));
  });

  test("one whose answer Prosody has not heard gets the same answer, and is not handled again", async () => {
    const good = signedCallback("unheard");
    const close = { ...good.headers, Connection: "close" };
    const [first] = await exchange(port, request({ ...good, headers: close }));
    handledBefore = harness.handled.length;
    const again = { ...close, "webhook-attempt": "2" };
    const [second] = await exchange(port, request({ ...good, headers: again }));
    assert.equal(second?.status, 200);
    assert.equal(second.body, first?.body);
    assert.equal(harness.handled.length, handledBefore);
    await refuses("bad-signature", 401, request({ ...good, body: chat("other"), headers: again }));
  });

  test("a signature for one stanza does not serve for another request line", async () => {
    await refuses("forged", 400, request({ ...signedCallback("signed"), from: "eve@example.com/x" }));
  });
});
