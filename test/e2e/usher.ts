import { type Bot, defineBot, type Room } from "../../src/bot/index.ts";
import { Jid } from "../../src/stanza/index.ts";
import { readStanzaId } from "../../src/xep/index.ts";
import { DOMAINS } from "./world.ts";

const attic = Jid.parse(`attic@${DOMAINS.rooms}`);
const slixie = Jid.parse(`alice@${DOMAINS.people}`);

/** What the usher was told of itself in rooms. */
export const usherSaw: string[] = [];

/** Follows invitations of people, and does in a room of its own what it is told. */
const usher = defineBot({
  name: "usher",
  summary: "shows people to their rooms",
  rooms: { invitations: { allow: [DOMAINS.people, DOMAINS.rooms] } },
  routes(bot) {
    const orders: Readonly<Record<string, (room: Room) => Promise<void>>> = {
      voice: (room) => room.grantVoice("Slixie"),
      mute: (room) => room.revokeVoice("Slixie", "hush"),
      member: (room) => room.affiliate(slixie, "member"),
      subject: (room) => room.setSubject("What the butler saw"),
      kick: (room) => room.kick("Slixie", "and out"),
      ban: (room) => room.ban(attic.withResource("Slixie")),
      destroy: (room) => room.destroy({ venue: Jid.parse(`salon@${DOMAINS.rooms}`), reason: "draughty" }),
    };
    bot.on("message:direct").hears("make", async (ctx) => {
      await ctx.bot.rooms.create(attic, "Usher", {
        name: "The attic",
        moderated: true,
        whois: "anyone",
      });
      return "made";
    });
    bot.on("message:direct").hears("pardon", async (ctx) => {
      const room = ctx.bot.rooms.room(attic);
      const outcasts = await room.affiliated("outcast");
      for (const { jid } of outcasts) if (jid !== undefined) await room.unban(jid);
      return outcasts.length === 1 ? "pardoned" : `there were ${outcasts.length}`;
    });
    for (const [order, run] of Object.entries(orders))
      bot.on("message:direct").hears(order, async (ctx) => {
        await run(ctx.bot.rooms.room(attic));
      });
    bot.on("message:groupchat").hears("buy now", async (ctx) => {
      const id = readStanzaId(ctx.stanza, ctx.from.bare);
      if (id !== undefined) await ctx.bot.rooms.room(ctx.from).moderate(id, "no advertisements");
    });
    bot.on("message:private").hears("psst", () => "I hear you");
    bot.on("presence:out", (ctx) => {
      const { room, departure, reason, venue } = ctx.occupant;
      usherSaw.push([room.local, departure, reason, venue?.local].filter(Boolean).join(" "));
    });
  },
});

/** Comes into no room. */
const hermit = defineBot({
  name: "hermit",
  summary: "stays at home",
  rooms: { invitations: "refuse" },
  routes: () => undefined,
});

/** For the tests of rooms. */
export const roomBots: readonly Bot[] = [usher, hermit] as readonly Bot[];
