import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { sayingIn } from "../../../src/bot/i18n/framework.ts";
import { PatternError, readPattern } from "../../../src/bot/permissions/pattern.ts";
import {
  decide,
  NO_CHANGES,
  type PermissionConfig,
  type RunTimeChanges,
} from "../../../src/bot/permissions/policy.ts";
import { isBelieved, type Subject } from "../../../src/bot/permissions/subject.ts";
import { Jid } from "../../../src/stanza/index.ts";

const user = (jid: string): Subject => ({ account: Jid.fromWire(jid).bare, occupant: undefined });
const occupant = (
  jid: string,
  rank: Partial<NonNullable<Subject["occupant"]>> = {},
  account?: string,
): Subject => {
  const { bare, resource } = Jid.fromWire(jid);
  return {
    account: account === undefined ? undefined : Jid.fromWire(account),
    occupant: { room: bare, nick: resource, affiliation: "none", role: "participant", ...rank },
  };
};

const config: PermissionConfig = {
  groups: { admins: ["alice@example.org"], friends: ["bob@example.org", "friends.example"] },
};
const wish = { bot: "bot", command: "reboot", access: "admin" };

function may(
  subject: Subject,
  more: PermissionConfig = {},
  changes: Partial<RunTimeChanges> = {},
  access = "admin",
): boolean {
  return decide({ ...config, ...more }, { ...NO_CHANGES, ...changes }, subject, { ...wish, access }).allowed;
}

describe("a pattern", () => {
  for (const [pattern, subject, expected] of [
    ["alice@example.org", user("alice@example.org/phone"), true],
    ["Alice@EXAMPLE.org", user("alice@example.org"), true],
    ["alice@example.org", user("alice@example.com"), false],
    ["example.org", user("bob@example.org"), true],
    ["example.org", user("bob@sub.example.org"), false],
    ["example.org", user("example.org"), true],
    ["everyone", user("bob@example.org"), true],
    ["everyone", occupant("lobby@rooms.example.org/x"), true],
    ["rooms.example.org", occupant("lobby@rooms.example.org/x"), false],
    ["lobby@rooms.example.org", occupant("lobby@rooms.example.org/x"), false],
    ["alice@example.org", occupant("lobby@rooms.example.org/alice@example.org"), false],
    ["alice@example.org", occupant("lobby@rooms.example.org/x", {}, "alice@example.org"), true],
    [
      "affiliation:admin:lobby@rooms.example.org",
      occupant("lobby@rooms.example.org/x", { affiliation: "admin" }),
      true,
    ],
    [
      "affiliation:admin:lobby@rooms.example.org",
      occupant("lobby@rooms.example.org/x", { affiliation: "owner" }),
      true,
    ],
    [
      "affiliation:admin:lobby@rooms.example.org",
      occupant("lobby@rooms.example.org/x", { affiliation: "member" }),
      false,
    ],
    [
      "affiliation:admin:lobby@rooms.example.org",
      occupant("hall@rooms.example.org/x", { affiliation: "owner" }),
      false,
    ],
    [
      "affiliation:member:rooms.example.org",
      occupant("hall@rooms.example.org/x", { affiliation: "owner" }),
      true,
    ],
    [
      "affiliation:member:rooms.example.org",
      occupant("hall@rooms.example.org/x", { affiliation: "outcast" }),
      false,
    ],
    [
      "role:participant:lobby@rooms.example.org",
      occupant("lobby@rooms.example.org/x", { role: "moderator" }),
      true,
    ],
    [
      "role:participant:lobby@rooms.example.org",
      occupant("lobby@rooms.example.org/x", { role: "visitor" }),
      false,
    ],
    ["role:visitor:lobby@rooms.example.org", occupant("lobby@rooms.example.org/x", { role: "none" }), false],
    ["role:visitor:example.org", user("x@example.org"), false],
  ] as const) {
    it(`${pattern} ${expected ? "is" : "is not"} ${subject.account ?? ""} ${JSON.stringify(subject.occupant ?? "")}`, () =>
      assert.equal(readPattern(pattern).matches(subject), expected));
  }

  for (const text of [
    "",
    "@",
    "alice@example.org/phone",
    "affiliation:none:x.example",
    "affiliation:owner",
    "affiliation:outcast:x",
    "role:owner:x.example",
    "group:admins",
    "a b",
  ]) {
    it(`is not ${JSON.stringify(text)}`, () => assert.throws(() => readPattern(text), PatternError));
  }
});

