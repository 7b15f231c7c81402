import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defineBot, type Room, RoomError, type Rooms } from "../../../src/bot/index.ts";
import { Jid, type Message, message } from "../../../src/stanza/index.ts";
import { type Testbed, testbed } from "../../../src/testkit/index.ts";
import {
  buildDecline,
  buildDirectInvitation,
  buildMediatedInvitation,
  buildVoiceRequest,
  type RoomStatus,
  readRetraction,
  readRoomStatuses,
  readStanzaId,
} from "../../../src/xep/index.ts";

type Order = (room: Room, rooms: Rooms) => Promise<unknown>;

/** Does in a room what the test says, and notes what rooms tell it. */
function steward(invitations?: "accept" | "refuse") {
  const seen: string[] = [];
  let orders: Order = async () => undefined;
  const bot = defineBot({
    name: "steward",
    summary: "keeps rooms",
    ...(invitations !== undefined && { rooms: { invitations } }),
    routes(on) {
      on.on("message:direct").hears(/^in (\S+)$/, async (ctx) => {
        await orders(ctx.bot.rooms.room(ctx.match[1] ?? ""), ctx.bot.rooms);
        return "done";
      });
      on.on("message:groupchat").hears("buy now", async (ctx) => {
        const id = readStanzaId(ctx.stanza, ctx.from.bare);
        if (id !== undefined) await ctx.bot.rooms.room(ctx.from).moderate(id, "no advertisements");
      });
      on.on("message:body", (ctx) => void seen.push(`heard ${ctx.body}`));
      on.on("message:voice-request", async (ctx) => {
        await ctx.bot.rooms.room(ctx.from).answerVoiceRequest(ctx.voiceRequest, true);
      });
      on.on("message:decline", (ctx) => void seen.push(`${ctx.decline.from} does not come`));
      on.on("presence:out", ({ occupant }) => {
        seen.push(
          [occupant.departure, occupant.actor, occupant.reason, occupant.venue].filter(Boolean).join(" "),
        );
      });
      on.on("presence:refused", ({ refusal }) => void seen.push(`${refusal.action} ${refusal.condition}`));
    },
  });
  return {
    bot,
    seen,
    /** Has it do something in a room when alice says so. */
    does: (work: Order): void => {
      orders = work;
    },
  };
}

const hall = Jid.parse("hall@rooms.localhost");
const stewards = Jid.parse("steward@bots.localhost");

/** Has alice send something, with all that follows from it. */
async function sends(bed: Testbed, stanza: Message): Promise<void> {
  bed.alice.send(stanza);
  await bed.idle();
  await bed.clock.advance("1s");
}

describe("invitations in a testbed", () => {
  for (const direct of [true, false]) {
    it(`${direct ? "by people" : "by way of the room"} bring a bot in, and its restart keeps it there`, async () => {
      const { bot, seen } = steward();
      await using bed = await testbed(bot);
      const room = await bed.room("hall", { bots: [], password: "cauldron" });
      // Its password is asked of people, too, so nobody but the bot gets in; the room passes on what alice sends.
      const password = "cauldron";
      await sends(
        bed,
        direct
          ? message({ to: stewards }, buildDirectInvitation(hall, { password }))
          : message({ to: hall }, buildMediatedInvitation(stewards, "do come")),
      );
      assert.deepEqual(room.nicks, ["steward"]);
      assert.deepEqual(seen, [], "what is said for old clients is no message to it");
      await bed.restart();
      await bed.clock.advance("1s");
      assert.deepEqual(room.nicks, ["steward"]);
    });
  }

  it("are declined by a bot that follows none, in words or by way of the room", async () => {
    const { bot } = steward("refuse");
    await using bed = await testbed(bot);
    const room = await bed.room("hall", { bots: [] });
    await sends(bed, message({ to: stewards }, buildDirectInvitation(hall)));
    const { body } = await bed.alice.hears(({ body }) => body !== undefined);
    assert.equal(body, "Sorry, I do not come into rooms at everybody's invitation.");
    await bed.alice.joins(room);
    await sends(bed, message({ to: hall }, buildMediatedInvitation(stewards)));
    const declined = await bed.alice.hears(
      (received) =>
        received.stanza.child("x", "http://jabber.org/protocol/muc#user")?.child("decline") !== undefined,
    );
    assert.equal(String(declined.stanza.from), String(hall));
    assert.deepEqual(room.nicks, ["alice"]);
  });
});

