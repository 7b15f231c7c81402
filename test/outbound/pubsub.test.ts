import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { el } from "../../src/stanza/index.ts";
import { result, type Script, ScriptedServer } from "./scripted-server.ts";

const SERVICE = "pubsub.example.com";
const opts = { from: "bot@bots.test" };
const rsm = "http://jabber.org/protocol/rsm";

const pubsub = (inside: string) => `<pubsub xmlns='http://jabber.org/protocol/pubsub'>${inside}</pubsub>`;

/** A node of so many items, in pages. */
function pages(size: number): Script {
  return (request) => {
    const max = Number(/<max>(\d+)<\/max>/.exec(request.body)?.[1]);
    const after = Number(/<after>i(\d+)<\/after>/.exec(request.body)?.[1] ?? 0);
    const ids = Array.from({ length: Math.min(max, size - after) }, (_, index) => after + index + 1);
    const items = ids.map((id) => `<item id='i${id}'/>`).join("");
    const ends = ids.length === 0 ? "" : `<first>i${ids[0]}</first><last>i${ids.at(-1)}</last>`;
    const set = `<set xmlns='${rsm}'>${ends}<count>${size}</count></set>`;
    result(request, pubsub(`<items node='n'>${items}</items>${set}`));
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
  for (const set of ["", `<set xmlns='${rsm}'><last>i1</last></set>`]) {
    await using server = await ScriptedServer.start((request) =>
      result(request, pubsub(`<items node='n'><item id='i1'/></items>${set}`)),
    );
    await using client = server.client();
    await collect(client.query.pubsub(SERVICE).node("n").allItems(opts));
    assert.equal(server.received.length, set === "" ? 1 : 2);
  }
});

test("publishing resolves with the id that the service gave, else one's own, else none", async () => {
  let answer = pubsub("<publish node='n'><item id='given'/></publish>");
  await using server = await ScriptedServer.start((request) => result(request, answer));
  await using client = server.client();
  const node = client.query.pubsub(SERVICE).node("n");
  assert.equal(await node.publish(el("e", { xmlns: "urn:e" }), { ...opts, id: "own" }), "given");
  answer = "";
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
  server.script = (request) => result(request, pubsub("<subscription node='n' subscription='pending'/>"));
  assert.equal((await node.subscribe({ ...opts, jid: "bot@bots.test/web" })).state, "pending");
  assert.match(server.bodies[1] ?? "", /jid="bot@bots\.test\/web"/);
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
  let data = image.toString("base64");
  let url = "";
  let card = "";
  await using server = await ScriptedServer.start((request) => {
    const { body } = request;
    const item = (inside: string) => pubsub(`<items node='x'><item id='${id}'>${inside}</item></items>`);
    if (body.includes("avatar:metadata")) {
      const info = `<info id='${id}' bytes='8' type='image/png'${url}/>`;
      result(request, item(`<metadata xmlns='urn:xmpp:avatar:metadata'>${info}</metadata>`));
    } else if (body.includes("avatar:data")) {
      result(request, item(`<data xmlns='urn:xmpp:avatar:data'>${data}</data>`));
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
  data = Buffer.from("another!").toString("base64");
  assert.equal(await avatar(), undefined);
  url = " url='https://example.com/a.png'";
  assert.equal(await avatar(), undefined);
  card = `<PHOTO><TYPE>image/png</TYPE><BINVAL>${image.toString("base64")}</BINVAL></PHOTO>`;
  assert.deepEqual(await avatar(), { id, type: "image/png", data: new Uint8Array(image) });
});
