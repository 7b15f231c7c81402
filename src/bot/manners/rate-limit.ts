import { type Stanza, StanzaError } from "../../stanza/index.ts";
import { NS_DISCO_INFO, NS_DISCO_ITEMS, readDelay } from "../../xep/index.ts";
import { readSpoken } from "../commands/spoken.ts";
import type { Context } from "../context.ts";
import { textsOf } from "../i18n/framework.ts";
import { languageOf } from "../i18n/language.ts";
import type { Chain, MaybePromise, Pass } from "../middleware.ts";
import { occupantIdOf } from "../occupant-id.ts";
import { keyOf, type SessionKey } from "../session/index.ts";
import { type Text, textIn } from "../text.ts";
import { type Verdict, Window } from "./window.ts";

/** How much somebody may ask of a bot. */
export interface RateLimit {
  /** Who has one allowance together; default `user`: the person, in a room the occupant. A session's key can be one, too. */
  readonly per?: SessionKey;
  /** How many messages and requests; default 20. */
  readonly points?: number;
  /** In how many milliseconds, from the first of them on; default 60,000. */
  readonly duration?: number;
  /** What who goes over it is told, once; default: a sentence that says when it is over. */
  readonly notice?: Text;
  /** Under which name it is counted; default: made of `per`, `points` and `duration`. Two that count the same have one allowance. */
  readonly name?: string;
}

/** @internal A chain that is run no more often than the limits say. */
export function limited<C extends Context>(limits: readonly RateLimit[], chain: Chain<C>): Chain<C> {
  const all = limits.map((limit) => new Limiter(limit));
  return (pass, next) => {
    if (!counts(pass.ctx.stanza)) return chain(pass, next);
    return run(all, pass, chain, next);
  };
}

async function run<C extends Context>(
  all: readonly Limiter[],
  pass: Pass<C>,
  chain: Chain<C>,
  next: () => MaybePromise<void>,
): Promise<void> {
  const { ctx } = pass;
  // Requests are handled side by side; of messages it is known only afterwards whether they were for the bot, as most in a room are not.
  const isRequest = ctx.stanza.kind === "iq";
  for (const limiter of all) {
    const verdict = await (isRequest ? limiter.take(ctx) : limiter.look(ctx));
    if (verdict.kind !== "within") return await refuse(pass, limiter, verdict);
  }
  if (isRequest) return await chain(pass, next);
  const take = async (): Promise<void> => {
    for (const limiter of all) await limiter.take(ctx);
  };
  // A handler that never comes to its end is given up, and has cost the most.
  const timeIsOver = (): void => {
    take().catch((error: unknown) => ctx.log.error({ err: error }, "a message could not be counted"));
  };
  ctx.signal.addEventListener("abort", timeIsOver, { once: true });
  let unhandled = false;
  try {
    await chain(pass, () => {
      unhandled = true;
      return next();
    });
  } finally {
    ctx.signal.removeEventListener("abort", timeIsOver);
    if (!unhandled) await take();
  }
}

async function refuse(pass: Pass<Context>, limiter: Limiter, verdict: Verdict): Promise<void> {
  const { ctx } = pass;
  const { stanza } = ctx;
  if (stanza.kind === "iq")
    throw new StanzaError("policy-violation", { type: "wait", text: await limiter.notice(ctx, verdict) });
  if (verdict.kind === "silent") return;
  const isTalk = stanza.kind === "message" && stanza.type === "groupchat";
  const spoken = isTalk ? readSpoken(ctx) : undefined;
  if (isTalk && (spoken === undefined || spoken.how === "plain")) return;
  if ((await limiter.take(ctx)).kind !== "over") return;
  ctx.log.info({ from: String(ctx.from), limit: limiter.name }, "somebody has gone over a rate limit");
  await pass.answer(await limiter.notice(ctx, verdict));
}

/** Whether a stanza asks something of a bot. */
function counts(stanza: Stanza): boolean {
  if (stanza.kind === "iq") {
    // What is there to be had clients ask by themselves, often and for everybody they see.
    const looks = stanza.payload?.ns === NS_DISCO_INFO || stanza.payload?.ns === NS_DISCO_ITEMS;
    return !looks && (stanza.type === "get" || stanza.type === "set");
  }
  if (stanza.kind !== "message" || stanza.type === "error" || stanza.body === undefined) return false;
  return stanza.type !== "groupchat" || readDelay(stanza) === undefined;
}

/** One limit. */
class Limiter {
  readonly name: string;
  readonly #per: SessionKey;
  readonly #notice: Text | undefined;
  readonly #window: Window;
  /** A stanza that is handled anew is counted once. */
  readonly #taken = new WeakMap<Stanza, Promise<Verdict>>();

  constructor({ per = "user", points = 20, duration = 60_000, notice, name }: RateLimit) {
    for (const [what, number] of Object.entries({ points, duration })) {
      if (!Number.isSafeInteger(number) || number < 1)
        throw new RangeError(`the ${what} of a rate limit are ${number}; give a whole number from 1 up`);
    }
    if (typeof per === "function" && name === undefined)
      throw new TypeError("a rate limit per what a function says needs a name, under which it is counted");
    this.name = name ?? `${String(per)} ${points} ${duration}`;
    this.#per = per;
    this.#notice = notice;
    this.#window = new Window(points, duration);
  }

  take(ctx: Context): Promise<Verdict> {
    const before = this.#taken.get(ctx.stanza);
    if (before !== undefined) return before;
    const taken = this.#window.take(ctx, this.#key(ctx));
    this.#taken.set(ctx.stanza, taken);
    return taken;
  }

  async look(ctx: Context): Promise<Verdict> {
    return (await this.#taken.get(ctx.stanza)) ?? (await this.#window.look(ctx, this.#key(ctx)));
  }

  async notice(ctx: Context, { until }: Verdict): Promise<string> {
    const lang = await languageOf(ctx);
    if (this.#notice !== undefined) return textIn(this.#notice, lang);
    const seconds = Math.max(1, Math.ceil((until - ctx.now) / 1_000));
    return textsOf(ctx.bot).say("tooMany", lang, { seconds });
  }

  #key(ctx: Context): string {
    // Who changes their nickname is still the same (XEP-0421).
    const occupant = this.#per === "user" && ctx.inRoom ? occupantIdOf(ctx) : undefined;
    const whose = occupant === undefined ? keyOf(ctx, this.#per) : `${ctx.from.bare} occupant ${occupant}`;
    return `${this.name} of ${whose}`;
  }
}
