import assert from "node:assert/strict";
import { test } from "node:test";
import { Webhook } from "standardwebhooks";
import { signWebhook } from "../../../src/testkit/double/webhook-signature.ts";

const KEY = `whsec_${Buffer.from("a key of 32 bytes, no less, no m").toString("base64")}`;

test("each key signs as the reference implementation of Standard Webhooks does", () => {
  const at = new Date("2025-01-02T03:04:05.678Z");
  const headers = signWebhook([KEY, "plain text key"], "msg_1", at.getTime(), "<message/>");
  assert.equal(headers["webhook-id"], "msg_1");
  assert.equal(headers["webhook-timestamp"], "1735787045");
  assert.deepEqual(headers["webhook-signature"].split(" "), [
    new Webhook(KEY).sign("msg_1", at, "<message/>"),
    new Webhook(Buffer.from("plain text key").toString("base64")).sign("msg_1", at, "<message/>"),
  ]);
});
