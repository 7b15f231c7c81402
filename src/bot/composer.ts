import type { z } from "zod";
import type { JsonValue } from "../store/index.ts";
import { type BoundaryOptions, bounded, type ErrorHandler } from "./boundary.ts";
import { choose, compileFilters, lazily, passOn, switched, type Test } from "./choice.ts";
import type { Choice, ChoiceHandler } from "./choices/index.ts";
import { Command, type CommandDefinition } from "./commands/command.ts";
import type { Context } from "./context.ts";
import type { DialogFunction, DialogOptions, StartableDialog } from "./dialog/index.ts";
import { neverCallsNext } from "./ends.ts";
import type { Filter, Filtered } from "./filters/index.ts";
import { type Heard, heard, heardWhen } from "./hears.ts";
import { limited, type RateLimit } from "./manners/rate-limit.ts";
import {
  type Chain,
  compose,
  type Handler,
  link,
  type MaybePromise,
  type Middleware,
  type MiddlewareObject,
} from "./middleware.ts";
import { NamedRoutes } from "./named-routes.ts";
import { extended, type Plugin } from "./plugin.ts";
import { Place, type Route } from "./route.ts";
import { RouteList } from "./route-list.ts";
import type { EveryOptions, TickHandler, TimerHandler } from "./time/index.ts";

/**
 * Holds handlers and tries them in the order in which they were added, until one handles the stanza. A composer is
 * itself middleware, so routers nest.
 *
 * @example
 * ```ts
 * import { Composer } from "restanza";
 *
 * const greetings = new Composer();
 * greetings.hears(/^good (morning|night)$/i, (ctx) => `Good ${ctx.match[1]} to you`);
 * greetings.on("message:groupchat", (ctx, next) => next());
 * ```
 */
export class Composer<C extends Context = Context> implements MiddlewareObject<C> {
  readonly #routes = new RouteList<C>();
  readonly #named = new NamedRoutes<C>(this.#routes);

  /** Adds middleware that sees every stanza. */
  use(...middleware: Middleware<C>[]): this {
    const place = new Place();
    for (const each of middleware) {
      this.add({
        label: "use()",
        run: chainOf(each),
        inner: each instanceof Composer ? [each] : undefined,
        ends: typeof each === "function" && neverCallsNext(each),
        place,
      });
    }
    return this;
  }

  /**
   * Adds handlers for what passes a filter, or any of several, and returns a composer for more of them.
   *
   * @throws TypeError when there is no such filter.
   */
  on<F extends Filter>(
    filter: F | readonly F[],
    ...handlers: Middleware<Filtered<C, F>>[]
  ): Composer<Filtered<C, F>> {
    const { label, when, keys, test } = compileFilters(filter);
    const inner = new Composer<Filtered<C, F>>().use(...handlers);
    const run = choose<C>(test, inner.chain() as never, passOn);
    this.add({ label: `on(${label})`, run, when, keys, inner: [inner], place: new Place() });
    return inner;
  }

  /**
   * Adds handlers for messages whose body matches: a pattern anywhere in it, or words that it must equal, whatever
   * their case and the white space around.
   */
  hears(pattern: RegExp | string, ...handlers: Middleware<Filtered<C, "message:body"> & Heard>[]): this {
    const { routes } = new Composer<Filtered<C, "message:body"> & Heard>().use(...handlers);
    const run = heard<C>(pattern, compose(routes.map((route) => route.run)) as never);
    const { when, keys } = heardWhen(pattern);
    const label = `hears(${pattern instanceof RegExp ? pattern : JSON.stringify(pattern)})`;
    return this.add({ label, run, when: [when], keys, inner: [{ routes }], place: new Place() });
  }

  /** Adds handlers for what passes a test, and returns a composer for more of them. */
  filter<D extends C>(test: (ctx: C) => ctx is D, ...handlers: Middleware<D>[]): Composer<D>;
  filter(test: (ctx: C) => MaybePromise<boolean>, ...handlers: Middleware<C>[]): Composer<C>;
  filter<D extends C>(test: Test<C>, ...handlers: Middleware<D>[]): Composer<D> {
    const inner = new Composer<D>().use(...handlers);
    const run = choose(test, inner.chain() as never, passOn);
    this.add({ label: "filter()", run, certain: false, inner: [inner], place: new Place() });
    return inner;
  }

