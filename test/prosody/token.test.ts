import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { type Prosody, startProsody } from "../../prosody/server.ts";
import { connect, onBothServers, type Person, startWebhook, type Webhook } from "./support.ts";

const secret = "component-secret-0123456789";
const tokens = ["static-token-0123456789", "second-token-0123456789"];
const host = "bots.test";

onBothServers("mod_restanza_token", (suite) => {
  let webhook: Webhook;
  let prosody: Prosody;
  let alice: Person;

  before(async () => {
    webhook = await startWebhook();
    const oauth = {
      allowed_oauth2_grant_types: ["password", "refresh_token"],
      oauth2_registration_key: "registration-key-of-this-test",
    };
    prosody = await startProsody({
      suite,
      hosts: [
        { kind: "virtualhost", host: "people.test" },
        {
          kind: "component",
          host,
          secret,
          tokens,
          callback: { address: webhook.address },
          modules: ["http_oauth2"],
          options: oauth,
        },
        {
          kind: "component",
          host: "stock.test",
          secret,
          restanza: [],
          callback: { address: webhook.address },
        },
        { kind: "component", host: "bare.test", restanza: ["token"], callback: { address: webhook.address } },
      ],
      users: [{ jid: "alice@people.test", password: "wonderland" }],
    });
    alice = await connect(prosody, "alice@people.test", "wonderland");
  });

  after(async () => {
    await alice.stop();
    await prosody.stop();
    await webhook.close();
  });

  async function send(
    authorization: string,
    text: string,
    from = `echo@${host}`,
    to = host,
  ): Promise<number> {
    const response = await fetch(prosody.restUrl(to), {
      method: "POST",
      headers: { ...prosody.restHeaders(to), authorization, "content-type": "application/xmpp+xml" },
      body: `<message from='${from}' to='alice@people.test' type='chat'><body>${text}</body></message>`,
    });
    await response.text();
    return response.status;
  }

  async function comesFrom(text: string): Promise<string | undefined> {
    const stanza = await alice.waitFor((s) => s.getChildText("body") === text, `the message ${text}`);
    return stanza.attrs["from"];
  }

  const basic = (user: string, password: string): string =>
    `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

  for (const [name, token] of [
    ["each configured token", tokens[0]],
    ["a second one, for changing from one to the other", tokens[1]],
    ["the component's secret", secret],
  ] as const) {
    it(`accepts ${name} as a bearer`, async () => {
      const text = `bearer ${name}`;
      assert.equal(await send(`Bearer ${token}`, text), 202);
      assert.equal(await comesFrom(text), `echo@${host}`);
    });
  }

  it("lets a bearer send as any JID of the host, and no other", async () => {
    for (const from of [host, `a@${host}`, `b@${host}/resource`]) {
      assert.equal(await send(`Bearer ${tokens[0]}`, `as ${from}`, from), 202);
      assert.equal(await comesFrom(`as ${from}`), from);
    }
    assert.equal(await send(`Bearer ${tokens[0]}`, "forged", "alice@people.test"), 403);
    assert.equal(await send(`Bearer ${tokens[0]}`, "forged", "echo@stock.test"), 403);
  });

  it("accepts Basic host:secret, and sends as any JID of the host", async () => {
    assert.equal(await send(basic(host, secret), "basic", `c@${host}`), 202);
    assert.equal(await comesFrom("basic"), `c@${host}`);
  });

  it("accepts credentials on the paths below /rest too", async () => {
    for (const authorization of [`Bearer ${tokens[0]}`, basic(host, secret)]) {
      const response = await fetch(`${prosody.restUrl(host)}/version/people.test`, {
        headers: { ...prosody.restHeaders(host), authorization, accept: "application/json" },
      });
      assert.equal(response.status, 200);
      assert.match(await response.text(), /Prosody/);
    }
  });

  it("refuses everything else", async () => {
    const wrong = [
      "Bearer wrong-token-0123456789",
      `Bearer ${tokens[0]}x`,
      `Bearer ${tokens[0]?.slice(0, -1)}`,
      "Bearer secret-token:AAAA",
      basic(host, "wrong"),
      basic(host, tokens[0] ?? ""),
      basic("echo", "wrong"),
      basic("stock.test", "wrong"),
    ];
    for (const authorization of wrong) {
      assert.equal(await send(authorization, "refused"), 403, authorization);
    }
    assert.ok(!alice.texts().includes("refused"));
  });

  it("accepts nothing on a component without secret and tokens", async () => {
    for (const authorization of ["Bearer x", basic("bare.test", "x")]) {
      assert.equal(await send(authorization, "refused", "echo@bare.test", "bare.test"), 403);
    }
    assert.match(prosody.log(), /no credential will be accepted/);
  });

  it("keeps secrets out of the log", () => {
    for (const value of [secret, ...tokens]) assert.ok(!prosody.log().includes(value));
  });

  async function register(): Promise<Record<string, string>> {
    const response = await fetch(`http://127.0.0.1:${prosody.httpPort}/oauth2/register`, {
      method: "POST",
      headers: { ...prosody.restHeaders(host), "content-type": "application/json" },
      body: JSON.stringify({
        client_name: "restanza",
        client_uri: "https://bots.test/",
        redirect_uris: ["https://bots.test/callback"],
        grant_types: ["password", "refresh_token"],
        response_types: [],
        scope: "xmpp",
      }),
    });
    assert.equal(response.status, 201, await response.clone().text());
    return (await response.json()) as Record<string, string>;
  }

  async function grant(
    form: Record<string, string>,
  ): Promise<{ status: number; body: Record<string, string> }> {
    const response = await fetch(`http://127.0.0.1:${prosody.httpPort}/oauth2/token`, {
      method: "POST",
      headers: prosody.restHeaders(host),
      body: new URLSearchParams(form),
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : { text } };
  }

  it("makes OAuth2's password grant work, and the token send", async (t) => {
    const client = suite === "sid" ? await register() : {};
    const credentials = client["client_id"]
      ? { client_id: client["client_id"], client_secret: client["client_secret"] ?? "" }
      : {};
    const username = suite === "sid" ? "echo" : `echo@${host}`;
    const granted = await grant({ grant_type: "password", username, password: secret, ...credentials });
    assert.equal(granted.status, 200, JSON.stringify(granted.body));
    const { access_token: access = "", refresh_token: refresh } = granted.body;
    assert.equal(await send(`Bearer ${access}`, "oauth2", `echo@${host}`), 202);
    assert.equal(await comesFrom("oauth2"), `echo@${host}`);
    assert.equal(await send(`Bearer ${access}`, "oauth2 other", `other@${host}`), 202);

    const refused = await grant({ grant_type: "password", username, password: "wrong", ...credentials });
    assert.equal(refused.status, 400);
    assert.equal(refused.body["error"], "invalid_grant");

    t.diagnostic(`refresh token: ${refresh ? "issued" : "none"}`);
    if (refresh) {
      assert.equal(await send(`Bearer ${refresh}`, "refused"), 403, "a refresh token is no access token");
      const again = await grant({ grant_type: "refresh_token", refresh_token: refresh, ...credentials });
      t.diagnostic(`refresh: ${again.status} ${JSON.stringify(again.body).slice(0, 100)}`);
    }
  });

  it("shows what a stock component does", async (t) => {
    const results: Record<string, number> = {};
    results["basic"] = await send(basic("stock.test", secret), "stock", "echo@stock.test", "stock.test");
    results["bearer"] = await send(`Bearer ${secret}`, "stock", "echo@stock.test", "stock.test");
    t.diagnostic(`stock mount: ${JSON.stringify(results)}`);
    assert.notEqual(results["bearer"], 202);
  });
});
