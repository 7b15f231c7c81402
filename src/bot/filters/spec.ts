import type { Context } from "../context.ts";
import type { Condition } from "./condition.ts";

/** @internal A filter as a value. */
export interface FilterSpec extends Condition {
  /** Whether a context passes; what is returned instead of `true` is added to it. */
  readonly test: (ctx: Context) => boolean | object;
  /** For messages: it passes none that has no child in one of these namespaces. */
  readonly namespaces?: readonly string[];
}
