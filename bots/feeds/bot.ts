import { createHash } from "node:crypto";
import { type Context, defineBot, type I18nContext, i18n, mayRun, session, type Texts } from "restanza";
import { z } from "zod";
import { type Known, Library } from "./library.ts";
import type { Item } from "./parse-feed.ts";
import { catalogues } from "./texts.ts";

type Spoken = Context & I18nContext<Texts<typeof catalogues>>;

const speech = i18n({ catalogues, fallback: "en" });

/** A feed as one subscriber knows it. */
interface Subscription {
  readonly url: string;
  readonly title: string;
  /** The fingerprints of what was there already, the latest first. */
  seen: string[];
  /** Whether the subscriber was told that it cannot be read. */
  told: boolean;
}

const MOST_SEEN = 500;
/** How many new items of one feed are told one by one at a time. */
const MOST_NEWS = 5;
/** After how many failures in a row people are told. */
const FAILURES = 3;

const url = z.string().max(500);

/** Tells people and rooms what is new in RSS and Atom feeds. */
export default defineBot({
  name: "feeds",
  summary: "tells what is new in feeds",
  config: z.object({
    /** How often each feed is looked at, in milliseconds. */
    interval: z
      .number()
      .int()
      .min(60_000)
      .default(15 * 60_000),
    /** How many feeds a person or a room can subscribe to. */
    most: z.number().int().min(1).max(50).default(20),
    /** Hosts, by the name or address in the URL, that may be reached although they are in a private network. */
    privateHosts: z.array(z.string()).default([]),
  }),
  routes(routes, { interval, most, privateHosts }) {
    const library = new Library(interval, privateHosts);
    const bot = routes.extend(speech).extend(
      session({
        name: "place",
        key: "conversation",
        maxBytes: 1024 * 1024,
        initial: () => ({ feeds: [] as Subscription[] }),
      }),
    );

    bot.command({
      name: "subscribe",
      aliases: ["sub"],
      summary: {
        en: "tells here from now on what is new in a feed; in a room for its moderators",
        de: "sagt hier ab jetzt, was es in einem Feed Neues gibt; in einem Raum für Moderatoren",
      },
      args: z.object({ url }),
      descriptions: {
        url: { en: "the address of an RSS or Atom feed", de: "die Adresse eines RSS- oder Atom-Feeds" },
      },
      positional: ["url"],
      examples: ["subscribe https://example.org/feed.xml"],
      run: async (ctx, args) => {
        const refusal = await refused(ctx, "subscribe");
        if (refusal !== undefined) return refusal;
        const place = await ctx.place;
        if (place.feeds.some((each) => each.url === args.url)) return ctx.t("already");
        if (place.feeds.length >= most) return ctx.t("full", { most });
        const { feed, problem } = await library.read(args.url, ctx);
        if (problem !== null || feed === null)
          return ctx.t("unreadable", { problem: problem ?? "it is empty" });
        const seen = feed.items.map(fingerprint);
        place.feeds.push({ url: args.url, title: feed.title, seen, told: false });
        await keepLooking(ctx);
        const [latest] = feed.items;
        const lines = latest === undefined ? [] : [ctx.t("latest", { item: lineOf(latest) })];
        return [ctx.t("subscribed", { title: feed.title }), ...lines].join("\n");
      },
    });

    bot.command({
      name: "unsubscribe",
      aliases: ["unsub"],
      summary: {
        en: "ends it, by the number in the list or the address",
        de: "beendet das, mit der Nummer in der Liste oder der Adresse",
      },
      args: z.object({ feed: z.string() }),
      descriptions: { feed: { en: "its number or address", de: "seine Nummer oder Adresse" } },
      positional: ["feed"],
      examples: ["unsubscribe 1"],
      run: async (ctx, { feed }) => {
        const refusal = await refused(ctx, "unsubscribe");
        if (refusal !== undefined) return refusal;
        const place = await ctx.place;
        const found = place.feeds.find((each, index) => each.url === feed || String(index + 1) === feed);
        if (found === undefined) return ctx.t("unknown");
        place.feeds = place.feeds.filter((each) => each !== found);
        return ctx.t("ended", { title: found.title });
      },
    });

    bot.command({
      name: "list",
      aliases: ["feeds"],
      summary: { en: "lists what is subscribed to here", de: "zählt auf, was hier abonniert ist" },
      run: async (ctx) => {
        const { feeds } = await ctx.place;
        // Where looking has failed so often that it was put aside, it begins again.
        if (feeds.length > 0) await keepLooking(ctx);
        return (
          feeds.map(({ title, url }, index) => `${index + 1}. ${title} ${url}`).join("\n") || ctx.t("nothing")
        );
      },
    });

    bot.command(speech.command);

    bot.timer("look", async (ctx) => {
      const { feeds } = await ctx.place;
      if (feeds.length === 0) return;
      // Whatever goes wrong now, there is a next time.
      await keepLooking(ctx);
      const read = await Promise.all(
        feeds.map(async (each) => [each, await library.read(each.url, ctx)] as const),
      );
      for (const [subscription, known] of read) {
        for (const words of told(ctx, subscription, known)) await ctx.reply(words);
      }
    });

    async function keepLooking(ctx: Context): Promise<void> {
      const waiting = await ctx.reminders.list();
      if (!waiting.some(({ name }) => name === "look")) await ctx.schedule("look", interval);
    }
  },
});

/** Why somebody may not change what is subscribed to. */
async function refused(ctx: Spoken, name: string): Promise<string | undefined> {
  if (!ctx.inRoom) return undefined;
  if (ctx.stanza.type !== "groupchat") return ctx.t("inPrivate");
  const { allowed } = await mayRun(ctx, { name, access: "room-moderator" });
  return allowed ? undefined : ctx.t("forModerators");
}

/** What a subscriber is told, and remembers to have been told. */
function* told(
  { t }: Spoken,
  subscription: Subscription,
  { feed, problem, failures }: Known,
): Generator<string> {
  if (problem !== null) {
    if (failures < FAILURES || subscription.told) return;
    subscription.told = true;
    yield t("failing", { title: subscription.title, problem });
    return;
  }
  subscription.told = false;
  const items = new Map(feed?.items.map((item) => [fingerprint(item), item]));
  const before = new Set(subscription.seen);
  const news = [...items].filter(([id]) => !before.has(id)).map(([, item]) => item);
  subscription.seen = [...new Set([...items.keys(), ...before])].slice(0, MOST_SEEN);
  if (news.length === 0) return;
  const more = news.length > MOST_NEWS ? [t("more", { count: news.length - MOST_NEWS })] : [];
  yield [`${subscription.title}:`, ...news.slice(0, MOST_NEWS).map(lineOf), ...more].join("\n");
}

function lineOf({ title, link }: Item): string {
  return link === null ? `• ${title}` : `• ${title} ${link}`;
}

/** A few letters that stand for an item, however long its own id is. */
function fingerprint({ id }: Item): string {
  return createHash("sha256").update(id).digest("base64url").slice(0, 16);
}
