import {
  arg,
  type Context,
  defineBot,
  type I18nContext,
  i18n,
  message,
  personOf,
  type Reminder,
  type SessionContext,
  session,
  type Texts,
} from "restanza";
import { readReplyTo } from "restanza/xep";
import { z } from "zod";
import { catalogues, LOCALES } from "./texts.ts";
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
  I18nContext<Texts<typeof catalogues>> &
  SessionContext<{ zone: string }, "person"> &
  SessionContext<{ said: Said[] }, "place">;

const speech = i18n({ catalogues, fallback: "en" });

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
    const bot = routes
      .extend(speech)
      .extend(session({ name: "person", initial: () => ({ zone: config.zone }) }))
      .extend(
        session({
          name: "place",
          key: "conversation",
          ttl: SNOOZABLE,
          initial: () => ({ said: [] as Said[] }),
        }),
      );
    bot.command(speech.command);

    bot.command({
      name: "remind",
      aliases: ["r"],
      summary: {
        en: "reminds you, or the room, at a time",
        de: "erinnert dich, oder den Raum, zu einer Zeit",
      },
      args: z.object({ what: z.string().min(1).max(LONGEST_TEXT).describe("when, and of what") }),
      rest: "what",
      examples: ["remind 1h tea", "remind tomorrow 9:00 standup", "remind every weekday 9:00 standup"],
      run: async (ctx, { what }, { corrects }) => {
        const mine = (await ctx.person).zone;
        const wish = await readWish(what, { now: ctx.now, zone: mine, lang: ctx.language });
        if (wish === undefined) return ctx.t("when");
        if (wish.due <= ctx.now) return ctx.t("past");
        const before = await notesOf(ctx);
        // Anybody can give a message of theirs the id of somebody else's.
        const person = personOf(ctx);
        const replaced = before.find(
          ({ note }) => corrects !== undefined && note.asked === corrects && note.by === person,
        );
        if (replaced !== undefined) await ctx.reminders.cancel(replaced.id);
        const note: Note = {
          number: replaced?.note.number ?? 1 + highest(before),
          text: wish.text,
          by: person,
          nick: ctx.inRoom ? (ctx.from.resource ?? null) : null,
          asked: corrects ?? ctx.stanza.id ?? null,
          again: wish.again ?? null,
        };
        await ctx.schedule("due", new Date(wish.due), note);
        const { number, text } = note;
        const time = timeOf(wish.due, mine, ctx.language);
        return ctx.t(wish.again === undefined ? "noted" : "notedAgain", { number, time, text });
      },
    });

    bot.command({
      name: "list",
      aliases: ["reminders"],
      summary: { en: "lists what is still to come here", de: "zählt auf, was hier noch kommt" },
      run: async (ctx) => {
        const mine = (await ctx.person).zone;
        const lines = (await notesOf(ctx)).map(({ due, note: { number, text, again, nick } }) => {
          const once = ctx.t("line", { number, time: timeOf(due, mine, ctx.language), text });
          const line = again === null ? once : ctx.t("again", { line: once });
          return nick === null ? line : ctx.t("forSomebody", { line, nick });
        });
        return lines.join("\n") || ctx.t("nothing");
      },
    });

    bot.command({
      name: "cancel",
      aliases: ["forget"],
      summary: { en: "takes a reminder back", de: "nimmt eine Erinnerung zurück" },
      args: z.object({ number: z.int().min(1).describe("its number in the list") }),
      positional: ["number"],
      examples: ["cancel 1"],
      run: async (ctx, { number }) => {
        const found = (await notesOf(ctx)).find(({ note }) => note.number === number);
        if (found === undefined) return ctx.t("unknown", { number });
        if (found.note.by !== personOf(ctx) && !isModerator(ctx))
          return ctx.t("foreign", { number, nick: found.note.nick ?? ctx.t("somebody") });
        await ctx.reminders.cancel(found.id);
        return ctx.t("cancelled", { text: found.note.text });
      },
    });

    bot.command({
      name: "snooze",
      summary: {
        en: "says a reminder again later: the last one, or the one that you answer",
        de: "sagt eine Erinnerung später noch einmal: die letzte, oder die, auf die du antwortest",
      },
      args: z.object({ for: arg.duration().min(1_000).default(config.snooze).describe("for how long") }),
      positional: ["for"],
      examples: ["snooze", "snooze 1h"],
      run: async (ctx, args) => {
        const { said } = await ctx.place;
        const to = ctx.stanza.kind === "message" ? readReplyTo(ctx.stanza)?.id : undefined;
        const id = to ?? said.at(-1)?.id;
        return (await snooze(ctx, id, args.for)) ?? ctx.t("nothingToSnooze");
      },
    });

    bot.command({
      name: "timezone",
      aliases: ["tz"],
      summary: { en: "tells or sets your time zone", de: "sagt deine Zeitzone, oder stellt sie ein" },
      args: z.object({ zone: zone.optional().describe("its name, such as Europe/Berlin") }),
      positional: ["zone"],
      examples: ["timezone Europe/Berlin"],
      run: async (ctx, args) => {
        const person = await ctx.person;
        if (args.zone !== undefined) person.zone = args.zone;
        return ctx.t("zone", { zone: person.zone, time: timeOf(ctx.now, person.zone, ctx.language) });
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
        body: note.nick === null ? ctx.t("reminder", { text: note.text }) : `${note.nick}: ${note.text}`,
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
  const time = timeOf(due, (await ctx.person).zone, ctx.language);
  return ctx.t("snoozed", { time, text: found.note.text });
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

function timeOf(at: number, timeZone: string, language: string): string {
  const parts = {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  } as const;
  return new Intl.DateTimeFormat(LOCALES[language], { ...parts, timeZone }).format(at);
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
