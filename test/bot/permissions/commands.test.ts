import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { command } from "../../../src/bot/index.ts";
import { Talk, type TalkOptions } from "../commands/support.ts";

const ALICE = { from: "alice@example.com/x" };
const JULIET = { from: "juliet@example.com/x" };
const secret = command({
  name: "secret",
  aliases: ["s"],
  summary: "tells it",
  access: "admin",
  run: () => "42",
});
const open = command({ name: "open", summary: "is open", run: () => "come in" });

function talk(options: Omit<TalkOptions, "permissions"> = {}): Talk {
  const permissions = { groups: { admins: ["alice@example.com"], constructor: ["x.example"] } };
  return new Talk((bot) => bot.command(secret).command(open), { ...options, permissions });
}

describe("permissions in chat", () => {
  it("are granted by an admin, survive a restart, and are revoked", async () => {
    const first = talk();
    assert.equal(await first.say("secret", JULIET), "You may not use secret here.");
    assert.equal(await first.say("secret", ALICE), "42");
    assert.match(
      await first.say("grant Juliet@Example.com S", ALICE),
      /juliet@example.com may use secret now/,
    );
    assert.equal(await first.say("secret", JULIET), "42");
    const second = talk({ store: first.store });
    assert.equal(await second.say("secret", JULIET), "42");
    assert.match(await second.say("groups", ALICE), /secret: granted to juliet@example.com/);
    await second.say("revoke juliet@example.com secret", ALICE);
    assert.equal(await second.say("secret", JULIET), "You may not use secret here.");
    assert.doesNotMatch(await second.say("groups", ALICE), /juliet/);
  });

  it("are taken from whom they were never granted, and given back", async () => {
    const all = talk();
    await all.say("revoke example.com open", ALICE);
    assert.equal(await all.say("open", JULIET), "You may not use open here.");
    assert.equal(await all.say("open", ALICE), "come in");
    await all.say("grant example.com open", ALICE);
    assert.equal(await all.say("open", JULIET), "come in");
  });

  it("are those of groups, that have names of any kind", async () => {
    const all = talk();
    for (const group of ["admins", "constructor"]) {
      assert.match(await all.say(`grant juliet@example.com group:${group}`, ALICE), /is in/);
    }
    assert.equal(await all.say("secret", JULIET), "42");
    assert.match(
      await all.say("groups", JULIET),
      /admins: alice@example.com, juliet@example.com \(granted\)/,
    );
    assert.match(
      await all.say("revoke alice@example.com group:admins", JULIET),
      /members by the configuration stay/,
    );
    await all.say("revoke juliet@example.com group:admins", ALICE);
    assert.equal(await all.say("secret", JULIET), "You may not use secret here.");
  });

  it("are changed by nobody else, nor seen", async () => {
    const all = talk();
    for (const line of ["!grant juliet@example.com secret", "!revoke alice@example.com secret", "!groups"])
      assert.match(await all.say(line, JULIET), /You may not use/, line);
    assert.match(await all.say("!why secret alice@example.com", JULIET), /Only admins/);
    await all.say("grant juliet@example.com secret", JULIET);
    assert.equal(await all.say("secret", JULIET), "You may not use secret here.");
  });

  it("are not given to everyone, nor to what is nobody", async () => {
    const all = talk();
    assert.match(await all.say("!grant everyone secret", ALICE), /cannot be everyone/);
    assert.match(await all.say("!grant juliet@example.com/x secret", ALICE), /names nobody/);
    assert.match(await all.say("!grant juliet@example.com nothing", ALICE), /neither a command nor a group/);
  });

  it("have reasons, which why tells", async () => {
    const all = talk();
    assert.equal(
      await all.say("why secret", JULIET),
      "You may not use secret: it is for the group admins, and nothing else allows it.",
    );
    assert.equal(await all.say("why open", JULIET), "You may use open: it is for everyone.");
    await all.say("grant juliet@example.com secret", ALICE);
    assert.equal(
      await all.say("why secret juliet@example.com", ALICE),
      "juliet@example.com may use secret: an admin has granted it to juliet@example.com.",
    );
  });
});

describe("permissions in a room", () => {
  const room = { from: "lobby@rooms.example.com/alice", type: "groupchat" };
  const rank = (jid = ""): string => `affiliation='none' role='participant' ${jid && `jid='${jid}'`}`;

  it("go by the account behind an occupant, where the room tells it and is believed", async () => {
    const all = talk();
    await all.join();
    assert.match(await all.say("!secret", room), /may not/, "a nickname is no account");
    await all.presence(room.from, rank("mallory@example.com/x"));
    assert.match(await all.say("!secret", room), /may not/);
    await all.presence(room.from, rank("alice@example.com/x"));
    assert.equal(await all.say("!secret", room), "42");
    await all.presence(room.from, rank(), "", "type='unavailable'");
    assert.match(await all.say("!secret", room), /may not/, "who comes under the name of who has gone");
  });

  it("do not go by what another service claims, nor by what a user writes into their own presence", async () => {
    const all = talk();
    await all.join("trap@rooms.evil.example");
    const trap = { from: "trap@rooms.evil.example/alice", type: "groupchat" };
    await all.presence(trap.from, rank("alice@example.com/x"));
    assert.match(await all.say("!secret", trap), /may not/);
    await all.presence("mallory@example.com/x", rank("alice@example.com/x"));
    assert.match(await all.say("!secret", { from: "mallory@example.com/x" }), /may not/);
  });

  it("take nobody at the service of a room for an account", async () => {
    const permissions = { groups: { admins: ["rooms.example.com", "hall@rooms.example.com"] } };
    const all = new Talk((bot) => bot.command(secret), { permissions });
    await all.join();
    for (const from of ["lobby@rooms.example.com/x", "hall@rooms.example.com/x", "hall@rooms.example.com"])
      assert.match(await all.say("!secret", { from }), /may not/, from);
    assert.match(await all.shout("!secret"), /may not/);
  });
});
