import assert from "node:assert/strict";
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { createAdaptorServer } from "@hono/node-server";
import { pino } from "pino";
import { Webhook } from "standardwebhooks";
import { CallbackCredentials, callbackApp, SignatureVerifier } from "../../src/callback/index.ts";
import type { Outcome } from "../../src/dispatch/index.ts";
import { BASIC, chat, KEY, SIGNED, target } from "./support/harness.ts";

test("a callback that could be neither handled nor kept is let in when it comes again, and handled once", async (t) => {
  const outcomes: Outcome[] = [{ kind: "unavailable" }, { kind: "unavailable" }, { kind: "accepted" }];
  const app = callbackApp({
    mounts: [
      {
        domain: SIGNED,
        credentials: new CallbackCredentials(["prosody:the-callback-secret"]),
        verifier: new SignatureVerifier([KEY]),
      },
    ],
    dispatcher: {
      dispatch: () => outcomes.shift() ?? assert.fail("a replay was handled"),
      isFromJoinedRoom: () => false,
    },
    log: pino({ level: "silent" }),
  });
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const to = `echo@${SIGNED}`;
  const body = chat("Hello", { to });
  const now = new Date();
  const headers = {
    authorization: BASIC,
    "content-type": "application/xmpp+xml",
    "webhook-id": "msg_1",
    "webhook-timestamp": `${Math.floor(now.getTime() / 1000)}`,
    "webhook-signature": new Webhook(KEY).sign("msg_1", now, body),
  };
  const statuses: number[] = [];
  for (let attempt = 1; attempt <= 4; attempt += 1) {
    const again: Record<string, string> = attempt === 1 ? {} : { "webhook-attempt": `${attempt}` };
    const url = `http://127.0.0.1:${port}${target({ to })}`;
    const answer = await fetch(url, { method: "POST", headers: { ...headers, ...again }, body });
    statuses.push(answer.status);
  }
  assert.deepEqual(statuses, [503, 503, 202, 202]);
});
