import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { Webhook as Verifier } from "standardwebhooks";
import { type Prosody, startProsody } from "../../prosody/server.ts";
import {
  connect,
  echo,
  errorOf,
  inversions,
  onBothServers,
  type Person,
  type Received,
  startWebhook,
  until,
  type Webhook,
} from "./support.ts";

const keys = [1, 2].map((fill) => `whsec_${Buffer.alloc(32, fill).toString("base64")}`);

/** Asserts that a callback carries a signature by that key, as the reference implementation of the standard makes it. */
function assertSigned(received: Received | undefined, key: string, format?: "raw"): void {
  const {
    "webhook-id": id,
    "webhook-timestamp": time,
    "webhook-signature": signatures,
  } = received?.headers ?? {};
  assert.ok(typeof id === "string" && typeof time === "string" && typeof signatures === "string");
  assert.ok(Math.abs(Date.now() / 1000 - Number(time)) < 60, "the timestamp is that of sending");
  const expected = new Verifier(key, format && { format }).sign(
    id,
    new Date(Number(time) * 1000),
    received?.body ?? "",
  );
  assert.ok(signatures.split(" ").includes(expected), `${signatures} has no ${expected}`);
}

/** Answers that the tests hold back until they let them go. */
class Gate {
  #open: (() => void) | undefined;
  #opened: Promise<void> = Promise.resolve();
  close(): void {
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
  }
  open(): void {
    this.#open?.();
  }
  pass(): Promise<void> {
    return this.#opened;
  }
}

