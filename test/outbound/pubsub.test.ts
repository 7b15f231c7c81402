import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { type Element, el, writeXml } from "../../src/stanza/index.ts";
import {
  buildAffiliations,
  buildAvatarData,
  buildAvatarMetadata,
  buildItems,
  buildNodeAffiliations,
  buildNodeSubscriptions,
  buildPublish,
  buildSubscription,
  buildSubscriptions,
  type NodeAffiliate,
  type PageInfo,
  type Subscription,
} from "../../src/xep/index.ts";
import { type Received, result as resultOf, type Script, ScriptedServer } from "./scripted-server.ts";

const SERVICE = "pubsub.example.com";
const opts = { from: "bot@bots.test" };

/** Answers as a service does. */
function result(request: Received, payload?: Element | string): void {
  resultOf(request, payload === undefined || typeof payload === "string" ? payload : writeXml(payload, ""));
}
const pubsub = (inside: string) => `<pubsub xmlns='http://jabber.org/protocol/pubsub'>${inside}</pubsub>`;

/** A node of so many items, in pages. */
function pages(size: number): Script {
  return (request) => {
    const max = Number(/<max>(\d+)<\/max>/.exec(request.body)?.[1]);
    const after = Number(/<after>i(\d+)<\/after>/.exec(request.body)?.[1] ?? 0);
    const ids = Array.from({ length: Math.min(max, size - after) }, (_, index) => after + index + 1);
    const items = ids.map((id) => ({ id: `i${id}` }));
    const page = { first: items[0]?.id, last: items.at(-1)?.id, index: undefined, count: size };
    result(request, buildItems("n", items, page));
  };
}

async function collect<T>(source: AsyncIterable<T>, enough = Number.POSITIVE_INFINITY): Promise<T[]> {
  const all: T[] = [];
  for await (const one of source) {
    all.push(one);
    if (all.length === enough) break;
  }
  return all;
}

test("all items come page by page, where the service has pages, as far as they are wanted", async () => {
  await using server = await ScriptedServer.start(pages(25));
  await using client = server.client();
  const node = client.query.pubsub(SERVICE).node("n");
  const all = await collect(node.allItems({ ...opts, max: 10 }));
  assert.deepEqual(
    all.map(({ id }) => id),
    Array.from({ length: 25 }, (_, index) => `i${index + 1}`),
  );
  assert.equal(server.received.length, 4);
  await collect(node.allItems({ ...opts, max: 10, after: "i3" }), 2);
  assert.equal(server.received.length, 5, "what is not wanted is not asked for");
});

test("a service without pages, or with one that leads nowhere, is asked once more at most", async () => {
  const nowhere: PageInfo = { first: undefined, last: "i1", index: undefined, count: undefined };
  for (const page of [undefined, nowhere]) {
    await using server = await ScriptedServer.start((request) =>
      result(request, buildItems("n", [{ id: "i1" }], page)),
    );
    await using client = server.client();
    await collect(client.query.pubsub(SERVICE).node("n").allItems(opts));
    assert.equal(server.received.length, page === undefined ? 1 : 2);
  }
});

test("publishing resolves with the id that the service gave, else one's own, else none", async () => {
  let answer: Element | undefined = buildPublish("n", [{ id: "given" }]);
  await using server = await ScriptedServer.start((request) => result(request, answer));
  await using client = server.client();
  const node = client.query.pubsub(SERVICE).node("n");
  assert.equal(await node.publish(el("e", { xmlns: "urn:e" }), { ...opts, id: "own" }), "given");
  answer = undefined;
  assert.equal(await node.publish(el("e", { xmlns: "urn:e" }), { ...opts, id: "own" }), "own");
  assert.equal(await node.publish(undefined, opts), undefined);
  assert.match(server.bodies.at(-1) ?? "", /<publish node="n"><item\/><\/publish>/);
});

