import { both, type Condition, implies } from "./filters/index.ts";
import type { Route } from "./route.ts";

/** Something about the routes of a bot that cannot be meant. */
export interface RouteProblem {
  /**
   * `impossible`: a filter inside another that lets nothing of it through. `duplicate`: the same once more, after a handler that
   * hands nothing on. `unreachable`: all that would come here is kept by a handler before.
   */
  readonly kind: "impossible" | "duplicate" | "unreachable";
  /** The route, and those that it is inside of. */
  readonly route: string;
  /** Where it was added, as a file and a line. */
  readonly place: string;
  /** What is wrong, and what to do. */
  readonly message: string;
}

/**
 * Finds routes that no stanza can ever come to. Where that cannot be known without a stanza, as behind a test of the bot's own or a
 * handler that takes `next`, nothing is said.
 *
 * @example
 * ```ts
 * import { Composer, inspectRoutes } from "restanza";
 *
 * const bot = new Composer();
 * bot.on("message:groupchat").on("message:direct", () => "never said");
 * for (const { message } of inspectRoutes(bot)) console.warn(message);
 * ```
 */
export function inspectRoutes(composer: { readonly routes: readonly object[] }): RouteProblem[] {
  const inspection = new Inspection();
  inspection.level(composer.routes as readonly AnyRoute[], { path: [], when: undefined }, []);
  return inspection.problems;
}

type AnyRoute = Route<never>;

/** What is around a level of routes. */
interface Around {
  readonly path: readonly string[];
  /** One of these holds for all that comes to this level; `undefined` where anything may. */
  readonly when: readonly Condition[] | undefined;
}

/** What nothing comes through: a handler that hands nothing on, and when it runs. */
interface End {
  readonly label: string;
  readonly place: string | undefined;
  /** `undefined` where it runs for whatever comes. */
  readonly when: Condition | undefined;
}

class Inspection {
  readonly problems: RouteProblem[] = [];

  /** Goes through one level; `before` is what ends before it. Returns what ends on it. */
  level(routes: readonly AnyRoute[], around: Around, before: readonly End[]): End[] {
    const ends: End[] = [];
    for (const route of routes) ends.push(...this.#route(route, around, [...before, ...ends]));
    return ends;
  }

  #route(route: AnyRoute, around: Around, ends: readonly End[]): End[] {
    // What is due comes another way than stanzas.
    if (route.time !== undefined) return [];
    const transparent = route.label === "use()";
    const path = transparent ? around.path : [...around.path, route.label];
    const when = together(around.when, route.when);
    if (when?.length === 0) {
      this.#report("impossible", route, path, `nothing that comes to it can pass: ${insideOf(around.path)}`);
      return [];
    }
    const end = closedBy(when, ends);
    if (end !== undefined && !(transparent && route.inner !== undefined)) {
      const same = !transparent && end.label === path.join(" > ");
      const by = `${end.label || "a handler"}${end.place === undefined ? "" : ` (${end.place})`}`;
      this.#report(
        same ? "duplicate" : "unreachable",
        route,
        path,
        same
          ? `${by} is the same, comes first, and hands nothing on`
          : `${by} comes first, takes all that it would, and hands nothing on`,
      );
      return [];
    }
    const inside = (route.inner ?? []).flatMap((inner) =>
      this.level(inner.routes, { path, when: together(when, inner.when) }, ends),
    );
    if (route.certain === false) return [];
    if (route.ends !== true) return inside;
    const own = { label: path.join(" > "), place: route.place?.toString() };
    return (when ?? [undefined]).map((condition) => ({ ...own, when: condition }));
  }

  #report(
    kind: RouteProblem["kind"],
    { label, place }: AnyRoute,
    path: readonly string[],
    why: string,
  ): void {
    const route = path.join(" > ") || label;
    const at = place?.toString() ?? "an unknown place";
    this.problems.push({
      kind,
      route,
      place: at,
      message: `${route} at ${at} can never run: ${why}; remove it, or put it first, or call next() there`,
    });
  }
}

function insideOf(path: readonly string[]): string {
  return `it is inside ${path.join(" > ")}`;
}

/** When both hold, each of them one of several conditions. */
function together(
  one: readonly Condition[] | undefined,
  other: readonly Condition[] | undefined,
): readonly Condition[] | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.flatMap((each) => other.map((its) => both(each, its)).filter((is) => is !== undefined));
}

/** What keeps all that these conditions let through. */
function closedBy(when: readonly Condition[] | undefined, ends: readonly End[]): End | undefined {
  const open = ends.find((end) => end.when === undefined);
  if (open !== undefined || when === undefined) return open;
  const closing = when.map((each) => ends.find((end) => end.when !== undefined && implies(each, end.when)));
  return closing.every((end) => end !== undefined) ? closing[0] : undefined;
}
