import { type Composer, type Context, featuresOf } from "../bot/index.ts";
import { services } from "../services/index.ts";

const SERVED = featuresOf(services());

/** What a bot supports, by its own routes and by the services that come after them. */
export function botFeatures(routes: Composer<Context> | undefined): Set<string> {
  return new Set([...(routes === undefined ? [] : featuresOf(routes)), ...SERVED]);
}
