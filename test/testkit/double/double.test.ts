import assert from "node:assert/strict";
import { createServer, request, type Server } from "node:http";
import { after, before, describe, test } from "node:test";
import { el, message, presence } from "../../../src/stanza/index.ts";
import { ModRestDouble, NothingArrivedError } from "../../../src/testkit/index.ts";

const options = {
  virtualHosts: [{ domain: "localhost", accounts: { alice: "a", bob: "b" } }],
  components: [{ domain: "bots.localhost", tokens: ["a token for the tests"] }],
  rooms: ["rooms.localhost"],
};

describe("the double", () => {
  let prosody: ModRestDouble;
  before(async () => {
    prosody = await ModRestDouble.start(options);
  });
  after(() => prosody.stop());

  test("listens on loopback and nowhere else", async () => {
    for (const host of ["0.0.0.0", "::", "192.168.0.1", "localhost", "127.0.0.1.example.org", ""]) {
      await assert.rejects(ModRestDouble.start({ ...options, host }), /the double would listen on/, host);
    }
    const six = await ModRestDouble.start({ ...options, host: "::1" });
    assert.match(six.restUrl, /^http:\/\/\[::1\]:\d+\/rest$/);
    await six.stop();
  });

  test("says which accounts and hosts it has", async () => {
    await assert.rejects(prosody.user("carol@localhost"), /it has alice@localhost, bob@localhost/);
    await assert.rejects(prosody.user("alice@example.org"), /it has localhost/);
    await assert.rejects(
      ModRestDouble.start({ ...options, rooms: ["localhost"] }),
      /two hosts named localhost/,
    );
  });

  test("calls back over plain HTTP only", async () => {
    const components = [{ domain: "bots.localhost", callback: { url: "https://127.0.0.1/callback" } }];
    await assert.rejects(
      ModRestDouble.start({ components }),
      /the callback URL of bots.localhost is not plain http/,
    );
  });

  test("hands each stanza out once, in order, to whoever wants it", async () => {
    const [alice, bob] = await Promise.all([
      prosody.user("alice@localhost/1"),
      prosody.user("bob@localhost/1"),
    ]);
    for (const body of ["one", "two", "three"]) alice.send(message({ to: bob.jid, type: "chat", body }));
    const bodyOf = async (wanted?: string) => {
      const stanza = await bob.next(
        ({ kind, element }) =>
          kind === "message" && (wanted ?? element.childText("body")) === element.childText("body"),
      );
      return stanza.element.childText("body");
    };
    assert.equal(await bodyOf("two"), "two");
    assert.equal(await bodyOf(), "one");
    assert.equal(await bodyOf(), "three");
    const later = bodyOf();
    alice.send(message({ to: bob.jid, type: "chat", body: "four" }));
    assert.equal(await later, "four");
    alice.disconnect();
    bob.disconnect();
  });

  test("tells in a transcript what came instead", async () => {
    const alice = await prosody.user("alice@localhost/2");
    alice.send("<message to='alice@localhost/2' type='chat'><body>Only this</body></message>");
    const wait = alice.next(({ kind }) => kind === "iq", { signal: AbortSignal.abort() });
    await assert.rejects(wait, (error) => {
      assert.ok(error instanceof NothingArrivedError);
      assert.match(error.message, /alice@localhost\/2 waited for a stanza that did not come/);
      assert.match(error.message, /<body>Only this<\/body>/);
      return true;
    });
    const none = await prosody.user("alice@localhost/3", { presence: false });
    await assert.rejects(none.next(undefined, { signal: AbortSignal.abort() }), /nothing at all/);
    alice.disconnect();
    none.disconnect();
  });

  test("lets a listener see everything until it has enough", async () => {
    const alice = await prosody.user("alice@localhost/4");
    const seen: string[] = [];
    const stop = alice.listen(({ element }) => seen.push(element.name));
    alice.send(
      message(
        { to: alice.jid, type: "chat" },
        el("composing", { xmlns: "http://jabber.org/protocol/chatstates" }),
      ),
    );
    stop();
    alice.send(message({ to: alice.jid, type: "chat", body: "x" }));
    assert.deepEqual(seen, ["message"]);
    assert.equal(alice.stanzas.filter(({ kind }) => kind === "message").length, 2);
    alice.disconnect();
  });

  test("shows presence to who subscribed, and tells of leaving", async () => {
    const [alice, bob] = await Promise.all([
      prosody.user("alice@localhost/5"),
      prosody.user("bob@localhost/5"),
    ]);
    for (const user of [alice, bob])
      user.send("<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>");
    const typeIs =
      (type: string) => (stanza: { kind: string; element: { attr(name: string): string | undefined } }) =>
        stanza.kind === "presence" && (stanza.element.attr("type") ?? "available") === type;
    bob.send(presence({ to: "alice@localhost", type: "subscribe" }));
    await alice.next(typeIs("subscribe"));
    alice.send(presence({ to: "bob@localhost", type: "subscribed" }));
    await bob.next(typeIs("subscribed"));
    const shown = await bob.next((stanza) => typeIs("available")(stanza) && stanza.from?.local === "alice");
    assert.equal(String(shown.from), "alice@localhost/5");
    alice.disconnect();
    const gone = await bob.next((stanza) => typeIs("unavailable")(stanza) && stanza.from?.resource === "5");
    assert.equal(String(gone.from), "alice@localhost/5");
    bob.disconnect();
  });

  test("sends a message for the bare JID to the resources of the highest priority", async () => {
    const users = await Promise.all(
      ["low", "high", "never"].map((name) => prosody.user(`bob@localhost/${name}`)),
    );
    for (const [index, priority] of [1, 2, -1].entries()) users[index]?.send(presence({ priority }));
    const alice = await prosody.user("alice@localhost/6");
    alice.send(message({ to: "bob@localhost", type: "chat", body: "x" }));
    assert.deepEqual(
      users.map(({ stanzas }) => stanzas.filter(({ kind }) => kind === "message").length),
      [0, 1, 0],
    );
    for (const user of [...users, alice]) user.disconnect();
  });

  test("answers a stanza that no server takes", async () => {
    const alice = await prosody.user("alice@localhost/7");
    alice.send("<iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>");
    alice.send("<iq type='get' id='2'/>");
    alice.send("<message to='@'/>");
    const errors = alice.stanzas.filter(({ error }) => error !== undefined);
    assert.deepEqual(
      errors.map(({ error }) => error?.condition),
      ["bad-request", "bad-request", "jid-malformed"],
    );
    alice.disconnect();
  });
});

