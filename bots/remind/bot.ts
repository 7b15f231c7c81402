import {
  arg,
  type Context,
  defineBot,
  message,
  personOf,
  type Reminder,
  type SessionContext,
  session,
} from "restanza";
import { readReplyTo } from "restanza/xep";
import { z } from "zod";
import { type Again, nextOf, readWish } from "./when.ts";

/** What is kept of a reminder. */
type Note = {
  /** By which people know it: one that comes again keeps its number. */
  readonly number: number;
  readonly text: string;
  /** Who asked for it: in a room the occupant, by the room's own id where it gives one. */
  readonly by: string;
  readonly nick: string | null;
  /** The id of the message that asked for it. */
  readonly asked: string | null;
  readonly again: Again | null;
};

/** A reminder that was said, and can be snoozed. */
interface Said {
  readonly id: string;
  readonly note: Note;
}

type Remembering = Context &
  SessionContext<{ zone: string }, "person"> &
  SessionContext<{ said: Said[] }, "place">;

const SNOOZING: ReadonlySet<string> = new Set(["💤", "😴", "🥱", "⏰", "⏳"]);

/** How many of the reminders said last can be snoozed in one conversation, and for how long, in milliseconds. */
const MOST_SAID = 20;
const SNOOZABLE = 24 * 60 * 60_000;

const LONGEST_TEXT = 1_000;

const zone = z.string().refine(isZone, "has to be a time zone, such as Europe/Berlin");

/** Reminds people and rooms of what they asked to be reminded of. */
export default defineBot({
  name: "remind",
  summary: "reminds you of things",
  config: z.object({
    /** The time zone of who has not said theirs, by the IANA's name. */
    zone: zone.default(new Intl.DateTimeFormat().resolvedOptions().timeZone),
    /** For how long a reaction snoozes, in milliseconds. */
    snooze: z.number().int().min(1_000).default(600_000),
  }),
  routes(routes, config) {
    const bot = routes.extend(session({ name: "person", initial: () => ({ zone: config.zone }) })).extend(
      session({
        name: "place",
        key: "conversation",
        ttl: SNOOZABLE,
        initial: () => ({ said: [] as Said[] }),
      }),
    );

    bot.command({
      name: "remind",
      aliases: ["r"],
      summary: "reminds you, or the room, at a time",
      args: z.object({ what: z.string().min(1).max(LONGEST_TEXT).describe("when, and of what") }),
      rest: "what",
      examples: ["remind 1h tea", "remind tomorrow 9:00 standup", "remind every weekday 9:00 standup"],
      run: async (ctx, { what }, { corrects }) => {
        const mine = (await ctx.person).zone;
        const wish = await readWish(what, { now: ctx.now, zone: mine, lang: ctx.stanza.lang });
        if (wish === undefined)
          return "When, and of what? Such as: remind 1h tea, remind tomorrow 9:00 standup, or remind every weekday 9:00 standup.";
        if (wish.due <= ctx.now) return "That time has passed.";
        const before = await notesOf(ctx);
        const replaced = before.find(({ note }) => corrects !== undefined && note.asked === corrects);
        if (replaced !== undefined) await ctx.reminders.cancel(replaced.id);
        const note: Note = {
          number: replaced?.note.number ?? 1 + highest(before),
          text: wish.text,
          by: personOf(ctx),
          nick: ctx.inRoom ? (ctx.from.resource ?? null) : null,
          asked: corrects ?? ctx.stanza.id ?? null,
          again: wish.again ?? null,
        };
        await ctx.schedule("due", new Date(wish.due), note);
        const first = wish.again === undefined ? "" : ", and again after that";
        return `Number ${note.number}, ${timeOf(wish.due, mine)}${first}: ${note.text}`;
      },
    });

    bot.command({
      name: "list",
      aliases: ["reminders"],
      summary: "lists what is still to come here",
      run: async (ctx) => {
        const mine = (await ctx.person).zone;
        const lines = (await notesOf(ctx)).map(
          ({ due, note }) =>
            `${note.number}. ${timeOf(due, mine)}: ${note.text}${note.again === null ? "" : " (comes again)"}${
              note.nick === null ? "" : `, for ${note.nick}`
            }`,
        );
        return lines.join("\n") || "There is nothing to remind you of.";
      },
    });

    bot.command({
      name: "cancel",
      aliases: ["forget"],
      summary: "takes a reminder back",
      args: z.object({ number: z.int().min(1).describe("its number in the list") }),
      positional: ["number"],
      examples: ["cancel 1"],
      run: async (ctx, { number }) => {
        const found = (await notesOf(ctx)).find(({ note }) => note.number === number);
        if (found === undefined) return `There is no number ${number} here; list tells which there are.`;
        if (found.note.by !== personOf(ctx) && !isModerator(ctx))
          return `Number ${number} is ${found.note.nick ?? "somebody"}'s: they or a moderator can cancel it.`;
        await ctx.reminders.cancel(found.id);
        return `Cancelled: ${found.note.text}`;
      },
    });

    bot.command({
      name: "snooze",
      summary: "says a reminder again later: the last one, or the one that you answer",
      args: z.object({ for: arg.duration().min(1_000).default(config.snooze).describe("for how long") }),
      positional: ["for"],
      examples: ["snooze", "snooze 1h"],
      run: async (ctx, args) => {
        const { said } = await ctx.place;
        const to = ctx.stanza.kind === "message" ? readReplyTo(ctx.stanza)?.id : undefined;
        const id = to ?? said.at(-1)?.id;
        return (await snooze(ctx, id, args.for)) ?? "There is nothing to snooze.";
      },
    });

    bot.command({
      name: "timezone",
      aliases: ["tz"],
      summary: "tells or sets your time zone",
      args: z.object({ zone: zone.optional().describe("its name, such as Europe/Berlin") }),
      positional: ["zone"],
      examples: ["timezone Europe/Berlin"],
      run: async (ctx, args) => {
        const person = await ctx.person;
        if (args.zone !== undefined) person.zone = args.zone;
        return `Your time zone is ${person.zone}, where it is ${timeOf(ctx.now, person.zone)}.`;
      },
    });

    bot.on("message:reaction", async (ctx, next) => {
      const { to, emojis } = ctx.reaction;
      if (!emojis.some((emoji) => SNOOZING.has(emoji))) return await next();
      return (await snooze(ctx, to, config.snooze)) ?? (await next());
    });

    bot.timer<Note>("due", async (ctx) => {
      const { id: number, due, data: note } = ctx.timer;
      const next = note.again && nextOf(note.again, Math.max(due, ctx.now));
      if (next) await ctx.schedule("due", new Date(next), note);
      // The same in every run of this handler, so that what was said can be found by it.
      const id = `reminder-${number}-${due}`;
      const place = await ctx.place;
      place.said = [...place.said, { id, note: { ...note, again: null } }].slice(-MOST_SAID);
      return message({
        id,
        body: note.nick === null ? `Reminder: ${note.text}` : `${note.nick}: ${note.text}`,
      });
    });
  },
});

