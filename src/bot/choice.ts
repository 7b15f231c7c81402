import type { Context } from "./context.ts";
import { type Condition, type Filter, filterSpec } from "./filters/index.ts";
import type { Chain, MaybePromise } from "./middleware.ts";
import { keysOfFilter } from "./route-index.ts";

/** @internal Whether a context passes; what is returned instead of `true` is added to it. */
export type Test<C> = (ctx: C) => MaybePromise<boolean | object>;

/** @internal One filter or several, as one. */
export interface FilterTest {
  /** As it is written. */
  readonly label: string;
  readonly when: readonly Condition[];
  readonly keys: readonly string[];
  readonly test: (ctx: Context) => boolean | object;
}

/**
 * @internal Compiles filters.
 *
 * @throws TypeError when there is no such filter.
 */
export function compileFilters(filters: Filter | readonly Filter[]): FilterTest {
  const specs = (typeof filters === "string" ? [filters] : filters).map(filterSpec);
  const [only, ...others] = specs;
  return {
    label: JSON.stringify(filters),
    when: specs,
    keys: [...new Set(specs.flatMap(keysOfFilter))],
    test: only !== undefined && others.length === 0 ? only.test : (ctx) => firstPassed(specs, ctx),
  };
}

function firstPassed(
  specs: readonly FilterTest[] | readonly { test: FilterTest["test"] }[],
  ctx: Context,
): boolean | object {
  for (const { test } of specs) {
    const passed = test(ctx);
    if (passed !== false) return passed;
  }
  return false;
}

/** @internal Runs one chain or the other. */
export function choose<C extends Context>(test: Test<C>, yes: Chain<C>, no: Chain<C>): Chain<C> {
  return (pass, next) => {
    const decide = (passed: boolean | object): MaybePromise<void> => {
      if (typeof passed === "object") Object.assign(pass.ctx, passed);
      return (passed === false ? no : yes)(pass, next);
    };
    const passed = test(pass.ctx);
    return passed instanceof Promise ? passed.then(decide) : decide(passed);
  };
}

/** @internal Runs the chain that is named, else the last. */
export function switched<C extends Context>(
  chooser: (ctx: C) => MaybePromise<string | undefined>,
  ways: ReadonlyMap<string, Chain<C>>,
  last: Chain<C>,
): Chain<C> {
  return (pass, next) => {
    const go = (name: string | undefined): MaybePromise<void> =>
      ((name !== undefined && ways.get(name)) || last)(pass, next);
    const name = chooser(pass.ctx);
    return name instanceof Promise ? name.then(go) : go(name);
  };
}

/** @internal Runs what is made for each stanza, else what comes after it. */
export function lazily<C extends Context, Made>(
  factory: (ctx: C) => MaybePromise<Made | undefined>,
  chainOf: (made: Made) => Chain<C>,
): Chain<C> {
  return (pass, next) => {
    const go = (made: Made | undefined): MaybePromise<void> =>
      made === undefined ? next() : chainOf(made)(pass, next);
    const made = factory(pass.ctx);
    return made instanceof Promise ? made.then(go) : go(made);
  };
}

/** @internal Hands on whatever comes. */
export const passOn: Chain<unknown> = (_, next) => next();
