import { HTTPException } from "hono/http-exception";
import { type Context, defineBot, i18n, session, verify } from "restanza";
import { el, Jid, type Message, message } from "restanza/stanza";
import { z } from "zod";
import { describe } from "./describe.ts";
import { catalogues } from "./texts.ts";
import {
  MOST_WATCHES,
  type Place,
  placesFor,
  REPOSITORY,
  setWatch,
  type Watches,
  watchedIn,
} from "./watches.ts";

const repository = z
  .string()
  .regex(REPOSITORY, "has to be a repository such as owner/name, or owner/* for all of an owner's");
const room = z
  .string()
  .refine((text) => Jid.isValid(text), "is no JID of a room, such as room@muc.example.org");

const config = z.strictObject({
  /** The secret of the web hook, or two while one replaces the other. Default: `GITHUB_WEBHOOK_SECRET`. */
  secret: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .optional()
    .prefault(() => process.env["GITHUB_WEBHOOK_SECRET"] || undefined),
  /** Rooms by repository: the bot joins them. */
  rooms: z.record(repository, z.array(room)).default({}),
});

const speech = i18n({ catalogues, fallback: "en" });

/** Tells rooms and people what happens in repositories on GitHub. */
export default defineBot({
  name: "github",
  summary: "tells what happens on GitHub",
  config,
  routes(bot, { secret, rooms }) {
    // One session for all, since no two changes of it may overlook each other.
    const watching = bot
      .extend(speech)
      .extend(session({ key: () => "all", initial: () => ({ watches: {} as Watches }) }));
    const about = {
      args: z.object({ repository }),
      descriptions: { repository: { en: "owner/name, or owner/*", de: "owner/name oder owner/*" } },
      positional: ["repository"],
      access: "admin",
    } as const;

    watching.command({
      ...about,
      name: "watch",
      summary: {
        en: "tells here from now on what happens in a repository",
        de: "erzählt hier ab jetzt, was in einem Repository geschieht",
      },
      examples: ["watch prosody/prosody"],
      run: async (ctx, { repository: name }) => {
        const { watches } = await ctx.session;
        if (Object.keys(watches).length >= MOST_WATCHES) return ctx.t("full", { most: MOST_WATCHES });
        const isNews = setWatch(watches, name, placeOf(ctx), true);
        ctx.storage.set("watches", watches);
        if (secret === undefined) return ctx.t("deaf", { name });
        return ctx.t(isNews ? "watched" : "already", { name });
      },
    });
    watching.command({
      ...about,
      name: "unwatch",
      summary: {
        en: "tells no more of a repository here",
        de: "erzählt hier nichts mehr von einem Repository",
      },
      run: async (ctx, { repository: name }) => {
        const { watches } = await ctx.session;
        const isNews = setWatch(watches, name, placeOf(ctx), false);
        ctx.storage.set("watches", watches);
        if (placesFor(name, configured(rooms)).some(({ jid }) => jid === placeOf(ctx).jid))
          return ctx.t("configured", { name });
        return ctx.t(isNews ? "ended" : "unwatched", { name });
      },
    });
    watching.command({
      name: "list",
      summary: {
        en: "tells which repositories I tell of here",
        de: "sagt, von welchen Repositorys ich hier erzähle",
      },
      run: async (ctx) => {
        const names = watchedIn(placeOf(ctx).jid, configured(rooms), (await ctx.session).watches);
        return names.length === 0 ? ctx.t("nothing") : ctx.t("list", { names: names.join(", ") });
      },
    });
    watching.command(speech.command);
  },
  async start({ rooms, config: { rooms: wanted } }) {
    for (const text of new Set(Object.values(wanted).flat())) {
      const jid = Jid.parse(text);
      await rooms.join(jid.bare, jid.resource);
    }
  },
  web(app, { config: { secret, rooms }, storage }) {
    if (secret === undefined) return;
    app.post("/", verify.github(secret), async (c) => {
      const told = read(c.req.header("x-github-event") ?? "", await c.req.text());
      if (told === undefined) return c.body(null, 204);
      const watches = (await storage.get<Watches>("watches")) ?? {};
      for (const place of placesFor(told.repository, configured(rooms), watches))
        await c.var.send(place.jid, said(told.text, place));
      return c.body(null, 204);
    });
  },
});

function read(event: string, body: string): ReturnType<typeof describe> {
  try {
    return describe(event, JSON.parse(body));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new HTTPException(415, {
        message: "No JSON: give the web hook the content type application/json",
      });
    if (error instanceof z.ZodError)
      throw new HTTPException(400, {
        message: `No event that I know as ${event}: ${z.prettifyError(error)}`,
      });
    throw error;
  }
}

/** Words of strangers are in it, so none of it is styled (XEP-0393 §6). */
function said(body: string, { isRoom }: Place): Message {
  const unstyled = el("unstyled", { xmlns: "urn:xmpp:styling:0" });
  return message({ type: isRoom ? "groupchat" : "chat", body }, unstyled);
}

function placeOf({ from, inRoom }: Context): Place {
  return { jid: from.bare.toString(), isRoom: inRoom };
}

function configured(rooms: Readonly<Record<string, readonly string[]>>): Watches {
  return Object.fromEntries(
    Object.entries(rooms).map(([name, jids]) => [
      name.toLowerCase(),
      jids.map((jid) => ({ jid: Jid.parse(jid).bare.toString(), isRoom: true })),
    ]),
  );
}
