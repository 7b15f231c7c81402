import { HTTPException } from "hono/http-exception";
import { type Context, defineBot, session, verify } from "restanza";
import { el, Jid, type Message, message } from "restanza/stanza";
import { z } from "zod";
import { describe } from "./describe.ts";
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

/** Tells rooms and people what happens in repositories on GitHub. */
export default defineBot({
  name: "github",
  summary: "tells what happens on GitHub",
  config,
  routes(bot, { secret, rooms }) {
    // One session for all, since no two changes of it may overlook each other.
    const watching = bot.extend(session({ key: () => "all", initial: () => ({ watches: {} as Watches }) }));
    const args = z.object({ repository: repository.describe("owner/name, or owner/*") });

    watching.command({
      name: "watch",
      summary: "tells here from now on what happens in a repository",
      args,
      positional: ["repository"],
      examples: ["watch prosody/prosody"],
      access: "admin",
      run: async (ctx, { repository: name }) => {
        const { watches } = await ctx.session;
        if (Object.keys(watches).length >= MOST_WATCHES)
          return `I watch ${MOST_WATCHES} repositories already, which is all I can.`;
        const isNews = setWatch(watches, name, placeOf(ctx), true);
        ctx.storage.set("watches", watches);
        if (secret === undefined)
          return `I shall tell of ${name} here, but GitHub cannot call me yet: whoever runs me has to set GITHUB_WEBHOOK_SECRET.`;
        return isNews ? `I shall tell here what happens in ${name}.` : `I tell of ${name} here already.`;
      },
    });
    watching.command({
      name: "unwatch",
      summary: "tells no more of a repository here",
      args,
      positional: ["repository"],
      access: "admin",
      run: async (ctx, { repository: name }) => {
        const { watches } = await ctx.session;
        const isNews = setWatch(watches, name, placeOf(ctx), false);
        ctx.storage.set("watches", watches);
        if (placesFor(name, configured(rooms)).some(({ jid }) => jid === placeOf(ctx).jid))
          return `That I tell of ${name} here is in my configuration, where only whoever runs me can change it.`;
        return isNews ? `No more of ${name} here.` : `I do not tell of ${name} here.`;
      },
    });
    watching.command({
      name: "list",
      summary: "tells which repositories I tell of here",
      run: async (ctx) => {
        const names = watchedIn(placeOf(ctx).jid, configured(rooms), (await ctx.session).watches);
        return names.length === 0 ? "I tell of no repository here." : `I tell here of ${names.join(", ")}.`;
      },
    });
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
