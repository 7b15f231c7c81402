import { type Message, message } from "../../stanza/index.ts";
import type { Clock } from "../../store/index.ts";
import type { Answering } from "../answering.ts";
import type { Context } from "../context.ts";
import { textsOf } from "../i18n/framework.ts";
import { languageOf } from "../i18n/language.ts";
import { replacing } from "../messages/replacing.ts";
import { buildReply, ReplyError } from "../reply.ts";
import { showsCorrections } from "./corrections.ts";
import { GrowingMessage } from "./growing-message.ts";
import { splitText } from "./split.ts";

/** How to say a text that is still being made. */
export interface StreamOptions {
  /**
   * Whether it is shown as it grows, by corrections of its first words (XEP-0308). `auto` (the default): where the person's client says that it
   * shows them, and never to a whole room, since others would show each as a message of its own. `always`, `never`: whatever it says.
   */
  readonly corrections?: "auto" | "always" | "never";
  /** How long to wait between two corrections, in milliseconds; default 1,500, at least 250. */
  readonly interval?: number;
}

/** What became of a streamed text. */
export interface Streamed {
  /** All that came, without what was said besides. */
  readonly text: string;
  /** Why it has broken off; `undefined` where it came to its end. The person has been told. */
  readonly error?: unknown;
}

/** A timer that is set for longer than that goes off at once. */
const LONGEST_INTERVAL = 2 ** 31 - 1;

/** Where a text is cut off that has no end, in UTF-16 units. */
const LONGEST_STREAM = 65_536;

/** @internal What {@link Context.stream} does. */
export async function stream(
  ctx: Context,
  answering: Pick<Answering, "draft" | "signal">,
  clock: Clock,
  text: AsyncIterable<string>,
  { corrections = "auto", interval = 1_500 }: StreamOptions = {},
): Promise<Streamed> {
  if (!(interval >= 250 && interval <= LONGEST_INTERVAL))
    throw new RangeError(
      `the interval is ${interval}; give 250 milliseconds to 24 days, as each is a message, and no timer can wait longer`,
    );
  const { stanza } = ctx;
  if (stanza.kind !== "message")
    throw new ReplyError("only a message is answered by a text that grows; answer this with a whole stanza");
  const draft = answering.draft();
  const replaces = replacing.get(ctx)?.take(draft.id);
  const shows = corrections === "auto" ? showsCorrections(ctx) : Promise.resolve(corrections === "always");
  const growing = new GrowingMessage({
    draft,
    replaces,
    make: (body, ...content) => buildReply(stanza, message({ body }, ...content)) as Message,
    shows,
    interval,
    clock,
    signal: answering.signal,
  });
  const { text: whole, error } = await read(text, growing, answering.signal);
  if (answering.signal.aborted) throw answering.signal.reason;
  if (whole.trim() === "") {
    if (error !== undefined) throw error;
    return { text: whole };
  }
  let said = whole;
  if (error !== undefined) {
    ctx.log.error({ err: error }, "a text that was streamed has broken off");
    said = `${whole.trimEnd()} …\n\n${textsOf(ctx.bot).say("brokenOff", await languageOf(ctx))}`;
  }
  const [first = "", ...more] = splitText(said);
  await growing.end(first);
  if (more.length > 0) await ctx.reply(more.join("\n\n"));
  return error === undefined ? { text: whole } : { text: whole, error };
}

/** Reads a text to its end, or to where it breaks off. */
async function read(
  text: AsyncIterable<string>,
  growing: GrowingMessage,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly error?: unknown }> {
  const iterator = text[Symbol.asyncIterator]();
  const over = Promise.withResolvers<undefined>();
  const stop = (): void => over.resolve(undefined);
  signal.addEventListener("abort", stop);
  let whole = "";
  try {
    while (!signal.aborted && whole.length < LONGEST_STREAM) {
      const next = await Promise.race([iterator.next(), over.promise]);
      if (next === undefined) break;
      if (next.done === true) return { text: whole };
      whole += next.value;
      growing.show(whole);
    }
  } catch (error) {
    return { text: whole, error };
  } finally {
    signal.removeEventListener("abort", stop);
  }
  // It may be at work on the next piece for as long as it likes.
  void Promise.resolve(iterator.return?.()).catch(() => undefined);
  return { text: whole };
}
