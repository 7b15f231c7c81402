import {
  arg,
  type Context,
  defineBot,
  type I18nContext,
  i18n,
  message,
  personOf,
  type SessionContext,
  session,
  type Texts,
  type Timed,
  writeDuration,
} from "restanza";
import { buildCorrection, readReplyTo } from "restanza/xep";
import { z } from "zod";
import {
  MOST_OPTIONS,
  optionOf,
  type Poll,
  plain,
  react,
  resultOf,
  type Say,
  show,
  unvote,
  vote,
} from "./tally.ts";
import { catalogues, words } from "./texts.ts";

interface Place {
  last: number;
  polls: Poll[];
}

type Polling = Context & I18nContext<Texts<typeof catalogues>> & SessionContext<Place, "place">;

const speech = i18n({ catalogues, fallback: "en" });

/** How many polls can be open in one place, and how many people can vote in one. */
const MOST_POLLS = 10;
const MOST_VOTERS = 2_000;

/** How often the message of a poll is corrected at most, in milliseconds. */
const PACE = 2_000;

const poll = z.int().min(1).optional();

/** Has people vote, in a room or a chat. */
export default defineBot({
  name: "poll",
  summary: "lets people vote",
  routes(routes) {
    // A room and the private messages of its occupants are one place.
    const bot = routes.extend(speech).extend(
      session({
        name: "place",
        key: "room",
        maxBytes: 4 * 1024 * 1024,
        initial: (): Place => ({ last: 0, polls: [] }),
      }),
    );

    bot.command(speech.command);

    bot.command({
      name: "poll",
      summary: words.poll,
      args: z.object({
        question: z.string().min(1).max(300),
        options: z.array(z.string().min(1).max(100)).min(2).max(MOST_OPTIONS),
        multi: z.boolean().default(false),
        for: arg.duration().min(10_000).optional(),
      }),
      descriptions: {
        question: words.question,
        options: words.options,
        multi: words.multi,
        for: words.for,
      },
      positional: ["question", "options"],
      rest: "options",
      examples: ['poll "Lunch?" pizza salad soup', 'poll "Which days?" mon tue wed --multi --for 1h'],
      run: async (ctx, { question, options, multi, for: length }, { corrects }) => {
        const place = await ctx.place;
        const repeated = options.find(
          (option, at) => options.findIndex((o) => plain(o) === plain(option)) < at,
        );
        if (repeated !== undefined) return ctx.t("twice", { option: repeated });
        // Anybody can give a message of theirs the id of somebody else's.
        const person = personOf(ctx);
        const before = place.polls.find(
          ({ asked, by }) => corrects !== undefined && asked === corrects && by === person,
        );
        if (before !== undefined && Object.keys(before.votes).length > 0)
          return `${show(before, "open", sayingOf(before))}\n${ctx.t("voted")}`;
        if (before === undefined && place.polls.length >= MOST_POLLS)
          return ctx.t("mostPolls", { most: String(MOST_POLLS) });
        place.last += 1;
        const made: Poll = {
          number: place.last,
          // An edited question takes the place of the message of the first.
          id: before?.id ?? `poll-${place.last}-${ctx.now.toString(36)}`,
          question,
          options,
          multi,
          length: length === undefined ? null : writeDuration(length),
          by: person,
          language: ctx.language,
          asked: corrects ?? ctx.stanza.id ?? null,
          votes: {},
          shown: ctx.now,
          stale: false,
        };
        place.polls = [...place.polls.filter((each) => each !== before), made];
        if (length !== undefined) await ctx.schedule("close", length, made.number);
        return message({
          id: before === undefined ? made.id : undefined,
          body: show(made, "open", sayingOf(made)),
        });
      },
    });

    bot.command({
      name: "vote",
      summary: words.vote,
      args: z.object({
        choice: z.array(z.string()).min(1),
        poll,
      }),
      descriptions: { choice: words.choice, poll: words.number },
      positional: ["choice"],
      rest: "choice",
      examples: ["vote 2", "vote pizza", "vote none"],
      run: async (ctx, { choice, poll: number }) => {
        const found = await find(ctx, number);
        if (found === undefined) return ctx.t("noPoll");
        const whole = optionOf(found, choice.join(" "));
        const chosen = whole === undefined ? choice.map((each) => optionOf(found, each)) : [whole];
        if (chosen.includes(undefined) && plain(choice.join(" ")) === "none") {
          if (!unvote(found, personOf(ctx))) return ctx.t("notVoted");
          await refresh(ctx, found);
          return ctx.t("unvoted");
        }
        const choices = [...new Set(chosen)].filter((index) => index !== undefined);
        if (chosen.includes(undefined)) return ctx.t("choose", { options: found.options.join(", ") });
        if (choices.length > 1 && !found.multi) return ctx.t("chooseOne");
        return await take(ctx, found, choices);
      },
    });

    bot.command({
      name: "close",
      summary: words.close,
      args: z.object({ poll }),
      descriptions: { poll: words.number },
      positional: ["poll"],
      run: async (ctx, { poll: number }) => {
        const found = await find(ctx, number);
        if (found === undefined) return ctx.t("noPoll");
        if (found.by !== personOf(ctx) && !isModerator(ctx))
          return ctx.t("foreign", { number: found.number });
        const result = await close(ctx, found);
        const isPrivate = ctx.inRoom && ctx.stanza.type !== "groupchat";
        if (isPrivate) await ctx.send(ctx.from.bare, message({ type: "groupchat", body: result }));
        return isPrivate ? ctx.t("closed") : result;
      },
    });

    bot.command({
      name: "polls",
      summary: words.polls,
      run: async (ctx) => {
        const { polls } = await ctx.place;
        return polls.map((each) => show(each, "open", sayingOf(each))).join("\n\n") || ctx.t("noPoll");
      },
    });

    bot.on("message:reaction", async (ctx, next) => {
      const { polls } = await ctx.place;
      const found = polls.find(({ id }) => id === ownId(ctx, ctx.reaction.to));
      if (found === undefined) return await next();
      if (mayVote(found, personOf(ctx)) && react(found, personOf(ctx), ctx.reaction.emojis))
        await refresh(ctx, found);
    });

    // A number or an option alone, said by itself or as an answer to the poll.
    bot.on("message:body", async (ctx, next) => {
      if (ctx.body.length > 200) return await next();
      const { polls } = await ctx.place;
      const replyTo = ownId(ctx, readReplyTo(ctx.stanza)?.id);
      const found = polls.find(({ id }) => id === replyTo) ?? polls.at(-1);
      const choice = found && optionOf(found, ctx.body);
      if (found === undefined || choice === undefined) return await next();
      const before = found.multi ? (found.votes[personOf(ctx)]?.choices ?? []) : [];
      const said = await take(ctx, found, [...new Set([...before, choice])]);
      // In a room the message of the poll tells it.
      return ctx.stanza.type === "groupchat" ? undefined : said;
    });

    bot.timer<number>("close", async (ctx) => {
      const found = await find(ctx, ctx.timer.data);
      return found && (await close(ctx, found));
    });

    bot.timer<number>("show", async (ctx: Timed<Polling, number>) => {
      const found = await find(ctx, ctx.timer.data);
      if (found?.stale === true) await correct(ctx, found, "open");
    });
  },
});

