import assert from "node:assert/strict";
import { test } from "node:test";
import { idOf, type Received, ScriptedServer, xml } from "./scripted-server.ts";

function queryId(body: string): string {
  return /queryid="([^"]+)"/.exec(body)?.[1] ?? "";
}

function archived(id: string, queryid: string, body: string): string {
  return `<message to='bot@example.test'><result id='${id}' queryid='${queryid}' xmlns='urn:xmpp:mam:2'><forwarded xmlns='urn:xmpp:forward:0'><delay stamp='2026-11-20T23:21:55.968228Z' xmlns='urn:xmpp:delay'/><message xmlns='jabber:client' from='a@example.test/r' to='bot@example.test' type='chat'><body>${body}</body></message></forwarded></result></message>`;
}

/** An archive of so many messages, as mod_rest tells it. */
function archive(size: number): (request: Received) => void {
  return (request) => {
    const { body } = request;
    const max = Number(/<max>(\d+)<\/max>/.exec(body)?.[1] ?? 50);
    const after = Number(/<after>m(\d+)<\/after>/.exec(body)?.[1] ?? 0);
    const ids = Array.from({ length: Math.min(max, size - after) }, (_, index) => after + index + 1);
    const complete = after + ids.length >= size;
    const set = ids.length === 0 ? "" : `<first>m${ids[0]}</first><last>m${ids.at(-1)}</last>`;
    const fin = `<iq type='result' id='${idOf(body)}'><fin ${complete ? "complete='true' " : ""}xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'>${set}<count>${size}</count></set></fin></iq>`;
    const messages = ids.map((id) => archived(`m${id}`, queryId(body), `text ${id}`));
    // mod_rest wraps several stanzas, and leaves a single one bare.
    xml(request, messages.length === 0 ? fin : `<xmpp>${messages.join("")}${fin}</xmpp>`);
  };
}

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}

test("a page has its messages, where it ends, and whether there is more", async () => {
  await using server = await ScriptedServer.start(archive(5));
  await using client = server.client();
  const page = await client.query.archive(undefined, { max: 2 });
  assert.deepEqual(
    page.messages.map(({ id, message }) => [id, message.body, message.type, String(message.from)]),
    [
      ["m1", "text 1", "chat", "a@example.test/r"],
      ["m2", "text 2", "chat", "a@example.test/r"],
    ],
  );
  assert.equal(page.messages[0]?.at?.toISOString(), "2026-11-20T23:21:55.968Z");
  assert.deepEqual(
    { ...page, messages: undefined },
    { messages: undefined, complete: false, first: "m1", last: "m2", count: 5 },
  );
});

test("an empty archive is a complete page without messages", async () => {
  await using server = await ScriptedServer.start(archive(0));
  await using client = server.client();
  const page = await client.query.archive();
  assert.deepEqual(page, { messages: [], complete: true, first: undefined, last: undefined, count: 0 });
});

test("filters are a form, pages are a set", async () => {
  await using server = await ScriptedServer.start(archive(0));
  await using client = server.client();
  await client.query.archive("room@rooms.test", {
    from: "bot@bots.test",
    with: "a@example.test",
    start: new Date(0),
    end: new Date(1000),
    ids: ["x", "y"],
    max: 0,
    after: "a<",
    before: "",
    node: "n",
  });
  await client.query.archive();
  const [filtered, plain] = server.bodies.map((body) =>
    body.replace(/ (?:query)?id="[^"]+"/g, "").replace(/<field var="(\w+)">/g, "<$1>"),
  );
  assert.equal(
    filtered,
    '<iq type="set" to="room@rooms.test" from="bot@bots.test"><query xmlns="urn:xmpp:mam:2" node="n"><x xmlns="jabber:x:data" type="submit"><field var="FORM_TYPE" type="hidden"><value>urn:xmpp:mam:2</value></field><with><value>a@example.test</value></field><start><value>1970-01-01T00:00:00Z</value></field><end><value>1970-01-01T00:00:01Z</value></field><ids><value>x</value><value>y</value></field></x><set xmlns="http://jabber.org/protocol/rsm"><max>0</max><after>a&lt;</after><before/></set></query></iq>',
  );
  assert.equal(plain, '<iq type="set"><query xmlns="urn:xmpp:mam:2"/></iq>');
});

test("results of another query are not taken for this one's", async () => {
  await using server = await ScriptedServer.start((request) =>
    xml(
      request,
      `<xmpp>${archived("forged", "guess", "forged")}<message/>${archived("m1", queryId(request.body), "true")}<message><result queryid='${queryId(request.body)}' xmlns='urn:xmpp:mam:2'/></message><iq type='result' id='${idOf(request.body)}'><fin xmlns='urn:xmpp:mam:2' complete='1'/></iq></xmpp>`,
    ),
  );
  await using client = server.client();
  const page = await client.query.archive();
  assert.deepEqual(
    page.messages.map(({ id }) => id),
    ["m1"],
  );
  assert.equal(page.complete, true);
});