describe("a bot in a room of a testbed", () => {
  it("knows who comes from who was there, through its restart, and whose role is another", async () => {
    const porter = defineBot({
      name: "porter",
      summary: "welcomes people",
      routes(on) {
        on.on("presence:joined", async (ctx) => {
          await ctx.send(ctx.occupant.room, `Welcome, ${ctx.occupant.nick}!`);
        });
        on.on("presence:changed", async (ctx) => {
          await ctx.send(ctx.occupant.room, `${ctx.occupant.nick} was ${ctx.before.affiliation}.`);
        });
      },
    });
    await using bed = await testbed(porter);
    const room = await bed.room("hall", { bots: [] });
    await bed.bob.joins(room);
    await sends(bed, message({ to: Jid.parse("porter@bots.localhost") }, buildDirectInvitation(hall)));
    assert.deepEqual(room.nicks, ["bob", "porter"]);
    await bed.bob.hearsNothing();
    await bed.alice.joins(room);
    assert.equal((await bed.bob.hears(/Welcome/)).body, "Welcome, alice!");
    await bed.alice.hears(/Welcome/);
    await room.affiliates(bed.alice, "admin");
    assert.equal((await bed.bob.hears(/was/)).body, "alice was none.");
    await bed.restart();
    await bed.clock.advance("1s");
    assert.deepEqual(room.nicks.toSorted(), ["alice", "bob", "porter"]);
    await bed.bob.hearsNothing();
    await bed.carol.joins(room);
    assert.equal((await bed.bob.hears(/Welcome/)).body, "Welcome, carol!");
  });

  it("stays out when it is kicked, and knows why", async () => {
    const { bot, seen } = steward();
    await using bed = await testbed(bot);
    const room = await bed.room("hall");
    await room.kicks("steward", { by: "alice", reason: "enough" });
    await bed.clock.advance("2h");
    assert.deepEqual(room.nicks, []);
    assert.deepEqual(seen, ["kicked alice enough"]);
  });

  it("comes back where the room has forgotten it", async () => {
    const { bot } = steward();
    await using bed = await testbed(bot);
    const room = await bed.room("hall");
    room.forgets();
    await bed.clock.advance("15m");
    assert.deepEqual(room.nicks, ["steward"]);
  });

  it("is told what keeps it out, and gets in once that is over where it may", async () => {
    const { bot, seen } = steward();
    await using bed = await testbed(bot);
    const room = await bed.room("hall", { bots: [], membersOnly: true });
    await sends(bed, message({ to: stewards }, buildDirectInvitation(hall)));
    assert.deepEqual(seen, ["join registration-required"]);
    await room.affiliates(stewards, "member");
    await sends(bed, message({ to: stewards }, buildDirectInvitation(hall)));
    assert.deepEqual(room.nicks, ["steward"]);
  });

  it("takes its nickname when whoever had it is gone", async () => {
    const { bot } = steward();
    await using bed = await testbed(bot);
    const room = await bed.room("hall", { bots: [] });
    await bed.alice.joins(room, "steward");
    await sends(bed, message({ to: stewards }, buildDirectInvitation(hall)));
    await bed.clock.advance("1s");
    assert.deepEqual(room.nicks, ["steward", "steward-2"]);
    await bed.alice.leaves(room);
    await bed.clock.advance("1s");
    assert.deepEqual(room.nicks, ["steward"]);
  });

  it("moderates as its affiliation lets it", async () => {
    const { bot, does } = steward();
    await using bed = await testbed(bot);
    const room = await bed.room("hall", { archives: true, moderated: true });
    const act = async (work: (room: Room) => Promise<unknown>): Promise<void> => {
      does(work);
      assert.equal((await bed.bob.says(`in ${hall}`)).body, "done");
    };
    await bed.alice.joins(room);
    await act(async (own) => {
      await assert.rejects(
        own.kick("alice"),
        (error) => error instanceof RoomError && error.condition === "not-allowed",
      );
      await assert.rejects(own.configure({ name: "mine" }), RoomError);
      await assert.rejects(own.affiliated("member"), RoomError);
    });
    await room.affiliates(stewards, "owner");
    const alice = hall.withResource("alice");
    await act(async (own) => {
      assert.deepEqual(own.occupants.map(({ nick, role, jid }) => [nick, role, jid?.local]).sort(), [
        ["alice", "visitor", "alice"],
        ["steward", "moderator", "steward"],
      ]);
      await own.grantVoice("alice");
    });
    await act(async (own) => {
      assert.equal(own.occupant("alice")?.role, "participant");
      assert.deepEqual(
        (await own.withRole("participant")).map(({ nick }) => nick),
        ["alice"],
      );
      await own.setSubject("What the butler saw");
      await own.affiliate(alice, "member", "a friend");
      assert.deepEqual(
        (await own.affiliated("member")).map(({ jid }) => String(jid)),
        ["alice@localhost"],
      );
      await own.configure({ name: "The hall", password: "cauldron", moderated: false });
      const { name, password, moderated, whois } = await own.configuration();
      assert.deepEqual([name, password, moderated, whois], ["The hall", "cauldron", false, "moderators"]);
      await assert.rejects(own.configure({ maxOccupants: 3 }), /has no muc#roomconfig_maxusers/);
    });
    await act(async (own) => assert.equal(own.subject, "What the butler saw"));
    const taken: string[] = [];
    bed.alice.listen((stanza) => {
      const retraction = stanza.kind === "message" ? readRetraction(stanza) : undefined;
      if (retraction !== undefined) taken.push(`${stanza.from} ${retraction.moderated} ${retraction.reason}`);
    });
    await bed.alice.in(room).says("buy now");
    assert.deepEqual(taken, [`${hall} true no advertisements`]);
    await act(async (own) => own.ban(alice, "spam"));
    assert.deepEqual(room.nicks, ["steward"]);
    await act(async (own) => own.unban("alice@localhost"));
    await act(async (own) => own.destroy({ reason: "draughty" }));
    assert.deepEqual(room.nicks, []);
  });

  it("lets visitors speak who ask for it, and hears what is configured anew", async () => {
    const { bot, does } = steward();
    await using bed = await testbed(bot);
    const room = await bed.room("hall", { moderated: true });
    await room.affiliates(stewards, "owner");
    await bed.alice.joins(room);
    const told: RoomStatus[] = [];
    bed.alice.listen((stanza) => {
      if (stanza.kind === "message" && stanza.from?.isBare) told.push(...readRoomStatuses(stanza));
    });
    await sends(bed, message({ to: hall }, buildVoiceRequest()));
    does(async (own) => {
      assert.equal(own.occupant("alice")?.role, "participant");
      await own.configure({ name: "The hall", whois: "anyone" });
      await own.configure({ name: "The hall" });
    });
    assert.equal((await bed.bob.says(`in ${hall}`)).body, "done");
    assert.deepEqual(told.sort(), ["configuration-changed", "now-non-anonymous"]);
  });

  it("makes a room of its own, and asks people in", async () => {
    const { bot, does, seen } = steward();
    await using bed = await testbed(bot);
    does(async ({ jid }, rooms) => {
      const made = await rooms.create(jid, "Steward", { name: "Attic", membersOnly: true });
      assert.equal((await made.configuration()).membersOnly, true);
      await made.invite("alice@localhost", { reason: "come up" });
      await assert.rejects(rooms.create(String(jid)), /could not create/);
    });
    const { alice } = bed;
    assert.equal((await bed.bob.says("in attic@rooms.localhost")).body, "done");
    const asked = await alice.hears(({ from }) => from?.local === "attic");
    assert.match(asked.body ?? "", /invited you to the room attic@rooms\.localhost \(come up\)/);
    await sends(bed, message({ to: asked.from }, buildDecline(stewards, "later")));
    assert.deepEqual(seen, ["alice@localhost/phone does not come"]);
  });
});
