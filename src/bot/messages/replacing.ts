import { randomUUID } from "node:crypto";
import type { Context } from "../context.ts";
import { correctionIdOf } from "./correction-id.ts";

/** @internal Which messages from before are those that what a handler says takes the place of. */
export interface Replacing {
  /** The id of the one that the next message takes the place of, if any. */
  readonly next: string | undefined;
  /** The same, for the next message, which is said now under this id. */
  take(id: string): string | undefined;
}

/** @internal For handlers of a stanza that corrects what was answered before. */
export const replacing = new WeakMap<Context, Replacing>();

/** @internal An id for the next reply, which tells of which message it is the correction, if it is one: see {@link correctionIdOf}. */
export function idOfNext(ctx: Context): string {
  const first = replacing.get(ctx)?.next;
  return first === undefined ? randomUUID() : correctionIdOf(first);
}
