import { type MessageFilters, messageFilters } from "./messages.ts";
import { type NodeFilter, nodeFilter } from "./nodes.ts";
import { type PresenceFilters, presenceFilters } from "./presences.ts";
import { type PayloadFilter, payloadFilter, type RequestFilters, requestFilters } from "./requests.ts";
import type { FilterSpec } from "./spec.ts";

/** What each filter promises about a context that passes it. The key is the filter; the value narrows the context. */
export interface Filters extends MessageFilters, PresenceFilters, RequestFilters {}

/**
 * A filter: a key of {@link Filters}; `iq:get:` or `iq:set:` and the payload by its namespace or as `{namespace}name`; or
 * `message:pubsub:` and the name of a node.
 */
export type Filter = keyof Filters | PayloadFilter | NodeFilter;

/** The context `C` as a filter `F` narrows it. */
export type Filtered<C, F extends Filter> = C &
  (F extends keyof Filters ? Filters[F] : F extends NodeFilter ? Filters["message:pubsub"] : Filters["iq"]);

const known: Readonly<Record<keyof Filters, FilterSpec>> = {
  ...messageFilters,
  ...presenceFilters,
  ...requestFilters,
};

/**
 * @internal Looks a filter up.
 *
 * @throws TypeError when there is no such filter, which only untyped code can ask for.
 */
export function filterSpec(filter: Filter): FilterSpec {
  const spec = Object.hasOwn(known, filter)
    ? known[filter as keyof Filters]
    : (payloadFilter(filter) ?? nodeFilter(filter));
  if (spec !== undefined) return spec;
  throw new TypeError(
    `there is no filter ${JSON.stringify(filter)}; there are ${Object.keys(known).join(", ")}, iq:get:NAMESPACE, iq:set:NAMESPACE, iq:get:{NAMESPACE}NAME, iq:set:{NAMESPACE}NAME and message:pubsub:NODE`,
  );
}
