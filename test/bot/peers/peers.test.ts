import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BoundedMap, Peers } from "../../../src/bot/index.ts";
import { type Iq, iq, Jid, type Presence, presence, StanzaError } from "../../../src/stanza/index.ts";
import {
  buildCaps,
  buildDiscoInfo,
  type Caps,
  capsNode,
  capsVersion,
  readDiscoInfo,
} from "../../../src/xep/index.ts";

const JULIET = Jid.parse("juliet@capulet.lit/balcony");
const ROMEO = Jid.parse("romeo@montague.lit/orchard");
const ANSWER = buildDiscoInfo([{ category: "client", type: "pc" }], ["urn:a", "urn:b"]);
const CAPS: Caps = {
  node: "https://client.example",
  ver: capsVersion(readDiscoInfo(ANSWER)) ?? "",
  hash: "sha-1",
};

function there(from: Jid, caps: Caps = CAPS): Presence {
  return presence({ from }, buildCaps(caps));
}

/** Somebody to be asked, who counts the questions. */
function world(answer: (request: Iq) => Iq | Promise<Iq> = result) {
  const asked: string[] = [];
  const at = { now: 0, wake: (): void => undefined };
  const told: [string, boolean][] = [];
  const peers = new Peers(Jid.parse("echo@bots.example"), {
    ask: async (request) => {
      asked.push(`${request.to} ${request.payload?.attr("node") ?? ""}`);
      return await answer(request);
    },
    clock: {
      now: () => at.now,
      after: (_, wake) => {
        at.wake = wake;
        return () => undefined;
      },
    },
    onPresence: (from, available) => void told.push([from.toString(), available]),
  });
  return { peers, asked, at, told };
}

function result(request: Iq): Iq {
  return iq({ type: "result", id: request.id, from: request.to }, ANSWER);
}

