import assert from "node:assert/strict";
import { readXml } from "../../../src/stanza/index.ts";
import { casesOf, JSON_TYPE, type RestCall, XML } from "../support/contract-case.ts";

const { all, prove } = casesOf("refusals");
export const refusalCases = all;

for (const [what, call, status, condition] of [
  ["no credentials", { credentials: null }, 401, "not-authorized"],
  ["an unknown scheme", { headers: { authorization: "Digest x" } }, 401, "not-authorized"],
  ["a wrong password", { credentials: "alice:wrong" }, 403, "not-authorized"],
  ["an unknown token", { credentials: "unknown-token" }, 403, "not-authorized"],
  [
    "Basic credentials without a colon",
    { headers: { authorization: "Basic YWxpY2U=" } },
    403,
    "not-authorized",
  ],
  [
    "a from that is not the sender's",
    { body: "<message from='bob@localhost' to='bob@localhost'/>" },
    403,
    "not-authorized",
  ],
  ["a from that is no JID", { body: "<message from='@' to='bob@localhost'/>" }, 422, "invalid-from"],
  ["XML that is not well-formed", { body: "<message>" }, 400, "not-well-formed"],
  ["JSON that is none", { type: JSON_TYPE, body: "{" }, 400, "not-well-formed"],
  ["JSON that is no stanza", { type: JSON_TYPE, body: "[]" }, 400, "not-well-formed"],
  [
    "a path that is none of its own",
    { type: JSON_TYPE, body: "{}", path: "/rest/nothing" },
    400,
    "not-well-formed",
  ],
  ["an unknown content type", { type: "application/xml", body: "<message/>" }, 415, "bad-format"],
  ["a to that is no JID", { body: "<message to='@'/>" }, 422, "improper-addressing"],
  ["another root", { body: "<note/>" }, 422, "unsupported-stanza-type"],
  ["another namespace", { body: "<message xmlns='urn:x'/>" }, 422, "invalid-namespace"],
  ["an IQ of type result", { body: "<iq type='result' to='bob@localhost' id='1'/>" }, 422, "invalid-xml"],
  ["an IQ without a child", { body: "<iq type='get' to='bob@localhost' id='1'/>" }, 422, "bad-format"],
] as const satisfies readonly (readonly [string, RestCall, number, string])[]) {
  prove(`Refused with ${status} ${condition}: ${what}`, async (on) => {
    const headers = { accept: JSON_TYPE, ...("headers" in call ? call.headers : undefined) };
    const result = await on.rest({ body: "<message to='bob@localhost'/>", ...call, headers });
    assert.equal(result.status, status, result.body);
    const { error, code, type } = JSON.parse(result.body) as {
      error: { condition: string };
      code: number;
      type: string;
    };
    assert.deepEqual([error.condition, code, type], [condition, status, "error"]);
  });
}

prove(
  "Refused with 413 resource-constraint: a body over 192 KiB; one of exactly that is taken",
  async (on) => {
    const message = (size: number) => {
      const [head, tail] = ["<message to='bob@localhost'><body>", "</body></message>"];
      return `${head}${"x".repeat(size - head.length - tail.length)}${tail}`;
    };
    const limit = 192 * 1024;
    assert.equal((await on.rest({ path: "/rest/echo", body: message(limit) })).status, 200);
    const { status, body } = await on.rest({
      path: "/rest/echo",
      body: message(limit + 1),
      headers: { accept: JSON_TYPE },
    });
    assert.equal(status, 413);
    assert.equal(
      (JSON.parse(body) as { error: { condition: string } }).error.condition,
      "resource-constraint",
    );
  },
);

prove("The body of a refusal follows Accept: JSON, an XML stream error, else HTML", async (on) => {
  const call = (accept: string | undefined) =>
    on.rest({ body: "<note/>", headers: accept === undefined ? {} : { accept } });
  const json = await call(JSON_TYPE);
  assert.equal(json.type, JSON_TYPE);
  const { error } = JSON.parse(json.body) as { error: Record<string, unknown> };
  assert.deepEqual(error, {
    type: "modify",
    condition: "unsupported-stanza-type",
    text: "Invalid stanza, must be 'message', 'presence' or 'iq'.",
    source: "mod_rest",
  });
  const xml = await call(XML);
  assert.equal(xml.type, XML);
  const root = readXml(xml.body);
  assert.deepEqual([root.name, root.ns], ["error", "http://etherx.jabber.org/streams"]);
  assert.ok(root.child("unsupported-stanza-type", "urn:ietf:params:xml:ns:xmpp-streams"));
  for (const accept of ["*/*", "text/html", undefined]) {
    const html = await call(accept);
    assert.equal(html.type, "text/html; charset=utf-8");
    assert.match(html.body, /<title>422 Unprocessable Content<\/title>/);
  }
});

prove("A 401 says which credentials are taken, where there were none", async (on) => {
  const { headers } = await on.rest({ credentials: null, body: "<message/>" });
  const challenges = String(headers["www-authenticate"]).split(", ");
  assert.deepEqual(challenges.sort(), ['basic realm="localhost/rest"', 'bearer realm="localhost/rest"']);
  const unknown = await on.rest({ headers: { authorization: "Digest x" }, body: "<message/>" });
  assert.deepEqual([unknown.status, unknown.headers["www-authenticate"]], [401, undefined]);
});

prove("An error in mod_rest's own Lua code is a 500 with HTML, whatever Accept says", async (on) => {
  const { status, type } = await on.rest({
    type: JSON_TYPE,
    body: '{"kind":"iq","type":"set","to":"bob@localhost","command":true}',
    headers: { accept: JSON_TYPE },
  });
  assert.deepEqual([status, type], [500, "text/html; charset=utf-8"]);
});

prove("GET /rest is redirected; other methods and paths are a 404", async (on) => {
  assert.equal((await on.rest({ method: "GET", path: "/rest" })).status, 301);
  assert.equal((await on.rest({ method: "PUT", body: "<message/>" })).status, 404);
  assert.equal((await on.rest({ path: "/other", body: "<message/>" })).status, 404);
});