onBothServers("mod_restanza_callback", (suite) => {
  const gate = new Gate();
  const held = /^held/;
  let webhook: Webhook;
  let other: Webhook;
  let prosody: Prosody;
  let alice: Person;
  let bob: Person;

  before(async () => {
    webhook = await startWebhook(async (received) => {
      if (received.text && held.test(received.text)) await gate.pass();
      if (received.body.includes("urn:xmpp:ping")) {
        return { status: 200, type: "application/xmpp+xml", body: "<iq type='result'/>" };
      }
      return echo(received);
    });
    other = await startWebhook(echo);
    const address = webhook.address;
    const small = {
      restanza_callback_connections: 8,
      restanza_callback_queue: 6,
      restanza_callback_queue_per_conversation: 4,
      restanza_callback_queue_bytes: 4000,
    };
    prosody = await startProsody({
      suite,
      hosts: [
        { kind: "virtualhost", host: "people.test", modules: ["mam"] },
        {
          kind: "component",
          host: "bots.test",
          callback: { address, keys, auth: "prosody:callback-secret" },
        },
        { kind: "component", host: "plain.test", callback: { address }, options: small },
        { kind: "component", host: "stock.test", callback: { address }, restanza: [] },
        { kind: "component", host: "other.test", callback: { address: other.address } },
        {
          kind: "component",
          host: "json.test",
          callback: { address, contentType: "application/json", keys: ["a plain key of some length"] },
        },
        // Two mounts on one URL without placeholders, one with the module and one without.
        {
          kind: "component",
          host: "same-ours.test",
          callback: { address, keys },
          options: { rest_callback_url: `http://${address}/same` },
        },
        {
          kind: "component",
          host: "same-stock.test",
          restanza: [],
          callback: { address },
          options: { rest_callback_url: `http://${address}/same` },
        },
        { kind: "virtualhost", host: "desk.test", callback: { address, keys } },
      ],
      users: [
        { jid: "alice@people.test", password: "wonderland" },
        { jid: "bob@people.test", password: "builder" },
      ],
    });
    alice = await connect(prosody, "alice@people.test", "wonderland");
    bob = await connect(prosody, "bob@people.test", "builder");
  });

  after(async () => {
    gate.open();
    await alice.stop();
    await bob.stop();
    await prosody.stop();
    await webhook.close();
    await other.close();
  });

  const callbackOf = async (text: string, from = webhook) => {
    await until(() => from.received.some((r) => r.text === text), `the callback of ${text}`);
    const found = from.received.find((r) => r.text === text);
    assert.ok(found);
    return found;
  };

  it("signs as Standard Webhooks do, with every key", async () => {
    await alice.say("echo@bots.test", "signed \u00e9 \u{1F600}");
    const received = await callbackOf("signed \u00e9 \u{1F600}");
    for (const key of keys) assertSigned(received, key);
    assert.throws(() => assertSigned(received, `whsec_${Buffer.alloc(32, 9).toString("base64")}`));
    assert.throws(() => assertSigned({ ...received, body: `${received.body} ` }, keys[0] ?? ""));
    const { headers } = received;
    assert.equal(String(headers["webhook-signature"]).split(" ").length, keys.length);
    assert.equal(headers["content-language"], undefined);
    assert.equal(headers["content-type"], "application/xmpp+xml");
    assert.equal(headers.authorization, `Basic ${btoa("prosody:callback-secret")}`);
    assert.match(headers.accept ?? "", /application\/json/);
  });

  it("gives every callback an id of its own", async () => {
    for (let i = 0; i < 20; i++) await alice.say("echo@bots.test", `id ${i}`);
    await callbackOf("id 19");
    const ids = webhook.received.filter((r) => r.text?.startsWith("id ")).map((r) => r.headers["webhook-id"]);
    assert.equal(new Set(ids).size, 20);
  });

  it("signs JSON with a key that is not Base64", async () => {
    await alice.say("echo@json.test", "json");
    await until(() => webhook.received.some((r) => r.body.includes('"json"')), "the JSON callback");
    const found = webhook.received.find((r) => r.body.includes('"json"'));
    assertSigned(found, "a plain key of some length", "raw");
    assert.doesNotThrow(() =>
      new Verifier("a plain key of some length", { format: "raw" }).verify(
        found?.body ?? "",
        found?.headers as Record<string, string>,
      ),
    );
  });

  it("adds an id only without keys", async () => {
    await alice.say("echo@plain.test", "unsigned");
    const { headers } = await callbackOf("unsigned");
    assert.deepEqual(
      Object.keys(headers).filter((name) => name.startsWith("webhook-")),
      ["webhook-id"],
    );
  });

  it("closes the header injection that a stock mount has", async (t) => {
    for (const host of ["bots.test", "plain.test", "json.test", "stock.test"]) {
      const id = `evil-${host}`;
      await alice.write(
        `<message to='echo@${host}' type='chat' id='${id}' xml:lang='en&#13;&#10;X-Evil: 1'><body>${id}</body></message>`,
      );
      await until(() => webhook.received.some((r) => r.body.includes(id)), id);
      const found = webhook.received.find((r) => r.body.includes(id));
      if (host === "stock.test") t.diagnostic(`stock mount: X-Evil: ${found?.headers["x-evil"]}`);
      else {
        assert.equal(found?.headers["x-evil"], undefined, host);
        assert.doesNotMatch(found?.body ?? "", /X-Evil/);
      }
    }
  });

  it("keeps an innocent xml:lang, and one on a child", async () => {
    await alice.write(
      "<message to='echo@bots.test' type='chat' xml:lang='de'><body xml:lang='fr&#10;x'>lang</body></message>",
    );
    const { body } = await callbackOf("lang");
    assert.match(body, /^<message[^>]* xml:lang='de'/);
  });

  it("answers a burst in order, which a stock mount does not", async (t) => {
    const count = 500;
    for (const host of ["bots.test", "stock.test"]) {
      const answers = (): string[] => alice.texts(`burst@${host}`);
      const started = performance.now();
      let burst = "";
      for (let i = 0; i < count; i++) {
        burst += `<message to='burst@${host}' type='chat' id='${i}'><body>${i}</body></message>`;
      }
      await alice.write(burst);
      await until(() => answers().length >= count, `${count} answers from ${host}`, 180_000);
      const elapsed = performance.now() - started;
      const came = answers();
      const arrived = webhook.received
        .filter((r) => r.url.searchParams.get("to") === `burst@${host}`)
        .map((r) => r.text ?? "");
      t.diagnostic(
        `${host}: ${inversions(came)} of ${count} answers overtaken, ${inversions(arrived)} of the callbacks, in ${elapsed.toFixed(0)} ms`,
      );
      if (host === "bots.test") {
        assert.deepEqual(
          came,
          Array.from({ length: count }, (_, i) => String(i)),
        );
        assert.deepEqual(arrived, came);
      }
    }
  });

  it("carries callbacks over lasting connections", async () => {
    const before = webhook.connections();
    for (let i = 0; i < 50; i++) {
      await alice.say("echo@bots.test", `kept ${i}`);
      await callbackOf(`kept ${i}`);
    }
    assert.ok(webhook.connections() - before <= 2, `${webhook.connections() - before} connections for 50`);
  });

  it("has one message of a conversation under way, and does not hold up others", async () => {
    gate.close();
    await alice.say("slow@bots.test", "held 1");
    await callbackOf("held 1");
    await alice.say("slow@bots.test", "behind");
    await alice.write("<presence to='slow@bots.test' type='unavailable'/>");
    await alice.say("fast@bots.test", "another bot");
    await bob.say("slow@bots.test", "another person");
    await alice.write("<iq to='slow@bots.test' type='get' id='ping-1'><ping xmlns='urn:xmpp:ping'/></iq>");
    await callbackOf("another bot");
    await callbackOf("another person");
    await alice.waitFor((s) => s.name === "iq" && s.attrs["id"] === "ping-1", "the answer to a ping");
    assert.ok(!webhook.received.some((r) => r.text === "behind"), "the second message waits");
    const presence = () =>
      webhook.received.some(
        (r) =>
          r.url.searchParams.get("kind") === "presence" && r.url.searchParams.get("to") === "slow@bots.test",
      );
    assert.ok(!presence(), "presence keeps the order too");
    gate.open();
    await callbackOf("behind");
    await until(presence, "the presence");
  });

  it("keeps a connection for IQs when slow messages hold all the others", async () => {
    gate.close();
    for (let i = 0; i < 8; i++) await alice.say(`bot${i}@plain.test`, `held all ${i}`);
    await alice.write("<iq to='bot0@plain.test' type='get' id='ping-2'><ping xmlns='urn:xmpp:ping'/></iq>");
    await alice.waitFor((s) => s.name === "iq" && s.attrs["id"] === "ping-2", "the answer to a ping");
    const arrived = webhook.received.filter((r) => r.text?.startsWith("held all")).length;
    assert.equal(arrived, 7, "of eight connections");
    gate.open();
    await callbackOf("held all 7");
  });

  it("counts every device of a person as one conversation", async () => {
    const second = await connect(prosody, "alice@people.test", "wonderland");
    gate.close();
    await alice.say("device@bots.test", "held device");
    await callbackOf("held device");
    await second.say("device@bots.test", "second device");
    await alice.say("fence@bots.test", "fence");
    await callbackOf("fence");
    assert.ok(!webhook.received.some((r) => r.text === "second device"));
    gate.open();
    await callbackOf("second device");
    await second.stop();
  });

  it("refuses what exceeds the queue of a conversation, with a clear error", async () => {
    gate.close();
    await alice.say("full@plain.test", "held full");
    await callbackOf("held full");
    for (let i = 0; i < 5; i++) await alice.say("full@plain.test", `full ${i}`);
    const refused = await alice.waitFor(
      (s) => s.attrs["type"] === "error" && s.attrs["id"] === "full 4",
      "an error",
    );
    assert.deepEqual(errorOf(refused), {
      type: "wait",
      condition: "resource-constraint",
      text: "The bot has too many messages waiting, try again later",
    });
    await prosody.waitForLog(/restanza_callback_queue_per_conversation allows/);
    gate.open();
    await callbackOf("full 3");
    assert.ok(!webhook.received.some((r) => r.text === "full 4"));
    await until(() => alice.texts().includes("full 3"), "what waited is answered");
  });

  it("refuses what exceeds the queue of the host, in stanzas and in bytes", async () => {
    gate.close();
    for (const bot of ["x", "y"]) {
      await bob.say(`${bot}@plain.test`, `held ${bot}`);
      await callbackOf(`held ${bot}`);
    }
    await bob.say("x@plain.test", `big ${"b".repeat(5000)}`, "big");
    await bob.waitFor(
      (s) => s.attrs["type"] === "error" && s.attrs["id"] === "big",
      "an error for the bytes",
    );
    for (let i = 0; i < 4; i++) await bob.say("x@plain.test", `x ${i}`);
    for (let i = 0; i < 3; i++) await bob.say("y@plain.test", `y ${i}`);
    await bob.waitFor(
      (s) => s.attrs["type"] === "error" && s.attrs["id"] === "y 2",
      "an error for the number",
    );
    // A room must not be told by an error: the bot would be removed from it.
    await bob.write("<message to='y@plain.test' type='groupchat' id='room'><body>room</body></message>");
    await bob.write("<presence to='y@plain.test' id='room-presence'/>");
    await bob.say("y@plain.test", "y 3");
    await bob.waitFor((s) => s.attrs["type"] === "error" && s.attrs["id"] === "y 3", "an error after those");
    gate.open();
    await callbackOf("y 1");
    await until(() => bob.texts().includes("y 1"), "what waited is answered");
    assert.ok(!bob.stanzas.some((s) => s.attrs["id"]?.startsWith("room")));
  });

  it("leaves other hosts and other mounts alone", async () => {
    await alice.say("echo@other.test", "other");
    await callbackOf("other", other);
    assert.ok(!webhook.received.some((r) => r.text === "other"));
    assert.ok(!other.received.some((r) => r.url.searchParams.get("to")?.endsWith("@bots.test")));

    await alice.say("echo@stock.test", "stock");
    const stock = await callbackOf("stock");
    assert.equal(stock.headers["webhook-id"], undefined);
    assert.equal(stock.headers.connection, "close");

    for (let i = 0; i < 10; i++) {
      await alice.say("echo@same-ours.test", `same ours ${i}`);
      await alice.say("echo@same-stock.test", `same stock ${i}`);
    }
    for (let i = 0; i < 10; i++) {
      assert.notEqual((await callbackOf(`same ours ${i}`)).headers["webhook-id"], undefined);
      assert.equal((await callbackOf(`same stock ${i}`)).headers["webhook-id"], undefined);
    }
  });

  it("has answers in the archive of a person and on their other clients, which stock mod_rest has not", async () => {
    const laptop = await connect(prosody, "alice@people.test", "wonderland");
    await laptop.write("<iq type='set' id='carbons'><enable xmlns='urn:xmpp:carbons:2'/></iq>");
    await laptop.waitFor((s) => s.attrs["id"] === "carbons", "carbons to be on");
    const seen = (what: string, text: string, from: string) => (s: { toString(): string }) =>
      s.toString().includes(`<${what} `) &&
      s.toString().includes(`<body>${text}</body>`) &&
      s.toString().includes(`from="${from}"`);
    // The stock one first, so that what would come of it has come when that of the other is there.
    for (const [bot, text] of [
      ["echo@stock.test", "heard by one"],
      ["echo@bots.test", "heard by all"],
    ] as const) {
      await alice.say(bot, text);
      await until(() => alice.texts(bot).includes(text), `the answer of ${bot}`);
    }
    await laptop.waitFor(seen("received", "heard by all", "echo@bots.test"), "the answer's carbon");
    await laptop.write(
      "<iq type='set' id='archive'><query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><max>50</max><before/></set></query></iq>",
    );
    await laptop.waitFor((s) => s.attrs["id"] === "archive", "the end of the archive");
    const both = ["received", "result"].map((what) => [
      laptop.stanzas.some(seen(what, "heard by one", "echo@stock.test")),
      laptop.stanzas.some(seen(what, "heard by all", "echo@bots.test")),
    ]);
    await laptop.stop();
    assert.deepEqual(both, [
      [false, true],
      [false, true],
    ]);
  });

  it("serves a VirtualHost", async () => {
    await alice.say("desk.test", "desk");
    assertSigned(await callbackOf("desk"), keys[0] ?? "");
    await until(() => alice.texts().includes("desk"), "the answer");
  });
});
