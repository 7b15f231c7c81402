import assert from "node:assert/strict";
import { readXml } from "../../../src/stanza/index.ts";
import { casesOf, errorOf, JSON_TYPE, type RestCall, XML, xmlOf } from "../support/contract-case.ts";
import { TOKEN } from "../support/layout.ts";

const { all, prove } = casesOf("requests");
export const requestCases = all;

const AS_BOT = { host: "tokens.localhost", credentials: TOKEN } satisfies RestCall;

prove("An IQ is answered in the response, be it a result or an error", async (on) => {
  const ping = (to: string) => `<iq type='get' to='${to}' id='${on.slug}'><ping xmlns='urn:xmpp:ping'/></iq>`;
  const host = await on.rest({ body: ping("localhost") });
  assert.deepEqual([host.status, host.type, xmlOf(host).attr("type")], [200, XML, "result"]);
  const client = await on.rest({ body: ping(on.bob.jid) });
  assert.deepEqual(
    [client.status, xmlOf(client).attr("type"), xmlOf(client).attr("from")],
    [200, "result", on.bob.jid],
  );
  const unknown = `<iq type='get' to='${on.bob.jid}' id='${on.slug}'><query xmlns='urn:unknown'/></iq>`;
  const refused = await on.rest({ body: unknown });
  assert.deepEqual([refused.status, errorOf(xmlOf(refused))], [200, "cancel/service-unavailable"]);
  const nobody = await on.rest({ body: ping("dave@localhost/phone") });
  assert.deepEqual([nobody.status, errorOf(xmlOf(nobody))], [200, "cancel/service-unavailable"]);
});

prove("An IQ from one bot to another is answered by the other's inline reply", async (on) => {
  const bot = on.bot("xml", { status: 200, type: XML, body: "<iq type='result'><q xmlns='urn:q'/></iq>" });
  const body = `<iq type='get' to='${bot.jid}' id='${on.slug}'><q xmlns='urn:q'/></iq>`;
  const answer = xmlOf(await on.rest({ ...AS_BOT, body }));
  assert.deepEqual([answer.attr("type"), answer.elements[0]?.ns], ["result", "urn:q"]);
});

prove(
  "An IQ that nobody answers in time is a 500 remote-server-timeout; Prosody-Rest-Timeout sets the time in seconds",
  async (on) => {
    const answer = Promise.withResolvers<{ status: number }>();
    const bot = on.bot("xml", () => answer.promise);
    const { status, body } = await on.rest({
      ...AS_BOT,
      body: `<iq type='get' to='${bot.jid}' id='${on.slug}'><q xmlns='urn:q'/></iq>`,
      headers: { "prosody-rest-timeout": "1", accept: JSON_TYPE },
    });
    answer.resolve({ status: 204 });
    assert.equal(status, 500);
    const error = JSON.parse(body) as { error: { condition: string; type: string; text: string } };
    assert.deepEqual(
      [error.error.type, error.error.condition, error.error.text],
      ["wait", "remote-server-timeout", "IQ stanza timed out"],
    );
  },
);

prove("A second IQ with an id that is in flight is a 500 conflict, and the first hangs", async (on) => {
  const answer = Promise.withResolvers<{ status: number; type: string; body: string }>();
  const bot = on.bot("xml", () => answer.promise);
  const from = `${on.slug}@tokens.localhost`;
  const body = `<iq type='get' from='${from}' to='${bot.jid}' id='${on.slug}'><q xmlns='urn:q'/></iq>`;
  let finished = false;
  // Long enough for the second to come while the first is in flight, on a busy machine too.
  const first = on.rest({ ...AS_BOT, body, headers: { "prosody-rest-timeout": "4" } });
  void first.then(
    () => {
      finished = true;
    },
    () => undefined, // the server is stopped while it hangs
  );
  await bot.next();
  const second = await on.rest({ ...AS_BOT, body, headers: { accept: JSON_TYPE } });
  assert.equal(second.status, 500);
  assert.equal((JSON.parse(second.body) as { error: { condition: string } }).error.condition, "conflict");
  // Another one, sent later with the same timeout, comes to its end: the first should have by then.
  const later = await on.rest({
    ...AS_BOT,
    body: body.replace(`id='${on.slug}'`, `id='${on.slug}-later'`),
    headers: { "prosody-rest-timeout": "4" },
  });
  assert.equal(later.status, 500);
  assert.equal(finished, false);
  answer.resolve({ status: 200, type: XML, body: "<iq type='result'/>" });
});

