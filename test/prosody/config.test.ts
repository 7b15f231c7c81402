import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type HostSpec, renderConfig, renderTemplate } from "../../prosody/config.ts";
import { luaString, luaValue } from "../../prosody/lua.ts";
import { startProsody } from "../../prosody/server.ts";
import { onBothServers, startWebhook } from "./support.ts";

describe("luaValue", () => {
  it("writes values as Lua does", () => {
    assert.equal(luaValue(["a", 1, true, { b: "c" }]), '{ "a"; 1; true; { ["b"] = "c" } }');
    assert.equal(luaString('a"b\\c\nd\u00e9\0]]'), '"a\\034b\\092c\\010d\\195\\169\\000]]"');
  });
});

describe("renderTemplate", () => {
  it("puts values in the place of names, and nil where there is none", () => {
    assert.equal(
      renderTemplate('x = ENV_A or ENV_B_C or "d"', { A: '"; os.exit() --' }),
      'x = "\\034; os.exit() --" or nil or "d"',
    );
  });

  it("leaves what prosody.sh sets", () => {
    assert.equal(renderTemplate("ENV_RESTANZA_PROSODY_DATA", {}), "ENV_RESTANZA_PROSODY_DATA");
  });
});

describe("renderConfig", () => {
  const base = { xmppPort: 1, httpPort: 2 };
  const callback = { address: "127.0.0.1:3" };

  it("sets an option in the place of the template's own, be it a line, lines, or a table", () => {
    const spec: HostSpec = {
      kind: "component",
      host: "bots.test",
      callback: { ...callback, stanzas: ["iq"] },
      restanza: [],
      options: { rest_callback_url: "http://elsewhere/", name: "Other" },
    };
    const text = renderConfig({ ...base, hosts: [spec] });
    const component = text.slice(text.indexOf("Component ("));
    for (const option of ["rest_callback_stanzas", "modules_enabled", "rest_callback_url", "name"]) {
      assert.equal(component.match(new RegExp(`^\\t?${option} = `, "gm"))?.length, 1, option);
    }
    assert.match(component, /^modules_enabled = \{ {2}\}$/m);
    assert.doesNotMatch(component, /\/callback\?/);
  });

  it("keeps the hosts apart", () => {
    const hosts = ["a.test", "b.test"].map(
      (host): HostSpec => ({ kind: "component", host, secret: `secret of ${host}`, callback }),
    );
    const [, first = "", second = ""] = renderConfig({ ...base, hosts }).split("\nComponent (");
    assert.match(first, /secret of a\.test/);
    assert.doesNotMatch(first, /b\.test/);
    assert.match(second, /secret of b\.test/);
  });
});

onBothServers("the configuration templates", (suite) => {
  it("load without a warning, and every module with them", async () => {
    const webhook = await startWebhook();
    const callback = {
      address: webhook.address,
      auth: "prosody:a-secret",
      keys: [`whsec_${Buffer.alloc(32, 1).toString("base64")}`],
    };
    await using prosody = await startProsody({
      suite,
      hosts: [
        { kind: "virtualhost", host: "people.test" },
        { kind: "virtualhost", host: "desk.test", callback },
        { kind: "component", host: "bots.test", secret: "secret-0123456789", callback },
        { kind: "component", host: "json.test", tokens: ["token-0123456789"], callback, restanza: ["token"] },
        { kind: "muc", host: "rooms.test" },
      ],
    });
    await prosody.waitForLog(/Activated service 'http'/);
    assert.doesNotMatch(prosody.log(), /\b(warn|error)\b/);
    await webhook.close();
  });

  it("pass Prosody's own check", async (t) => {
    const callback = { address: "127.0.0.1:9" };
    await using prosody = await startProsody({
      suite,
      hosts: [
        { kind: "virtualhost", host: "people.test" },
        { kind: "component", host: "bots.test", secret: "secret-0123456789", callback },
      ],
    });
    const output = await prosody.ctl("check", "config").catch((error: Error) => error.message);
    t.diagnostic(output.trim().split("\n").join(" | "));
    assert.doesNotMatch(output, /syntax|unknown|duplicate/i);
  });

  it("refuse a signing key that is not what it says", async () => {
    for (const key of ["whsec_not Base64!", "short"]) {
      await using prosody = await startProsody({
        suite,
        hosts: [
          { kind: "virtualhost", host: "people.test" },
          { kind: "component", host: "bots.test", callback: { address: "127.0.0.1:9", keys: [key] } },
        ],
      });
      const line = await prosody.waitForLog(/Error initializing module 'restanza_callback'/);
      assert.match(line, /openssl rand/);
      assert.ok(!prosody.log().includes(key));
    }
  });

  it("refuse a token that could be guessed, and tokens on a VirtualHost", async () => {
    await using prosody = await startProsody({
      suite,
      hosts: [
        { kind: "virtualhost", host: "people.test", modules: ["restanza_token"] },
        { kind: "component", host: "bots.test", tokens: ["guess"], callback: { address: "127.0.0.1:9" } },
      ],
    });
    await prosody.waitForLog(/has a token of 5 characters on bots\.test/);
    await prosody.waitForLog(/belongs on a Component, people\.test is a VirtualHost/);
  });
});