describe("a decision", () => {
  const bob = user("bob@example.org");
  const alice = user("alice@example.org");

  it("goes by the access of the command where nothing else is said", () => {
    assert.equal(may(bob, {}, {}, "everyone"), true);
    assert.equal(may(bob, {}, {}, "friends"), true);
    assert.equal(may(user("x@friends.example"), {}, {}, "friends"), true);
    assert.equal(may(user("x@example.org"), {}, {}, "friends"), false);
    assert.equal(may(bob), false);
    assert.equal(may(alice), true);
    assert.equal(may(alice, {}, {}, "friends"), true);
    for (const access of ["nobody", "constructor", "__proto__", ""])
      assert.equal(may(bob, {}, {}, access), false);
  });

  it("goes by affiliation and role where a command is for those of the room", () => {
    const of = (rank: object, access: string): boolean =>
      may(occupant("lobby@rooms.example.org/x", rank), {}, {}, access);
    assert.equal(of({ affiliation: "owner" }, "room-admin"), true);
    assert.equal(of({ affiliation: "admin" }, "room-admin"), true);
    assert.equal(of({ affiliation: "member", role: "moderator" }, "room-admin"), false);
    assert.equal(of({ affiliation: "member", role: "moderator" }, "room-moderator"), true);
    assert.equal(of({ affiliation: "admin", role: "participant" }, "room-moderator"), true);
    assert.equal(of({}, "room-moderator"), false);
    assert.equal(may(bob, {}, {}, "room-admin"), false);
    assert.equal(may(alice, {}, {}, "room-admin"), true);
  });

  it("has the configuration before what admins have said, and no before yes", () => {
    const granted = { rules: [{ command: "reboot", subject: "bob@example.org", allow: true }] };
    const revoked = { rules: [{ command: "reboot", subject: "example.org", allow: false }] };
    assert.equal(may(bob, {}, granted), true);
    assert.equal(may(bob, { rules: [{ deny: ["bob@example.org"] }] }, granted), false);
    assert.equal(may(bob, { rules: [{ allow: ["group:friends"] }] }), true);
    assert.equal(may(bob, { rules: [{ allow: ["bob@example.org"] }] }, revoked), false);
    assert.equal(may(bob, {}, { rules: [...granted.rules, ...revoked.rules] }), false);
    assert.equal(may(bob, { rules: [{ allow: ["example.org"] }, { deny: ["bob@example.org"] }] }), false);
    assert.equal(may(bob, {}, revoked, "everyone"), false);
    assert.equal(may(alice, {}, revoked), true, "the admins of the configuration cannot be locked out");
    assert.equal(may(alice, { rules: [{ deny: ["everyone"] }] }), false, "but by the configuration");
  });

  it("has rules for one bot and one command", () => {
    assert.equal(may(bob, { rules: [{ bot: "other", allow: ["everyone"] }] }), false);
    assert.equal(may(bob, { rules: [{ command: "other", allow: ["everyone"] }] }), false);
    assert.equal(may(bob, { rules: [{ bot: "bot", command: "reboot", allow: ["everyone"] }] }), true);
    assert.equal(
      may(bob, {}, { rules: [{ command: "other", subject: "bob@example.org", allow: true }] }),
      false,
    );
  });

  it("counts those whom admins have made admins", () => {
    const members = { admins: ["bob@example.org"] };
    assert.equal(may(bob, {}, { members }), true);
    assert.equal(may(bob, {}, { members }, "friendly"), true);
    const revoked = { members, rules: [{ command: "reboot", subject: "bob@example.org", allow: false }] };
    assert.equal(may(bob, {}, revoked), false);
  });

  it("tells what decided", () => {
    const rule = (subject: Subject, more = {}): string =>
      decide({ ...config, ...more }, NO_CHANGES, subject, wish).because(sayingIn("en"));
    assert.match(rule(alice), /alice@example.org is in the group admins of the configuration/);
    assert.match(rule(bob), /for the group admins, and nothing else allows it/);
    assert.match(
      rule(bob, { rules: [{ deny: ["group:friends"] }] }),
      /configuration denies it to group:friends/,
    );
  });
});

