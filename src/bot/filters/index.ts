export { both, type Condition, implies, type StanzaClass } from "./condition.ts";
export { type Filter, type Filtered, type Filters, filterSpec } from "./filter.ts";
export type { MessageFilters } from "./messages.ts";
export { NODE_PART, type NodeFilter } from "./nodes.ts";
export type { PresenceFilters } from "./presences.ts";
export type { PayloadFilter, RequestFilters } from "./requests.ts";
export type { FilterSpec } from "./spec.ts";