  /**
   * Returns a composer whose handlers take no more messages and requests of one person or room than the limits say. What they take counts; who
   * goes over it is told so once, and then whatever comes this way is passed over in silence until the time is over.
   *
   * @throws RangeError or TypeError when a limit cannot be one.
   * @example
   * ```ts
   * import { defineBot } from "restanza";
   *
   * defineBot({
   *   name: "painter",
   *   summary: "paints what you say",
   *   routes(bot) {
   *     bot
   *       .filter((ctx) => ctx.body?.startsWith("paint ") === true)
   *       .limit({ points: 3, duration: 60_000 }, (ctx) => `I am painting ${ctx.body?.slice(6)}.`);
   *   },
   * });
   * ```
   */
  limit(limits: RateLimit | readonly RateLimit[], ...handlers: Middleware<C>[]): Composer<C> {
    const inner = new Composer<C>().use(...handlers);
    const run = limited<C>([limits].flat(), inner.chain());
    this.add({ label: "limit()", run, certain: false, inner: [inner], place: new Place() });
    return inner;
  }

  /** Returns a composer whose handlers have what a plugin adds to the context. */
  extend<Added extends object>(plugin: Plugin<Added, C>): Composer<C & Added> {
    const inner = new Composer<C & Added>();
    const { around } = plugin;
    const wrap = (chain: Chain<C & Added>): Chain<C> =>
      extended(plugin, around === undefined ? chain : compose([link(around), chain]));
    this.add({
      label: "extend()",
      run: wrap(inner.chain()),
      wrap: wrap as unknown as (chain: Chain<never>) => Chain<never>,
      inner: [inner],
      place: new Place(),
    });
    return inner;
  }

  /** Goes one way with what passes a filter or a test, and the other with everything else. */
  branch<F extends Filter>(
    filter: F | readonly F[],
    yes: Middleware<Filtered<C, F>>,
    no: Middleware<C>,
  ): this;
  branch<D extends C>(test: (ctx: C) => ctx is D, yes: Middleware<D>, no: Middleware<C>): this;
  branch(test: (ctx: C) => MaybePromise<boolean>, yes: Middleware<C>, no: Middleware<C>): this;
  branch(by: Test<C> | Filter | readonly Filter[], yes: Middleware<never>, no: Middleware<C>): this {
    const { label, when, test } =
      typeof by === "function" ? { label: "", when: undefined, test: by } : compileFilters(by);
    const one = new Composer<C>().use(yes as Middleware<C>);
    const other = new Composer<C>().use(no);
    return this.add({
      label: `branch(${label})`,
      run: choose(test, one.chain(), other.chain()),
      certain: false,
      inner: [{ routes: one.routes, when }, other],
      place: new Place(),
    });
  }

  /**
   * Goes one of several ways: the chooser names which. Where it names none, or one that is not in the table, it is the last way.
   *
   * @param fallback default: what comes after.
   */
  route<Name extends string>(
    chooser: (ctx: C) => MaybePromise<Name | undefined>,
    table: Readonly<Record<Name, Middleware<C>>>,
    fallback?: Middleware<C>,
  ): this {
    const ways = new Map(
      Object.entries<Middleware<C>>(table).map(([name, way]) => [name, new Composer<C>().use(way)]),
    );
    const last = new Composer<C>().use(...(fallback === undefined ? [] : [fallback]));
    const chains = new Map([...ways].map(([name, way]) => [name, way.chain()]));
    return this.add({
      label: "route()",
      run: switched(chooser, chains, last.chain()),
      certain: false,
      inner: [...ways.values(), last],
      place: new Place(),
    });
  }

  /** Adds middleware that is made anew for each stanza; none at all where the factory returns nothing. */
  lazy(factory: (ctx: C) => MaybePromise<Middleware<C> | undefined>): this {
    return this.add({ label: "lazy()", run: lazily(factory, chainOf), certain: false, place: new Place() });
  }

  /**
   * Has the errors of handlers handled, and returns a composer for more of these handlers. A `StanzaError` that is for the sender
   * passes through, unless the boundary wants it. What the handlers had said and set before stays said and set.
   *
   * @example
   * ```ts
   * import { Composer } from "restanza";
   *
   * const risky = new Composer().boundary((error, ctx) => {
   *   ctx.log.warn({ err: error }, "the weather service is away");
   *   return "I cannot see the sky right now.";
   * });
   * risky.hears("weather", async () => await (await fetch("https://example.org/weather")).text());
   * ```
   */
  boundary(handler: ErrorHandler<C> | BoundaryOptions<C>, ...middleware: Middleware<C>[]): Composer<C> {
    const inner = new Composer<C>().use(...middleware);
    const run = bounded(typeof handler === "function" ? { handle: handler } : handler, inner.chain());
    this.add({ label: "boundary()", run, inner: [inner], place: new Place() });
    return inner;
  }

  /**
   * Adds a conversation in several steps, to be started by a handler. Who is in the midst of it answers it before any other handler
   * of this composer sees the message.
   *
   * @throws TypeError when there is one of this name.
   * @example
   * ```ts
   * import { Composer } from "restanza";
   *
   * const bot = new Composer();
   * const order = bot.dialog("order", async (d) => {
   *   const city = await d.ask("Which city?");
   *   const size = await d.choose("Which size?", ["small", "large"]);
   *   return `One ${size} pizza to ${city}.`;
   * });
   * bot.hears("order", (ctx) => order.start(ctx));
   * ```
   */
  dialog<Args = void>(
    name: string,
    run: DialogFunction<C, Args>,
    options?: DialogOptions,
  ): StartableDialog<C, Args> {
    return this.#named.dialogs.define(name, run, options);
  }