test("who subscribes is who asks, or whom one names; without either nothing is sent", async () => {
  await using server = await ScriptedServer.start((request) => result(request));
  await using client = server.client();
  const node = client.query.pubsub(SERVICE).node("n");
  await assert.rejects(
    async () => node.subscribe(),
    /who is to be told of n is not known: give the address as jid/,
  );
  assert.equal(server.received.length, 0);
  assert.deepEqual(await node.subscribe(opts), {
    node: "n",
    jid: "bot@bots.test",
    state: "subscribed",
    subId: undefined,
    expiry: undefined,
  });
  assert.match(server.bodies[0] ?? "", /<subscribe node="n" jid="bot@bots\.test"\/>/);
  const pending: Subscription = {
    node: "n",
    jid: "bot@bots.test/web",
    state: "pending",
    subId: "1",
    expiry: new Date("2026-12-01T00:00:00Z"),
  };
  server.script = (request) => result(request, buildSubscription(pending));
  assert.deepEqual(await node.subscribe({ ...opts, jid: "bot@bots.test/web" }), pending);
  assert.match(server.bodies[1] ?? "", /jid="bot@bots\.test\/web"/);
});

test("what subscriptions and affiliations there are is read as a service has told it", async () => {
  const subscriptions: Subscription[] = (["subscribed", "unconfigured"] as const).map((state, index) => ({
    node: "n",
    jid: "bot@bots.test",
    state,
    subId: index === 0 ? undefined : "second",
    expiry: undefined,
  }));
  const affiliates: NodeAffiliate[] = [{ node: "n", jid: "bot@bots.test", affiliation: "publish-only" }];
  await using server = await ScriptedServer.start((request) => {
    const { body } = request;
    const isList = body.includes("<subscriptions");
    if (!body.includes("#owner"))
      result(request, isList ? buildSubscriptions(subscriptions) : buildAffiliations(affiliates));
    else if (isList) {
      const told = subscriptions.map(({ jid, state, subId }) => [jid, state, subId] as const);
      result(request, buildNodeSubscriptions("n", told));
    } else result(request, buildNodeAffiliations("n", [["bot@bots.test", "publish-only"]]));
  });
  await using client = server.client();
  const service = client.query.pubsub(SERVICE);
  for (const of of [service, service.node("n")]) {
    assert.deepEqual(await of.subscriptions(opts), subscriptions);
    assert.deepEqual(await of.affiliations(opts), affiliates);
  }
  await service.node("n").changeSubscriptions([["bot@bots.test", "none", "second"]], opts);
  assert.match(server.bodies.at(-1) ?? "", /subscription="none" subid="second"/);
});

test("a node that the service names is made; a service that does not tell the name is an error", async () => {
  await using server = await ScriptedServer.start((request) =>
    result(request, pubsub("<create node='25e3d37dabbab9541f7523321421edc5bfeb2dae'/>")),
  );
  await using client = server.client();
  const { name } = await client.query.pubsub(SERVICE).createNode(undefined, opts);
  assert.equal(name, "25e3d37dabbab9541f7523321421edc5bfeb2dae");
  server.script = (request) => result(request, pubsub(""));
  await assert.rejects(client.query.pubsub(SERVICE).createNode(undefined, opts), /holds no <create/);
});

test("a picture is what its hash says, else it is none; who publishes none may have one in their card", async () => {
  const image = Buffer.from("an image");
  const id = createHash("sha1").update(image).digest("hex");
  let data = image;
  let url: string | undefined;
  let card = "";
  await using server = await ScriptedServer.start((request) => {
    const { body } = request;
    const item = (payload: Element) => buildItems("x", [{ id, payload }]);
    if (body.includes("avatar:metadata")) {
      result(request, item(buildAvatarMetadata([{ id, bytes: 8, type: "image/png", url }])));
    } else if (body.includes("avatar:data")) {
      result(request, item(buildAvatarData(data)));
    } else result(request, `<vCard xmlns='vcard-temp'>${card}</vCard>`);
  });
  await using client = server.client();
  const avatar = (maxBytes?: number) =>
    client.query.avatar("juliet@example.com/balcony", { ...opts, maxBytes });
  assert.deepEqual(await avatar(), { id, type: "image/png", data: new Uint8Array(image) });
  assert.ok(
    server.bodies.every((body) => body.includes('to="juliet@example.com"')),
    "of the person, not the client",
  );
  assert.equal(await avatar(7), undefined);
  data = Buffer.from("another!");
  assert.equal(await avatar(), undefined);
  url = "https://example.com/a.png";
  assert.equal(await avatar(), undefined);
  card = `<PHOTO><TYPE>image/png</TYPE><BINVAL>${image.toString("base64")}</BINVAL></PHOTO>`;
  assert.deepEqual(await avatar(), { id, type: "image/png", data: new Uint8Array(image) });
});
