import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type ContactRecord, withPresence } from "../../../src/bot/contacts/record.ts";
import { Jid, Presence, presence } from "../../../src/stanza/index.ts";
import { buildCaps, buildIdle } from "../../../src/xep/index.ts";

const from = (resource: string, init: Parameters<typeof presence>[0] = {}): Presence =>
  presence({ ...init, from: Jid.parse("juliet@example.com").withResource(resource) });

const seen = (record: ContactRecord): string[] => (record.resources ?? []).map(({ resource }) => resource);

describe("the clients of a contact", () => {
  const at = { life: "one", now: 1 };

  it("are bounded in number and size, whatever they say", () => {
    const resource = fc.oneof(fc.constantFrom("a", "b", "__proto__", "constructor"), fc.uuid());
    const heard = fc.record({
      resource,
      type: fc.constantFrom(
        "available" as const,
        "available" as const,
        "unavailable" as const,
        "error" as const,
      ),
      status: fc.string({ unit: "grapheme", maxLength: 2_000 }),
      node: fc.string({ maxLength: 1_000 }),
    });
    fc.assert(
      fc.property(fc.array(heard, { maxLength: 60 }), (all) => {
        let record: ContactRecord = { to: true };
        const there = new Set<string>();
        for (const { resource: name, type, status, node } of all) {
          const told = from(name, { type, status }).element.append(
            buildCaps({ node, ver: "q07IKJEyjvHSyhy//CH0CxmKi8w=", hash: "sha-1" }),
          );
          record = withPresence(record, new Presence(told), at);
          there.delete(name);
          if (type === "available") there.add(name);
        }
        assert.ok(seen(record).length <= 16);
        assert.ok(JSON.stringify(record).length < 16 * 4_000);
        for (const { status = "" } of record.resources ?? []) assert.ok(status.isWellFormed());
        // Of more than that, those that were heard of last are known.
        assert.deepEqual(new Set(seen(record)).size, seen(record).length);
        for (const name of seen(record)) assert.ok(there.has(name));
        if (there.size <= 16 && all.length <= 16) assert.equal(seen(record).length, there.size);
      }),
    );
  });

  it("are the sixteen that were heard of last, and three hundred characters of what each says", () => {
    let record: ContactRecord = { to: true };
    for (let index = 0; index < 40; index += 1)
      record = withPresence(record, from(String(index), { status: `a${"😀".repeat(200)}` }), at);
    assert.deepEqual(
      seen(record),
      Array.from({ length: 16 }, (_, index) => String(24 + index)),
    );
    assert.equal(record.resources?.[0]?.status, `a${"😀".repeat(149)}\ufffd`);
  });

  it("tell since when nobody has touched them (XEP-0319)", () => {
    const since = new Date("2026-01-05T09:00:00Z");
    const idle = new Presence(from("a", { show: "away" }).element.append(buildIdle(since)));
    assert.equal(withPresence({ to: true }, idle, at).resources?.[0]?.idle, since.getTime());
  });

  it("cost nothing when they say the same again", () => {
    const once = withPresence({ to: true }, from("a", { show: "away" }), at);
    assert.equal(withPresence(once, from("a", { show: "away" }), { ...at, now: 2 }), once);
    assert.notEqual(withPresence(once, from("a", { show: "xa" }), at), once);
    assert.equal(withPresence(once, from("b", { type: "unavailable" }), at), once);
  });

  it("are all gone when the account says so, and those of an earlier life are not known to be there", () => {
    const bare = presence({ type: "unavailable", from: "juliet@example.com" });
    const two = withPresence(withPresence({ to: true }, from("a"), at), from("b"), at);
    assert.deepEqual(seen(withPresence(two, bare, at)), []);
    assert.deepEqual(seen(withPresence(two, from("c"), { life: "two", now: 2 })), ["c"]);
  });
});