  /**
   * Adds a question that can be asked in passing, with things to choose from: nothing waits for its answer, and whatever else the person says
   * goes where it always goes. Where one answer leads to the next question, lead a dialog.
   *
   * @param name by which questions that wait know it, through restarts and new editions of the bot.
   * @throws TypeError when the name is taken.
   * @example
   * ```ts
   * import { Composer } from "restanza";
   *
   * const bot = new Composer();
   * const play = bot.choice("play", (_, { choice }) => `Now playing ${choice}.`);
   * bot.hears("music", (ctx) => play.ask(ctx, "What would you like to hear?", ["Bach", "Björk"]));
   * ```
   */
  choice<Data extends JsonValue = JsonValue>(name: string, handler: ChoiceHandler<C, Data>): Choice<C, Data> {
    return this.#named.choices.define(name, handler);
  }

  /**
   * Adds a command, which has a `run` or begins a `dialog`. The commands of a composer are tried together, where the first of them was
   * added.
   *
   * @param definition what `command()` takes, or a command that it has made.
   * @throws TypeError when the definition makes no sense, or the name is taken.
   * @example
   * ```ts
   * import { arg, Composer } from "restanza";
   * import { z } from "zod";
   *
   * new Composer().command({
   *   name: "double",
   *   summary: "doubles a time",
   *   args: z.object({ time: arg.duration(), politely: z.boolean().default(false) }),
   *   positional: ["time"],
   *   run: (_, { time, politely }) => `${(2 * time) / 1000} seconds${politely ? ", if you please" : ""}`,
   * });
   * ```
   */
  command(definition: Command<C>): this;
  command<Args extends z.ZodObject = z.ZodObject<Record<never, never>>>(
    definition: CommandDefinition<Args, C>,
  ): this;
  command(definition: Command<C> | CommandDefinition<z.ZodObject, C>): this {
    this.#named.addCommand(definition instanceof Command ? definition : new Command(definition));
    return this;
  }

  /**
   * Adds what is done when a timer is due that a handler has set by `ctx.schedule`. It runs in the conversation in which the timer
   * was set, in its turn with the messages there; what it returns is said. One that fails is tried again three times, and then
   * put aside.
   *
   * @param name by which timers that wait know it, through restarts and new editions of the bot.
   * @throws TypeError when the name is taken; `remind` is.
   * @example
   * ```ts
   * import { Composer } from "restanza";
   *
   * const bot = new Composer();
   * bot.timer<string>("tea", (ctx) => `Your ${ctx.timer.data} is ready.`);
   * bot.hears(/^brew (\w+)$/, async (ctx) => {
   *   await ctx.schedule("tea", "4m", ctx.match[1] ?? "tea");
   *   return "The kettle is on.";
   * });
   * ```
   */
  timer<Data = JsonValue>(name: string, handler: TimerHandler<C, Data>): this {
    this.#named.timers.define(name, handler);
    return this;
  }

  /**
   * Does something again and again: each run once, through restarts and among all nodes that share a store.
   *
   * @param when a cron expression of five fields, or six with the seconds first, or a duration such as `"10m"` or in
   *   milliseconds: then it is due at the multiples of it since 1970.
   * @throws TypeError when `when` is neither, or the name is taken; RangeError when there is no such zone.
   * @example
   * ```ts
   * import { Composer } from "restanza";
   *
   * new Composer().every("0 9 * * 1-5", { name: "standup", zone: "Europe/Berlin" }, async (tick) => {
   *   await tick.send("team@rooms.example.org", "Stand-up!");
   * });
   * ```
   */
  every(when: string | number, options: EveryOptions, handler: TickHandler): this {
    this.#named.timers.every(when, options, handler);
    return this;
  }

  middleware(): Handler<C> {
    const chain = this.chain();
    return async (ctx, next) => {
      await chain({ ctx, answer: (reply) => ctx.reply(reply) }, next);
    };
  }

  /** @internal Adds an entry of one's own. */
  add(route: Route<C>): this {
    this.#routes.add(route);
    return this;
  }

  /** @internal What has been added, in its order. */
  get routes(): readonly Route<C>[] {
    return this.#routes.all;
  }

  /** @internal All handlers as one; handlers that are added later are part of it. */
  chain(): Chain<C> {
    return this.#routes.chain;
  }
}

function chainOf<C extends Context>(middleware: Middleware<C>): Chain<C> {
  if (middleware instanceof Composer) return middleware.chain();
  return link(typeof middleware === "function" ? middleware : middleware.middleware());
}