describe("what the clients of others can do", () => {
  it("is asked for once for all that have the same hash, if the answer gives that hash (XEP-0115 §5.4)", async () => {
    const { peers, asked } = world();
    peers.observe(there(JULIET), JULIET);
    peers.observe(there(ROMEO), ROMEO);
    assert.deepEqual([...(await peers.features(JULIET))], ["urn:a", "urn:b"]);
    assert.deepEqual([...(await peers.features(ROMEO))], ["urn:a", "urn:b"]);
    assert.deepEqual(asked, [`${JULIET} ${capsNode(CAPS)}`]);
  });

  it("is believed of who says it alone where the hash is another: nobody speaks for others", async () => {
    const { peers, asked } = world();
    const wrong = { ...CAPS, ver: "66/0NaeaBKkwk85efJTGmU47vXI=" };
    peers.observe(there(JULIET, wrong), JULIET);
    peers.observe(there(ROMEO, wrong), ROMEO);
    assert.equal((await peers.features(JULIET)).size, 2);
    assert.equal((await peers.features(JULIET)).size, 2);
    assert.equal((await peers.features(ROMEO)).size, 2);
    assert.deepEqual(asked, [`${JULIET} ${capsNode(wrong)}`, `${ROMEO} ${capsNode(wrong)}`]);
  });

  it("is asked for without a presence too, and again after an hour, or when somebody has been away", async () => {
    const { peers, asked, at } = world();
    await peers.features(JULIET);
    at.now = 3_599_999;
    await peers.features(JULIET);
    assert.equal(asked.length, 1);
    at.now = 3_600_000;
    await peers.features(JULIET);
    assert.equal(asked.length, 2);
    peers.observe(presence({ type: "unavailable" }), JULIET);
    await peers.features(JULIET);
    assert.equal(asked.length, 3);
    assert.equal(asked[2], `${JULIET} `);
  });

  it("is nothing where there is no answer, for five minutes", async () => {
    const { peers, asked, at } = world(() => {
      throw new StanzaError("service-unavailable");
    });
    assert.equal((await peers.features(JULIET)).size, 0);
    at.now = 299_999;
    assert.equal((await peers.features(JULIET)).size, 0);
    assert.equal(asked.length, 1);
    at.now = 300_000;
    await peers.features(JULIET);
    assert.equal(asked.length, 2);
  });

  it("is nothing while an answer takes its time, and what that says once it is there", async () => {
    const open = Promise.withResolvers<void>();
    const { peers, asked, at } = world(async (request) => {
      await open.promise;
      return result(request);
    });
    const early = peers.features(JULIET);
    at.wake();
    assert.equal((await early).size, 0);
    open.resolve();
    assert.equal((await peers.features(JULIET)).size, 2);
    assert.equal(asked.length, 1);
  });

  it("is one question at a time for each hash, and sixteen to a domain", async () => {
    const open = Promise.withResolvers<void>();
    const { peers, asked } = world(async (request) => {
      await open.promise;
      return result(request);
    });
    peers.observe(there(JULIET), JULIET);
    peers.observe(there(ROMEO), ROMEO);
    const both = [peers.features(JULIET), peers.features(ROMEO)];
    const many = Array.from({ length: 30 }, (_, index) =>
      peers.features(Jid.parse(`guest${index}@capulet.lit/phone`)),
    );
    open.resolve();
    assert.deepEqual(
      (await Promise.all(both)).map(({ size }) => size),
      [2, 2],
    );
    assert.equal((await Promise.all(many)).filter(({ size }) => size === 0).length, 15);
    assert.equal(asked.length, 16);
  });

  it("is not what somebody else with the same hash says while they are asked, unless it is right", async () => {
    const liar = Jid.parse("iago@venice.lit/ship");
    const open = Promise.withResolvers<void>();
    const lie = buildDiscoInfo([{ category: "client", type: "pc" }], ["urn:lie"]);
    const { peers, asked } = world(async (request) => {
      if (!request.to?.equals(liar)) return result(request);
      await open.promise;
      return iq({ type: "result", id: request.id, from: liar }, lie);
    });
    for (const each of [liar, JULIET, ROMEO]) peers.observe(there(each), each);
    const all = [liar, JULIET, ROMEO].map((each) => peers.features(each));
    open.resolve();
    assert.deepEqual(
      (await Promise.all(all)).map((features) => [...features]),
      [["urn:lie"], ["urn:a", "urn:b"], ["urn:a", "urn:b"]],
    );
    assert.deepEqual(asked[0], `${liar} ${capsNode(CAPS)}`);
    assert.deepEqual([...(await peers.features(JULIET))], ["urn:a", "urn:b"]);
  });

  it("is not kept from the others with the same hash by one who keeps silent", async () => {
    const silent = Jid.parse("iago@venice.lit/ship");
    const { peers, at } = world((request) =>
      request.to?.equals(silent) ? new Promise<Iq>(() => undefined) : result(request),
    );
    for (const each of [silent, JULIET]) peers.observe(there(each), each);
    void peers.features(silent);
    const other = peers.features(JULIET);
    at.wake();
    assert.deepEqual([...(await other)], ["urn:a", "urn:b"]);
  });

  it("is asked of others while all of one domain keep silent", async () => {
    const { peers } = world((request) =>
      request.to?.domain === "venice.lit" ? new Promise<Iq>(() => undefined) : result(request),
    );
    for (let index = 0; index < 1_000; index += 1)
      void peers.features(Jid.parse(`soldier${index}@venice.lit/ship`));
    assert.equal((await peers.features(JULIET)).size, 2);
  });

  it("is not waited for longer than a quarter of a minute, so that no question is open for ever", async () => {
    const timeouts: number[] = [];
    const peers = new Peers(Jid.parse("echo@bots.example"), {
      ask: async (request, timeout) => {
        timeouts.push(timeout);
        return result(request);
      },
    });
    await peers.features(JULIET);
    assert.deepEqual(timeouts, [15_000]);
  });

  it("is bounded, whatever somebody says", async () => {
    const features = Array.from({ length: 5_000 }, (_, index) => `urn:feature:${index}`);
    const { peers, told } = world((request) =>
      iq({ type: "result", from: request.to }, buildDiscoInfo([], ["x".repeat(100_000), ...features])),
    );
    const long = "x".repeat(100_000);
    peers.observe(there(JULIET, { node: long, ver: long, hash: long }), JULIET);
    const found = await peers.features(JULIET);
    assert.equal(found.size, 300);
    assert.ok(!found.has("x".repeat(100_000)));
    assert.deepEqual(told, []);
  });

  it("is not told by anything but presence that says who is there", () => {
    const { peers, told } = world();
    peers.observe(presence(), JULIET);
    peers.observe(there(JULIET), JULIET);
    for (const type of ["subscribe", "probe", "error"] as const) peers.observe(presence({ type }), JULIET);
    peers.observe(presence({ type: "unavailable" }), JULIET);
    assert.deepEqual(told, [
      [JULIET.toString(), true],
      [JULIET.toString(), false],
    ]);
  });
});

describe("a bounded map", () => {
  it("forgets what was used the longest time ago", () => {
    const map = new BoundedMap<number>(2);
    map.set("a", 1);
    map.set("b", 2);
    map.get("a");
    map.set("c", 3);
    assert.deepEqual([map.get("a"), map.get("b"), map.get("c"), map.size], [1, undefined, 3, 2]);
    map.set("a", 4);
    map.delete("c");
    assert.deepEqual([map.get("a"), map.get("c"), map.size], [4, undefined, 1]);
  });
});
