import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import type { Sent } from "../../src/outbound/index.ts";
import { receiptSender } from "../../src/server/receipts.ts";
import { message } from "../../src/stanza/index.ts";
import { turns } from "../dispatch/support.ts";

test("receipts are a courtesy: a thousand are on their way at most, and one that fails is none of anybody's business", async () => {
  const underWay: PromiseWithResolvers<Sent>[] = [];
  const client = {
    send: () => {
      const sending = Promise.withResolvers<Sent>();
      underWay.push(sending);
      return sending.promise;
    },
  };
  const send = receiptSender(client, pino({ level: "silent" }));
  const receipt = message({ to: "juliet@example.com" });
  for (let count = 0; count < 1_200; count += 1) send(receipt);
  assert.equal(underWay.length, 1_000);
  underWay[0]?.reject(new Error("Prosody is away"));
  underWay[1]?.resolve({ id: "receipt", reply: undefined });
  await turns();
  for (let count = 0; count < 5; count += 1) send(receipt);
  assert.equal(underWay.length, 1_002);
});
