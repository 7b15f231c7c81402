import { JsonStanzaError } from "./json-error.ts";

/**
 * How much JSON may hold before {@link readJson} and {@link jsonToStanza} refuse it. Each is the largest value still
 * allowed, so `0` means that nothing of the kind is allowed, not that there is no limit; `Infinity` takes a limit away.
 */
export interface JsonLimits {
  /** Size in bytes of UTF-8. Default 1,048,576 (1 MiB), as of XML. */
  readonly bytes: number;
  /** Objects and lists within each other, the outermost being 1. Default 100, at most 1000. */
  readonly depth: number;
  /** Keys of objects and items of lists in all. Default 20,000. */
  readonly values: number;
}

/** What {@link readJson} allows where nothing else is said. */
export const DEFAULT_JSON_LIMITS: JsonLimits = Object.freeze({
  bytes: 1024 * 1024,
  depth: 100,
  values: 20_000,
});

const LARGEST_DEPTH = 1000;

/**
 * @internal All limits, the defaults standing in for those not given.
 *
 * @throws RangeError when a limit is no whole number from 0 up, or `depth` is over 1000.
 */
export function jsonLimits(limits: Partial<JsonLimits> | undefined): JsonLimits {
  if (limits === undefined || limits === DEFAULT_JSON_LIMITS) return DEFAULT_JSON_LIMITS;
  return {
    bytes: limit("bytes", limits.bytes),
    depth: limit("depth", limits.depth, LARGEST_DEPTH),
    values: limit("values", limits.values),
  };
}

function limit(name: keyof JsonLimits, given: number | undefined, largest = Infinity): number {
  const value = given ?? DEFAULT_JSON_LIMITS[name];
  if ((Number.isInteger(value) || value === Infinity) && value >= 0 && value <= largest) return value;
  throw new RangeError(
    `the JSON limit ${name} is ${value}; give a whole number from 0 to ${largest === Infinity ? "Infinity" : largest}`,
  );
}

/**
 * @internal Refuses what is nested too deeply or holds too much, before anything walks it without a limit.
 *
 * @throws JsonStanzaError
 */
export function checkDepth(value: unknown, limits: JsonLimits): void {
  let left = limits.values;
  const visit = (inside: unknown, depth: number): void => {
    if (typeof inside !== "object" || inside === null) return;
    if (depth > limits.depth) refuseDepth(limits);
    const values = Array.isArray(inside) ? inside : Object.values(inside);
    left -= values.length;
    if (left < 0) refuseValues(limits);
    for (const one of values) if (typeof one === "object") visit(one, depth + 1);
  };
  visit(value, 1);
}

/** @internal */
export function refuseDepth({ depth }: JsonLimits): never {
  throw new JsonStanzaError("", `it is nested deeper than ${depth}; flatten it, or raise the limit depth`);
}

/** @internal */
export function refuseValues({ values }: JsonLimits): never {
  throw new JsonStanzaError("", `it holds more than ${values} values; send fewer, or raise the limit values`);
}