/** Has something that was said come again later; `undefined` where it cannot be snoozed. */
async function snooze(ctx: Remembering, id: string | undefined, length: number): Promise<string | undefined> {
  const place = await ctx.place;
  // In a room, what the bot has said has another id for all others.
  const own = id === undefined ? undefined : (ctx.bot.rooms.ownId(ctx.from, id) ?? id);
  const found = place.said.find((each) => each.id === own);
  if (found === undefined) return undefined;
  place.said = place.said.filter((each) => each !== found);
  const number = 1 + highest(await notesOf(ctx));
  const { due } = await ctx.schedule("due", length, { ...found.note, number });
  return `Snoozed until ${timeOf(due, (await ctx.person).zone)}: ${found.note.text}`;
}

function highest(notes: Awaited<ReturnType<typeof notesOf>>): number {
  return Math.max(0, ...notes.map(({ note }) => note.number));
}

/** What is still to come where a message was said. */
async function notesOf(ctx: Context): Promise<readonly (Reminder & { readonly note: Note })[]> {
  return (await ctx.reminders.list()).map((each) => ({ ...each, note: each.data as unknown as Note }));
}

function isModerator(ctx: Context): boolean {
  return ctx.bot.occupants?.get(ctx.from)?.role === "moderator";
}

function timeOf(at: number, timeZone: string): string {
  const parts = {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  } as const;
  return new Intl.DateTimeFormat("en-GB", { ...parts, timeZone }).format(at);
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
