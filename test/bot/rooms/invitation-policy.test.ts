import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type InvitationPolicy, isInvitationAccepted, Permissions } from "../../../src/bot/index.ts";
import { Jid } from "../../../src/stanza/index.ts";

const BOT = Jid.parse("echo@bots.example.com");
const permissions = new Permissions();

/** Whether a bot follows an invitation by somebody, themselves or by way of the room. */
function follows(
  from: string | undefined,
  room: string,
  mediated: boolean,
  policy?: InvitationPolicy,
  bot: Jid = BOT,
): boolean {
  const invitation = {
    room: Jid.parse(room),
    from: from === undefined ? undefined : Jid.parse(from),
    reason: undefined,
    password: undefined,
    mediated,
  };
  return isInvitationAccepted(invitation, policy, bot, permissions.isBelieved.bind(permissions));
}

describe("an invitation into a room", () => {
  it("is followed or not whoever sends it, by a policy that says so", () => {
    assert.equal(follows(undefined, "r@far.example", true, "accept"), true);
    assert.equal(follows("juliet@example.com/x", "r@rooms.example.com", false, "refuse"), false);
  });

  for (const [follow, from, room, mediated] of [
    [true, "juliet@example.com/balcony", "r@far.example", false],
    [true, "clerk@bots.example.com", "r@far.example", false],
    [false, "mallory@far.example/x", "r@rooms.example.com", false],
    [false, "mallory@example.com.far.example/x", "r@rooms.example.com", false],
    [false, "mallory@com/x", "r@rooms.example.com", false],
    [true, "r@rooms.example.com/juliet", "r@rooms.example.com", true],
    [true, undefined, "r@rooms.example.com", true],
    [false, "juliet@example.com", "r@rooms.far.example", true],
    [false, "juliet@example.com", "r@evil.com", true],
    [false, "r@far.example/juliet", "r@far.example", true],
    [false, undefined, "r@rooms.example.com", false],
  ] as const)
    it(`is ${follow ? "" : "not "}followed by default when ${from ?? "nobody"} asks ${mediated ? "by way of" : "into"} ${room}`, () =>
      assert.equal(follows(from, room, mediated), follow));

  it("of a bot that is at the server itself is followed by its people, and not into all rooms of its top level", () => {
    const bot = Jid.parse("echo@example.com");
    assert.equal(follows("juliet@example.com/x", "r@far.example", false, undefined, bot), true);
    assert.equal(follows("mallory@evil.com/x", "r@evil.com", false, undefined, bot), false);
    assert.equal(follows("r@evil.com/x", "r@evil.com", true, undefined, bot), false);
  });

  it("is followed by a list of accounts, domains, rooms and services; a room is believed about its own people alone", () => {
    const allow = (...names: string[]) => ({ allow: names });
    assert.equal(follows("juliet@far.example/x", "r@rooms.test", false, allow("juliet@far.example")), true);
    assert.equal(follows("romeo@far.example/x", "r@rooms.test", false, allow("juliet@far.example")), false);
    assert.equal(follows("romeo@far.example/x", "r@rooms.test", false, allow("far.example")), true);
    assert.equal(follows("romeo@x.far.example/x", "r@rooms.test", false, allow("far.example")), false);
    assert.equal(follows("romeo@far.example/x", "r@rooms.test", false, allow("rooms.test")), true);
    assert.equal(follows("romeo@far.example/x", "s@rooms.test", false, allow("r@rooms.test")), false);
    assert.equal(
      follows("juliet@far.example", "r@rooms.far.example", true, allow("juliet@far.example")),
      true,
    );
    assert.equal(follows("juliet@far.example", "r@rooms.evil", true, allow("juliet@far.example")), false);
    assert.equal(follows("juliet@example.com/x", "r@rooms.test", false, allow()), false);
  });
});