describe("what is for admins", () => {
  // Whoever is like alice@example.org to the eye, to a careless comparison, or by what they call themselves.
  const lookAlike = fc.constantFrom(
    "Alice@example.org",
    "ALICE@EXAMPLE.ORG",
    "\uff41lice@example.org",
    "\u0430lice@example.org",
    "a\u0308lice@example.org",
    "alice\u200b@example.org",
    "alice@example.org.",
    "alice@example.org.evil.example",
    "alice@rooms.example.org",
    "alice@xn--example.org",
    "example.org",
    "alice",
    "alice\\40example.org@evil.example",
    "alice@evil.example/alice@example.org",
  );
  const nick = fc.oneof(
    fc.constantFrom(
      "alice",
      "Alice",
      "alice@example.org",
      "alice@example.org/phone",
      "admins",
      "group:admins",
    ),
    fc.string({ minLength: 1 }).filter((text) => !/[\p{Cc}]/u.test(text) && text.trim() !== ""),
  );
  const address = fc.emailAddress().filter((text) => !text.includes("/"));
  const ranks = fc.record({
    affiliation: fc.constantFrom("owner", "admin", "member", "none", "outcast"),
    role: fc.constantFrom("moderator", "participant", "visitor", "none"),
  });
  const strangers = fc.oneof(
    lookAlike.map(user),
    fc.tuple(address, nick).map(([jid, resource]) => user(`${jid}/${resource}`)),
    fc
      .tuple(fc.constantFrom("lobby@rooms.example.org", "alice@example.org", "x@evil.example"), nick, ranks)
      .map(([room, name, rank]) => occupant(`${room}/${name}`, rank as object)),
    fc
      .tuple(nick, ranks, lookAlike)
      .map(([name, rank, account]) => occupant(`x@evil.example/${name}`, rank as object, account)),
    fc.constant<Subject>({ account: undefined, occupant: undefined }),
  );
  const access = fc.oneof(
    fc.constantFrom("admin", "admins", "friends2", "constructor", "toString", "__proto__", ""),
    fc.string().filter((text) => !["everyone", "room-admin", "room-moderator", "friends"].includes(text)),
  );
  // Rules of every kind that are not about strangers.
  const elsewhere: fc.Arbitrary<PermissionConfig> = fc.record({
    rules: fc.array(
      fc.record({
        bot: fc.constantFrom("bot", "other", undefined),
        command: fc.constantFrom("reboot", "other", undefined),
        allow: fc.constantFrom(["alice@example.org"], ["group:admins"], ["group:nobody"], [], undefined),
        deny: fc.constantFrom(["bob@example.com"], undefined),
      }),
    ),
  });

  it("is never for a stranger, whatever they look like", () => {
    fc.assert(
      fc.property(strangers, access, elsewhere, (subject, of, more) => {
        assert.equal(may(subject, { ...more, groups: { admins: ["alice@example.org"] } }, {}, of), false);
      }),
      { numRuns: 3_000 },
    );
  });

  it("is for nobody where there are no admins", () => {
    fc.assert(fc.property(strangers, access, (subject, of) => !may(subject, { groups: {} }, {}, of)));
  });

  it("is for the admins of the configuration whatever is revoked at run time", () => {
    const subject = fc.constantFrom("alice@example.org", "example.org", "everyone");
    fc.assert(
      fc.property(fc.array(subject), (subjects) =>
        may(
          user("alice@example.org"),
          {},
          { rules: subjects.map((each) => ({ command: "reboot", subject: each, allow: false })) },
        ),
      ),
    );
  });
});

describe("what a room says of whose account an occupant's is", () => {
  const room = Jid.parse("lobby@rooms.example.org");
  it("counts for accounts of the domain that its service is a part of", () => {
    assert.equal(isBelieved(room, Jid.parse("alice@example.org")), true);
    assert.equal(isBelieved(room, Jid.parse("alice@example.com")), false);
    assert.equal(isBelieved(Jid.parse("x@rooms.evil.example"), Jid.parse("alice@example.org")), false);
    assert.equal(isBelieved(Jid.parse("x@evilexample.org"), Jid.parse("alice@example.org")), false);
    assert.equal(isBelieved(Jid.parse("x@example.org"), Jid.parse("alice@rooms.example.org")), false);
  });

  it("counts for all accounts where the operator trusts it, and for none where they trust others", () => {
    const trusted = new Set(["chat.example.net", "hall@rooms.example.org"]);
    assert.equal(isBelieved(Jid.parse("x@chat.example.net"), Jid.parse("alice@example.org"), trusted), true);
    assert.equal(
      isBelieved(Jid.parse("hall@rooms.example.org"), Jid.parse("bob@example.com"), trusted),
      true,
    );
    assert.equal(isBelieved(room, Jid.parse("alice@example.org"), trusted), false);
  });
});
