import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { inspect } from "node:util";
import fc from "fast-check";
import type { Logger } from "pino";
import {
  accountPassword,
  bearer,
  componentSecret,
  oauth2,
  type RestClientOptions,
} from "../../src/outbound/index.ts";
import { el, message } from "../../src/stanza/index.ts";
import { type Received, ScriptedServer } from "./scripted-server.ts";

const hello = message({ to: "juliet@example.com", body: "hi" });

function everything(value: unknown): string {
  return [
    inspect(value, { depth: 20, showHidden: true, getters: true }),
    String(value),
    JSON.stringify(value),
  ].join("\n");
}

/** Every way in which a server can throw at the client what the client has sent, and worse. */
const hostile = fc.constantFrom<(request: Received, secrets: string) => void>(
  ({ response }, all) => response.writeHead(403, { "content-type": "text/plain" }).end(all),
  ({ response }, all) =>
    response.writeHead(500, { "content-type": "text/html" }).end(`<title>${all}</title>`),
  ({ response }, all) => response.writeHead(200, { "content-type": "application/xmpp+xml" }).end(`<${all}`),
  ({ response }, all) =>
    response.writeHead(200, { "content-type": all.replace(/[^\x20-\x7e]/g, "") }).end(all),
  ({ response }, all) =>
    response
      .writeHead(422, { "content-type": "application/json" })
      .end(JSON.stringify({ error: { condition: all, text: all } })),
  ({ response }, all) =>
    response
      .writeHead(400, { "content-type": "application/json" })
      .end(JSON.stringify({ error: all, error_description: all })),
  ({ response }, all) =>
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ access_token: 7, password: all })),
  ({ response }, all) =>
    response
      .writeHead(200, { "content-type": "application/xmpp+xml" })
      .end(
        `<message type='error'><error><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>no</text></error><x>${all.length}</x></message>`,
      ),
  ({ socket }, all) => socket.end(`HTTP/1.1 ${all}\r\n\r\n`),
  ({ socket }) => socket.resetAndDestroy(),
  ({ response }) => response.writeHead(202).end(),
);

test("no error, log or inspection shows a secret, whatever the server throws back", async () => {
  await using server = await ScriptedServer.start();
  await fc.assert(
    fc.asyncProperty(fc.array(hostile, { minLength: 1, maxLength: 6 }), fc.nat(3), async (scripts, kind) => {
      const secret = `s3cret-${randomBytes(9).toString("base64url")}`;
      const secrets = [
        secret,
        Buffer.from(`bots.test:${secret}`).toString("base64"),
        Buffer.from(`bot:${secret}`).toString("base64"),
      ];
      const issued = `issued-${randomBytes(9).toString("hex")}`;
      const options = [
        componentSecret("bots.test", secret),
        accountPassword("bot@bots.test", secret),
        bearer(() => secret),
        oauth2({
          jid: "bot@bots.test",
          password: secret,
          endpoints: { token: "/token", registration: "/register" },
        }),
      ] as const;
      const seen: string[] = [];
      const log = (...args: unknown[]): void => {
        seen.push(everything(args));
      };
      const logger = { debug: log, info: log, warn: log, error: log } as unknown as Logger;
      const credentials = options[kind] as RestClientOptions["credentials"];
      await using client = server.client({ credentials, logger });
      let turn = 0;
      let known = "";
      server.script = (request) => {
        turn += 1;
        // Sometimes OAuth goes well, so that there is an issued token to lose.
        if (request.path === "/token" && turn % 2 === 0) {
          const body = JSON.stringify({
            access_token: issued,
            refresh_token: `${issued}r`,
            token_type: "bearer",
            expires_in: 60,
          });
          known = issued;
          request.response.writeHead(200, { "content-type": "application/json" }).end(body);
          return;
        }
        if (request.path === "/register" && turn % 2 === 1) {
          const body = JSON.stringify({
            client_id: "c",
            client_secret: `${issued}c`,
            client_secret_expires_at: 0,
          });
          request.response.writeHead(201, { "content-type": "application/json" }).end(body);
          return;
        }
        const { authorization = "" } = request.headers;
        const all = `${authorization} ${request.body.startsWith("<") ? "" : decodeURIComponent(request.body)} ${secret} ${known}`;
        (scripts[turn % scripts.length] as (typeof scripts)[number])(request, all);
      };
      for (const call of [
        () => client.send(hello),
        () => client.iq({ type: "get", to: "a.example", payload: el("x", { xmlns: "urn:x" }) }),
        () => client.get("ping", "a.example"),
        () => client.echo(hello),
      ]) {
        await call().then(
          (value) => seen.push(everything(value)),
          (error) => seen.push(everything(error)),
        );
      }
      seen.push(everything(client), everything(credentials));
      for (const text of seen) {
        for (const word of [...secrets, issued])
          assert.ok(!text.includes(word), `${word} is shown in ${text}`);
      }
    }),
    { numRuns: 200 },
  );
});
