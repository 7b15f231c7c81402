import { messageFilters } from "./messages.ts";
import type { FilterSpec } from "./spec.ts";

/** What has happened at a node of publish-subscribe of this name, whosever it is. */
export type NodeFilter = `message:pubsub:${string}`;

const PREFIX = "message:pubsub:";

/** @internal What in the parts of a condition begins the name of a node. */
export const NODE_PART = "node ";

/** @internal Reads `message:pubsub:NODE`. */
export function nodeFilter(filter: string): FilterSpec | undefined {
  const node = filter.slice(PREFIX.length);
  if (!filter.startsWith(PREFIX) || node === "") return undefined;
  const any = messageFilters["message:pubsub"];
  return {
    ...any,
    parts: [...any.parts, `${NODE_PART}${node}`],
    test: (ctx) => {
      const found = any.test(ctx);
      if (typeof found !== "object" || !("event" in found)) return false;
      return (found.event as { readonly node: string }).node === node && found;
    },
  };
}