describe("a double with a web server", () => {
  let web: Server;
  let prosody: ModRestDouble;
  before(async () => {
    web = createServer((incoming, response) => {
      if (incoming.method === "OPTIONS") response.end();
    });
    await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
    const address = web.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    prosody = await ModRestDouble.start({
      ...options,
      components: [{ domain: "bots.localhost", callback: { url: `http://127.0.0.1:${port}/` } }],
    });
  });
  after(() => {
    web.closeAllConnections();
    web.close();
  });

  test("stops at once, callbacks and requests under way included", async () => {
    const alice = await prosody.user("alice@localhost/1");
    const called = new Promise((resolve) => web.once("request", resolve));
    alice.send(message({ to: "slow@bots.localhost", type: "chat", body: "x" }));
    await called;
    const asked = new Promise((resolve) => web.once("request", resolve));
    const { hostname, port } = new URL(prosody.restUrl);
    const outgoing = request({
      hostname,
      port,
      path: "/rest",
      method: "POST",
      headers: {
        ...prosody.restHeaders("localhost"),
        authorization: `Basic ${Buffer.from("alice:a").toString("base64")}`,
        "content-type": "application/xmpp+xml",
      },
    });
    const broken = new Promise((resolve) => outgoing.once("error", resolve));
    outgoing.end("<iq type='get' id='1' to='slow@bots.localhost'><ping xmlns='urn:xmpp:ping'/></iq>");
    await asked;
    await Promise.all([broken, prosody.stop()]);
  });
});