prove(
  "The 257th IQ in flight in a module has the oldest answered with a 500 resource-constraint",
  async (on) => {
    const answer = Promise.withResolvers<{ status: number }>();
    const bot = on.bot("xml", () => answer.promise);
    const call = (number: number) =>
      on.rest({
        host: "many.localhost",
        credentials: TOKEN,
        body: `<iq type='get' to='${bot.jid}' id='${number}'><q xmlns='urn:q'/></iq>`,
        headers: { accept: JSON_TYPE },
      });
    const oldest = call(0);
    await bot.next();
    const others = Array.from({ length: 255 }, (_, index) => call(index + 1));
    for (const _ of others) await bot.next();
    const last = call(256);
    const { status, body } = await oldest;
    assert.equal(status, 500);
    assert.equal(
      (JSON.parse(body) as { error: { condition: string } }).error.condition,
      "resource-constraint",
    );
    answer.resolve({ status: 204 });
    const rest = await Promise.all([...others, last]);
    assert.ok(rest.every((result) => result.status === 200));
  },
);

prove("GET /rest/{query}/{jid} asks, in the format of Accept", async (on) => {
  const pong = await on.rest({ method: "GET", path: "/rest/ping/localhost", headers: { accept: JSON_TYPE } });
  assert.equal(pong.status, 200);
  const { kind, type, from } = JSON.parse(pong.body) as Record<string, unknown>;
  assert.deepEqual([kind, type, from], ["iq", "result", "localhost"]);
  const disco = await on.rest({
    method: "GET",
    path: "/rest/disco/localhost",
    headers: { accept: JSON_TYPE },
  });
  const { disco: info } = JSON.parse(disco.body) as { disco: { features: string[] } };
  assert.ok(info.features.includes("http://jabber.org/protocol/disco#info"));
  const version = await on.rest({ method: "GET", path: "/rest/version/localhost" });
  assert.equal(version.type, XML);
  assert.equal(xmlOf(version).elements[0]?.childText("name"), "Prosody");
});

prove("GET /rest/{query}/{jid}?… fills the query", async (on) => {
  const bot = on.bot("xml", { status: 200, type: XML, body: "<iq type='result'/>" });
  await on.rest({
    method: "GET",
    path: `/rest/disco/${bot.jid}?node=urn%3Anode`,
    headers: { accept: JSON_TYPE },
  });
  const { body } = await bot.next();
  const query = readXml(body).elements[0];
  assert.deepEqual([query?.ns, query?.attr("node")], ["http://jabber.org/protocol/disco#info", "urn:node"]);
});

