import { randomUUID } from "node:crypto";
import { message } from "../../stanza/index.ts";
import type { JsonValue } from "../../store/index.ts";
import { readReplyTo } from "../../xep/index.ts";
import type { Context } from "../context.ts";
import { type Answer, readAnswer } from "../dialog/answer.ts";
import { answererOf } from "../dialog/answerer.ts";
import { buttonsFor } from "../dialog/buttons.ts";
import { Choices } from "../dialog/choices.ts";
import { languageOf } from "../i18n/language.ts";
import { misfit } from "../json-fit.ts";
import { menuCallOf } from "../menus/call.ts";
import { firstIdOf } from "../messages/correction-id.ts";
import { idOfNext } from "../messages/replacing.ts";
import type { MaybePromise, Pass } from "../middleware.ts";
import { textIn } from "../text.ts";
import type { Choice, ChoiceHandler, ChoiceOptions } from "./choice.ts";

/** A question that can still be answered, as it is stored. */
interface Open {
  readonly name: string;
  /** Of the message that asked it; of one that corrects another, that of the first. */
  readonly id: string;
  /** What there is, and the words for it. */
  readonly choices: readonly (readonly [choice: string, label: string])[];
  readonly data: JsonValue;
  /** By when, in milliseconds since 1970. */
  readonly until: number;
}

/** How many questions somebody can have; the oldest makes room for another. */
const MOST_OPEN = 5;
const HOUR = 60 * 60_000;
const LONGEST_TIMEOUT = 366 * 24 * HOUR;

/** @internal The questions of a composer that are asked in passing, and who can answer which. */
export class ChoiceSet<C extends Context> {
  readonly #handlers = new Map<string, ChoiceHandler<C, never>>();

  /** @throws TypeError when there is one of this name. */
  define<Data extends JsonValue>(name: string, handler: ChoiceHandler<C, Data>): Choice<C, Data> {
    if (this.#handlers.has(name))
      throw new TypeError(`there are two choices called ${JSON.stringify(name)}; rename one`);
    this.#handlers.set(name, handler as ChoiceHandler<C, never>);
    return {
      name,
      ask: async (ctx, question, choices, options: ChoiceOptions<Data> = {}) => {
        const lang = await languageOf(ctx);
        await ask(ctx, name, textIn(question, lang), new Choices(choices, lang), options);
      },
    };
  }

  /** Takes a message that chooses something; any other is for `next`. */
  take(pass: Pass<C>, next: () => MaybePromise<void>): MaybePromise<void> {
    const { ctx } = pass;
    const answer = menuCallOf(ctx) === undefined ? readAnswer(ctx) : undefined;
    return answer === undefined || answer.isToOthers === true ? next() : this.#take(pass, answer, next);
  }

  async #take(pass: Pass<C>, answer: Answer, next: () => MaybePromise<void>): Promise<void> {
    const { ctx } = pass;
    const open = await openOf(ctx);
    const meant = questionFor(ctx, open, answer);
    const handler = meant && this.#handlers.get(meant.name);
    const choice = meant && new Choices(Object.fromEntries(meant.choices), undefined).find(answer.text);
    if (meant === undefined || handler === undefined || choice === undefined) return await next();
    keep(
      ctx,
      open.filter((each) => each !== meant),
    );
    const reply = await handler(ctx, { choice, data: meant.data as never });
    if (reply !== undefined) await pass.answer(reply);
  }
}

async function ask<Data>(
  ctx: Context,
  name: string,
  question: string,
  choices: Choices<string>,
  { data, timeout = HOUR }: ChoiceOptions<Data>,
): Promise<void> {
  if (!(timeout > 0 && timeout <= LONGEST_TIMEOUT))
    throw new RangeError(`the timeout is ${timeout}; give milliseconds, from 1 to a year`);
  const problem = data === undefined ? undefined : misfit(data, `the data of the choice ${name}`);
  if (problem !== undefined) throw new TypeError(`${problem}, which cannot be kept as JSON`);
  const { labelled } = choices;
  const buttons = await buttonsFor(ctx, labelled);
  // In a menu it is no part of the answer, which nobody could answer.
  const inMenu = menuCallOf(ctx) !== undefined;
  const id = inMenu ? randomUUID() : idOfNext(ctx);
  const said = message({ id, body: `${question}\n${choices.list}` }, buttons);
  if (inMenu) await ctx.send(ctx.from, said);
  else await ctx.reply(said);
  const open: Open = {
    name,
    id: firstIdOf(id) ?? id,
    choices: labelled.map(({ value, label }) => [value, label]),
    data: (data ?? null) as JsonValue,
    until: ctx.now + timeout,
  };
  // What it corrects is not to be seen any more.
  const others = (await openOf(ctx)).filter((each) => each.id !== open.id);
  keep(ctx, [...others, open].slice(-MOST_OPEN));
}

/** By a reaction or a reply a certain one is meant, by words the latest. */
function questionFor(ctx: Context, open: readonly Open[], { reactionTo }: Answer): Open | undefined {
  const replyTo = ctx.stanza.kind === "message" ? readReplyTo(ctx.stanza)?.id : undefined;
  const id = reactionTo ?? (replyTo && (ctx.bot.rooms.ownId(ctx.from, replyTo) ?? replyTo));
  const certain = open.find((each) => each.id === id);
  return certain ?? (reactionTo === undefined ? open.at(-1) : undefined);
}

async function openOf(ctx: Context): Promise<readonly Open[]> {
  const all = (await areaOf(ctx).get(answererOf(ctx))) as unknown as readonly Open[] | undefined;
  return (all ?? []).filter(({ until }) => until > ctx.now);
}

function keep(ctx: Context, open: readonly Open[]): void {
  const key = answererOf(ctx);
  if (open.length === 0) {
    areaOf(ctx).delete(key);
    return;
  }
  const ttl = Math.max(...open.map(({ until }) => until)) - ctx.now;
  areaOf(ctx).set(key, open as unknown as JsonValue, { ttl });
}

function areaOf(ctx: Context): ReturnType<Context["effects"]["area"]> {
  return ctx.effects.area("choices", { guarded: true });
}