test("the whole archive comes page by page, in order, as far as it is wanted", async () => {
  await using server = await ScriptedServer.start(archive(25));
  await using client = server.client();
  const all = await collect(client.query.archiveAll(undefined, { max: 10 }));
  assert.deepEqual(
    all.map(({ id }) => id),
    Array.from({ length: 25 }, (_, index) => `m${index + 1}`),
  );
  assert.equal(server.received.length, 3);
  for await (const { id } of client.query.archiveAll(undefined, { max: 10, after: "m3" })) {
    if (id === "m5") break;
  }
  assert.equal(server.received.length, 4, "what is not wanted is not asked for");
});

test("an archive whose pages lead nowhere comes to an end", async () => {
  for (const set of ["", "<set xmlns='http://jabber.org/protocol/rsm'><last>same</last></set>"]) {
    await using server = await ScriptedServer.start((request) =>
      xml(
        request,
        `<iq type='result' id='${idOf(request.body)}'><fin xmlns='urn:xmpp:mam:2'>${set}</fin></iq>`,
      ),
    );
    await using client = server.client();
    await collect(client.query.archiveAll());
    assert.ok(server.received.length <= 2);
  }
});

test("a long page is read whole", async () => {
  await using server = await ScriptedServer.start(archive(12_000));
  await using client = server.client();
  const page = await client.query.archive(undefined, { max: 12_000 });
  assert.equal(page.messages.length, 12_000);
});

test("a signal stops between the pages", async () => {
  await using server = await ScriptedServer.start(archive(100));
  await using client = server.client();
  const abort = new AbortController();
  const seen: string[] = [];
  await assert.rejects(async () => {
    for await (const { id } of client.query.archiveAll(undefined, { max: 10, signal: abort.signal })) {
      seen.push(id);
      if (id === "m10") abort.abort();
    }
  }, /abort/i);
  assert.equal(seen.length, 10);
});

/** An archive that is read backwards, of so many messages. */
function backwards(size: number): (request: Received) => void {
  return (request) => {
    const { body } = request;
    const before = /<before>m(\d+)<\/before>/.exec(body)?.[1];
    const end = before === undefined ? size : Number(before) - 1;
    const start = Math.max(1, end - 9);
    const ids = Array.from({ length: end - start + 1 }, (_, index) => start + index);
    const set = `<set xmlns='http://jabber.org/protocol/rsm'><first>m${start}</first><last>m${end}</last></set>`;
    const complete = start === 1 ? "complete='true' " : "";
    const fin = `<iq type='result' id='${idOf(body)}'><fin ${complete}xmlns='urn:xmpp:mam:2'>${set}</fin></iq>`;
    const messages = ids.map((id) => archived(`m${id}`, queryId(body), `text ${id}`));
    xml(request, `<xmpp>${messages.join("")}${fin}</xmpp>`);
  };
}

test("from the newest message back, page by page, as far as it is wanted", async () => {
  await using server = await ScriptedServer.start(backwards(25));
  await using client = server.client();
  const all = await collect(client.query.archiveAll(undefined, { first: "newest", max: 10 }));
  assert.deepEqual(
    all.map(({ id }) => id),
    Array.from({ length: 25 }, (_, index) => `m${25 - index}`),
  );
  assert.deepEqual(
    server.bodies.map((body) => /<before.*?(?:\/>|<\/before>)/.exec(body)?.[0]),
    ["<before/>", "<before>m16</before>", "<before>m6</before>"],
  );
  for await (const { id } of client.query.archiveAll(undefined, { first: "newest", before: "m6" }))
    if (id === "m4") break;
  assert.equal(server.received.length, 4);
});

test("a search for text asks first whether the archive can: else it would give everything", async () => {
  const fieldsOf = (...names: string[]) =>
    `<x xmlns='jabber:x:data' type='form'>${names.map((name) => `<field var='${name}'/>`).join("")}</x>`;
  let form = fieldsOf("with", "start");
  await using server = await ScriptedServer.start((request) => {
    const { body } = request;
    const inside = body.includes('type="get"')
      ? `<query xmlns='urn:xmpp:mam:2'>${form}</query>`
      : "<fin xmlns='urn:xmpp:mam:2' complete='true'/>";
    xml(request, `<iq type='result' id='${idOf(body)}'>${inside}</iq>`);
  });
  await using client = server.client();
  const refused = /feature-not-implemented: The archive cannot search for text: it filters by with, start/;
  await assert.rejects(client.query.archive(undefined, { text: "romeo" }), refused);
  await assert.rejects(collect(client.query.archiveAll(undefined, { text: "romeo" })), refused);
  assert.equal(server.received.length, 2);
  form = fieldsOf("with", "{urn:xmpp:fulltext:0}fulltext");
  await collect(client.query.archiveAll(undefined, { text: "romeo" }));
  assert.match(server.bodies.at(-1) ?? "", /fulltext"><value>romeo<\/value>/);
  assert.equal(server.received.length, 4, "it is asked once for all pages");
  form = "";
  await assert.rejects(client.query.archiveFilters(), /holds no <x/);
});