prove("Two or more answers to an archive query come wrapped in xmpp, one comes bare", async (on) => {
  const carol = await on.client("carol");
  for (const number of [1, 2]) {
    carol.send(
      `<message type='chat' to='${on.bob.jid}' id='${on.slug}-${number}'><body>${number}</body></message>`,
    );
    await on.bob.nextFrom("carol@localhost", (stanza) => stanza.attr("id") === `${on.slug}-${number}`);
  }
  const call = (max: number) => ({
    credentials: "carol:carol-password",
    body: `<iq type='set' id='m'><query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><max>${max}</max></set></query></iq>`,
  });
  const answers = async (max: number) => {
    const xml = xmlOf(await on.rest(call(max)));
    return [xml.name, ...xml.elements.map(({ name }) => name)];
  };
  assert.deepEqual(await answers(2), ["xmpp", "message", "message", "iq"]);
  assert.deepEqual(await answers(1), ["xmpp", "message", "iq"]);
  assert.deepEqual(await answers(0), ["iq", "fin"]);
  const json = await on.rest({ ...call(2), headers: { accept: JSON_TYPE } });
  const { xmpp } = JSON.parse(json.body) as { xmpp: { kind: string }[] };
  assert.deepEqual(
    xmpp.map(({ kind }) => kind),
    ["message", "message", "iq"],
  );
  await carol.stop();
});

prove(
  "Pages of an archive go either way, filtered; a page beside a message that is not there is item-not-found",
  async (on) => {
    const [carol, slug] = [await on.client("carol"), on.slug];
    const bot = on.bot("xml", { status: 204 });
    const words = ["one", "two", "three", "four", "five"].map((word) => `${slug} ${word}`);
    for (const [number, word] of words.entries()) {
      const id = `${slug}-${number}`;
      carol.send(`<message type='chat' to='${bot.jid}' id='${id}'><body>${word}</body></message>`);
      await bot.next();
    }
    const read = async (
      page: string,
      filter = `<field var='start'><value>2000-01-01T00:00:00Z</value></field>`,
    ) => {
      const form = `<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field><field var='with'><value>${bot.jid}</value></field>${filter}</x>`;
      const body = `<iq type='set' id='m'><query xmlns='urn:xmpp:mam:2' queryid='q'>${form}<set xmlns='http://jabber.org/protocol/rsm'>${page}</set></query></iq>`;
      const answer = xmlOf(await on.rest({ credentials: "carol:carol-password", body }));
      const stanzas = answer.name === "xmpp" ? answer.elements : [answer];
      const fin = stanzas.at(-1)?.child("fin", "urn:xmpp:mam:2");
      const results = stanzas
        .slice(0, -1)
        .flatMap((message) => message.child("result", "urn:xmpp:mam:2") ?? []);
      return {
        ids: results.map((result) => result.attr("id") ?? ""),
        said: results.map((result) =>
          result
            .child("forwarded", "urn:xmpp:forward:0")
            ?.child("message", "jabber:client")
            ?.childText("body"),
        ),
        complete: fin?.attr("complete") === "true",
        ends: ["first", "last"].map((end) =>
          fin?.child("set", "http://jabber.org/protocol/rsm")?.childText(end),
        ),
        error: answer.attr("type") === "error" ? errorOf(answer) : undefined,
      };
    };
    const last = await read("<max>2</max><before/>");
    assert.deepEqual([last.said, last.complete], [words.slice(3), false]);
    assert.deepEqual(last.ends, [last.ids[0], last.ids[1]]);
    const earlier = await read(`<max>2</max><before>${last.ids[0]}</before>`);
    assert.deepEqual([earlier.said, earlier.complete], [words.slice(1, 3), false]);
    const later = await read(`<max>2</max><after>${earlier.ids[0]}</after>`);
    assert.deepEqual([later.said, later.complete], [words.slice(2, 4), false]);
    const end = await read(`<max>2</max><after>${later.ids[1]}</after>`);
    assert.deepEqual([end.said, end.complete], [words.slice(4), true]);
    const nothing = await read(`<max>2</max><after>${last.ids[1]}</after>`);
    assert.deepEqual([nothing.said, nothing.complete, nothing.ends], [[], true, [undefined, undefined]]);
    const future = await read(
      "<max>2</max>",
      "<field var='start'><value>2999-01-01T00:00:00Z</value></field>",
    );
    assert.deepEqual([future.said, future.complete], [[], true]);
    assert.equal((await read("<after>nowhere</after>")).error, "modify/item-not-found");
    await carol.stop();
  },
);
