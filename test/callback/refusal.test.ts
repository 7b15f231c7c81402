import assert from "node:assert/strict";
import { test } from "node:test";
import { REFUSALS, type RefusalReason, type RequestLine, refuse } from "../../src/callback/index.ts";
import { conditionOf } from "../../src/testkit/double/http-conditions.ts";

/** The statuses, written down a second time. */
const STATUSES: Record<RefusalReason, number> = {
  unauthorized: 401,
  "bad-signature": 401,
  replayed: 409,
  "bad-request": 400,
  forged: 400,
  malformed: 400,
  "too-large": 413,
  incomplete: 400,
  "unsupported-type": 415,
  unencodable: 501,
  "unknown-domain": 421,
  "unknown-path": 421,
  failed: 507,
};

/** Who is told, by what the request line says. */
const TOLD: readonly [kind: string | undefined, type: string | undefined, told: boolean][] = [
  ["message", "{type}", true],
  ["message", "chat", true],
  ["message", "normal", true],
  ["message", "headline", true],
  ["message", "groupchat", false],
  ["message", "error", false],
  ["presence", "{type}", false],
  ["presence", "subscribe", false],
  ["presence", "unavailable", false],
  ["presence", "error", false],
  ["iq", "get", true],
  ["iq", "set", true],
  ["iq", "result", false],
  ["iq", "error", false],
  [undefined, undefined, true],
];

const reasons = Object.keys(REFUSALS) as RefusalReason[];

test("each reason has its status, and never a body", () => {
  assert.deepEqual({ ...REFUSALS }, STATUSES);
  for (const reason of reasons) {
    for (const [kind, type, told] of TOLD) {
      const line: RequestLine = { from: "a@b/c", to: "d@e", kind, type };
      // The sender of a message that came before has been answered.
      const answered = reason === "replayed" && kind === "message";
      assert.deepEqual(
        refuse(reason, line),
        { status: told && !answered ? STATUSES[reason] : 204 },
        `${reason} ${kind} ${type}`,
      );
    }
  }
});

test("no status becomes an error for which a room throws an occupant out", () => {
  const kicking = [
    "gone",
    "internal-server-error",
    "item-not-found",
    "jid-malformed",
    "recipient-unavailable",
  ];
  kicking.push("redirect", "remote-server-not-found", "remote-server-timeout", "service-unavailable");
  for (const reason of reasons) {
    const { condition } = conditionOf(REFUSALS[reason]);
    assert.ok(!kicking.includes(condition), `${reason}: ${condition}`);
  }
});
