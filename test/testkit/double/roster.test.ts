import assert from "node:assert/strict";
import { test } from "node:test";
import {
  afterReceiving,
  afterSending,
  NO_CONTACT,
  subscriptionOf,
} from "../../../src/testkit/double/roster.ts";

test("asking and being approved leads to the subscription to", () => {
  const asked = afterSending(NO_CONTACT, "subscribe");
  assert.deepEqual([subscriptionOf(asked), asked.asked], ["none", true]);
  const approved = afterReceiving(asked, "subscribed");
  assert.deepEqual([subscriptionOf(approved), approved.asked], ["to", false]);
  assert.equal(subscriptionOf(afterReceiving(approved, "unsubscribed")), "none");
  assert.equal(subscriptionOf(afterSending(approved, "unsubscribe")), "none");
});

test("an approval nobody asked for changes nothing", () => {
  assert.equal(afterReceiving(NO_CONTACT, "subscribed"), NO_CONTACT);
  assert.equal(afterSending(NO_CONTACT, "subscribed"), NO_CONTACT);
});

test("being asked and approving leads to the subscription from", () => {
  const pending = afterReceiving(NO_CONTACT, "subscribe");
  assert.deepEqual([subscriptionOf(pending), pending.pending], ["none", true]);
  const approved = afterSending(pending, "subscribed");
  assert.deepEqual([subscriptionOf(approved), approved.pending], ["from", false]);
  assert.equal(afterReceiving(approved, "subscribe"), approved);
  assert.equal(subscriptionOf(afterSending(approved, "unsubscribed")), "none");
});

test("both ways make both", () => {
  const from = afterSending(afterReceiving(NO_CONTACT, "subscribe"), "subscribed");
  assert.equal(subscriptionOf(afterReceiving(afterSending(from, "subscribe"), "subscribed")), "both");
});