/** Speaks as who has asked: everybody reads the same message. */
function sayingOf({ language }: Poll): Say {
  return speech.in(language);
}

async function find(ctx: Polling, number?: number): Promise<Poll | undefined> {
  const { polls } = await ctx.place;
  return number === undefined ? polls.at(-1) : polls.find((each) => each.number === number);
}

async function take(ctx: Polling, found: Poll, choices: readonly number[]): Promise<string> {
  if (!mayVote(found, personOf(ctx))) return ctx.t("mostVoters");
  if (vote(found, personOf(ctx), { choices, reacted: false })) await refresh(ctx, found);
  return ctx.t("chosen", { options: choices.map((index) => found.options[index]).join(", ") });
}

/** Has the message of a poll tell how it stands: at once, or a little later where it has been corrected just now. */
async function refresh(ctx: Polling, found: Poll): Promise<void> {
  if (found.stale) return;
  if (ctx.now - found.shown >= PACE) return await correct(ctx, found, "open");
  found.stale = true;
  await ctx.schedule("show", PACE, found.number);
}

async function close(ctx: Polling, found: Poll): Promise<string> {
  const place = await ctx.place;
  place.polls = place.polls.filter((each) => each !== found);
  await correct(ctx, found, "closed");
  return resultOf(found, sayingOf(found));
}

async function correct(ctx: Polling, found: Poll, state: "open" | "closed"): Promise<void> {
  found.shown = ctx.now;
  found.stale = false;
  const type = ctx.inRoom ? "groupchat" : "chat";
  await ctx.send(
    ctx.from.bare,
    message({ type, body: show(found, state, sayingOf(found)) }, buildCorrection(found.id)),
  );
}

function mayVote({ votes }: Poll, person: string): boolean {
  return Object.hasOwn(votes, person) || Object.keys(votes).length < MOST_VOTERS;
}

/** In a room, what the bot has said has another id for all others. */
function ownId(ctx: Context, id: string | undefined): string | undefined {
  return id === undefined ? undefined : (ctx.bot.rooms.ownId(ctx.from, id) ?? id);
}

function isModerator(ctx: Context): boolean {
  return ctx.bot.occupants?.get(ctx.from)?.role === "moderator";
}
