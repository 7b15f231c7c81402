import { el } from "../../stanza/index.ts";
import type { Clock } from "../../store/index.ts";
import { NS_CORRECTION, NS_DISCO_INFO, readCorrection } from "../../xep/index.ts";
import type { Context } from "../context.ts";
import type { Sender } from "../sender.ts";

/** How long a client may take to say what it can, in milliseconds. */
const PATIENCE = 2_000;
/** For how long that is remembered, in milliseconds: another client may come by the same address. */
const MEMORY = 60 * 60_000;
/** Of how many clients. */
const MOST_CLIENTS = 1_000;

interface Known {
  readonly until: number;
  readonly shows: Promise<boolean>;
}

const known = new WeakMap<Sender, Map<string, Known>>();

/**
 * Whether the client that a stanza is from shows corrections as such (XEP-0308 §2). It is asked, as the others would show each as a
 * message of its own. What goes to a whole room is seen by clients that nobody knows.
 */
export async function showsCorrections(ctx: Context, clock: Clock): Promise<boolean> {
  const { stanza, from, bot } = ctx;
  if (stanza.kind !== "message" || stanza.type === "groupchat" || from.isBare) return false;
  if (readCorrection(stanza) !== undefined) return true;
  const clients = known.get(bot.sender) ?? new Map<string, Known>();
  known.set(bot.sender, clients);
  const name = from.toString();
  const before = clients.get(name);
  if (before !== undefined && before.until > ctx.now) return await before.shows;
  const [oldest] = clients.keys();
  if (clients.size >= MOST_CLIENTS && oldest !== undefined) clients.delete(oldest);
  const shows = asked(ctx, clock);
  clients.set(name, { until: ctx.now + MEMORY, shows });
  return await shows;
}

async function asked(ctx: Context, clock: Clock): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const stopTimer = clock.after(PATIENCE, () => late.resolve(false));
  const answer = ctx.iq(ctx.from, "get", el("query", { xmlns: NS_DISCO_INFO })).then(
    ({ payload }) =>
      payload?.childrenNamed("feature").some((feature) => feature.attr("var") === NS_CORRECTION) === true,
    () => false,
  );
  return await Promise.race([answer, late.promise]).finally(stopTimer);
}
