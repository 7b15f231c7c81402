import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, it } from "node:test";
import { runScript } from "../../prosody/script.ts";
import { type Prosody, startProsody } from "../../prosody/server.ts";
import { connect, onBothServers, type Person, startWebhook, type Webhook } from "./support.ts";

const secret = "component-secret-0123456789";
const tokens = ["static-token-0123456789", "second-token-0123456789"];
const host = "bots.test";

interface Reply {
  readonly status: number;
  readonly text: string;
}

/** With node:http, since fetch lets nobody choose the Host header. */
function httpPost(
  prosody: Prosody,
  to: string,
  path: string,
  body: string,
  headers: Record<string, string>,
): Promise<Reply> {
  const options = { method: "POST", headers: { ...prosody.restHeaders(to), ...headers } };
  return new Promise((resolve, reject) => {
    const sent = request(`http://127.0.0.1:${prosody.httpPort}${path}`, options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

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
          modules: ["http_oauth2"],
          options: oauth,
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

  const post = (to: string, path: string, body: string, headers: Record<string, string>): Promise<Reply> =>
    httpPost(prosody, to, path, body, headers);

  async function send(
    authorization: string,
    text: string,
    from = `echo@${host}`,
    to = host,
  ): Promise<number> {
    const body = `<message from='${from}' to='alice@people.test' type='chat'><body>${text}</body></message>`;
    return (await post(to, "/rest", body, { authorization, "content-type": "application/xmpp+xml" })).status;
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

  type Granted = { status: number; body: Record<string, string> };

  async function grant(form: Record<string, string>, to = host): Promise<Granted> {
    const reply = await post(to, "/oauth2/token", new URLSearchParams(form).toString(), {
      "content-type": "application/x-www-form-urlencoded",
    });
    return { status: reply.status, body: reply.text.startsWith("{") ? JSON.parse(reply.text) : {} };
  }

  const accessToken = (granted: Granted): string => `Bearer ${granted.body["access_token"]}`;

  for (const username of ["echo", `echo@${host}`, host]) {
    it(`issues an OAuth2 token to ${username}, which may send as any JID of the host`, async () => {
      const granted = await grant({ grant_type: "password", username, password: secret });
      assert.equal(granted.status, 200);
      assert.equal(granted.body["token_type"], "bearer");
      assert.equal(granted.body["expires_in"], 3600);
      const text = `granted to ${username}`;
      assert.equal(await send(accessToken(granted), text, `other@${host}`), 202);
      assert.equal(await comesFrom(text), `other@${host}`);
      assert.equal(await send(accessToken(granted), "forged", "alice@people.test"), 403);
    });
  }

  it("issues nothing for a wrong secret, or for another host", async () => {
    for (const [username, password] of [
      ["echo", "wrong"],
      ["echo", tokens[0] ?? ""],
      ["alice@people.test", secret],
      ["alice@people.test", "wonderland"],
      ["echo@stock.test", secret],
    ] as const) {
      const granted = await grant({ grant_type: "password", username, password });
      assert.equal(granted.status, 400, username);
      assert.equal(granted.body["error"], "invalid_grant");
    }
  });

  it("refreshes a token, once for each refresh token", async () => {
    const granted = await grant({ grant_type: "password", username: "echo", password: secret });
    const refresh = granted.body["refresh_token"] ?? "";
    assert.equal(await send(`Bearer ${refresh}`, "refused"), 403, "a refresh token is no access token");
    const again = await grant({ grant_type: "refresh_token", refresh_token: refresh });
    assert.equal(again.status, 200);
    assert.notEqual(again.body["access_token"], granted.body["access_token"]);
    assert.equal(await send(accessToken(again), "refreshed"), 202);
    assert.equal(
      (await grant({ grant_type: "refresh_token", refresh_token: refresh })).status,
      400,
      "used up",
    );
    const access = again.body["access_token"] ?? "";
    assert.equal((await grant({ grant_type: "refresh_token", refresh_token: access })).status, 400);
    const last = await grant({
      grant_type: "refresh_token",
      refresh_token: again.body["refresh_token"] ?? "",
    });
    assert.equal(await send(accessToken(last), "refreshed twice"), 202);
  });

  it("shows what a stock component does", async (t) => {
    const oauth = await grant(
      { grant_type: "password", username: "echo@stock.test", password: secret },
      "stock.test",
    );
    const results = {
      basic: await send(basic("stock.test", secret), "stock", "echo@stock.test", "stock.test"),
      bearer: await send(`Bearer ${secret}`, "stock", "echo@stock.test", "stock.test"),
      "OAuth2 grant": oauth.status,
      "OAuth2 token":
        oauth.status === 200 ? await send(accessToken(oauth), "stock", "echo@stock.test", "stock.test") : 0,
    };
    t.diagnostic(`stock mount: ${JSON.stringify(results)}`);
    assert.notEqual(results.bearer, 202);
  });
});

onBothServers("mod_restanza_token, when the component's secret is changed", (suite) => {
  it("accepts what the old one obtained no longer, and the same secret's after a restart", async () => {
    const instance = `token-test-${process.pid}`;
    const start = (componentSecret: string): Promise<Prosody> =>
      startProsody({
        suite,
        instance,
        hosts: [
          { kind: "virtualhost", host: "people.test" },
          {
            kind: "component",
            host,
            secret: componentSecret,
            callback: { address: "127.0.0.1:9" },
            options: { allowed_oauth2_grant_types: ["password"] },
          },
        ],
      });
    const send = async (prosody: Prosody, token: string): Promise<number> => {
      const body = `<message to='nobody@${host}'/>`;
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/xmpp+xml" };
      return (await httpPost(prosody, host, "/rest", body, headers)).status;
    };
    try {
      let prosody = await start(secret);
      const form = new URLSearchParams({ grant_type: "password", username: "echo", password: secret });
      const granted = await httpPost(prosody, host, "/oauth2/token", form.toString(), {});
      const token = (JSON.parse(granted.text) as { access_token: string }).access_token;
      await prosody.stop();

      prosody = await start(secret);
      assert.notEqual(await send(prosody, token), 403);
      await prosody.stop();

      prosody = await start("another-secret-0123456789");
      assert.equal(await send(prosody, token), 403);
      await prosody.stop();
    } finally {
      await runScript(["remove", "--suite", suite, "--instance", instance]);
    }
  });
});
