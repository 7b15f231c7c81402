import type { JsonValue } from "../../store/index.ts";
import type { Context } from "../context.ts";

/** Whether one more is allowed: it is `within`; it is the first `over` it; or it was told so before, and is to be passed over in silence. */
export interface Verdict {
  readonly kind: "within" | "over" | "silent";
  /** When the window is over, in milliseconds since 1970. */
  readonly until: number;
}

/** What is stored of a window, until it is over. */
interface Stored {
  readonly count: number;
  readonly until: number;
  /** Whether they know that they have gone over it. */
  readonly told: boolean;
}

const AREA = "limits";

/**
 * Counts what somebody asks in a fixed window of time, from the first on. The count is committed at once, so that it is true among
 * nodes and of handlers that fail. Who goes on after the notice costs one reading each, and nothing more is stored.
 */
export class Window {
  readonly #points: number;
  readonly #duration: number;

  /** @param duration in milliseconds. */
  constructor(points: number, duration: number) {
    this.#points = points;
    this.#duration = duration;
  }

  /** Takes one. */
  async take(ctx: Context, key: string): Promise<Verdict> {
    let verdict: Verdict = { kind: "silent", until: 0 };
    await ctx.effects.changeNow(AREA, key, (value) => {
      const { count, until, told } = this.#current(value, ctx.now);
      if (told) verdict = { kind: "silent", until };
      else verdict = { kind: count < this.#points ? "within" : "over", until };
      if (told) return undefined;
      const stored: Stored = {
        count: Math.min(count + 1, this.#points),
        until,
        told: verdict.kind === "over",
      };
      return { value: stored as unknown as JsonValue, expires: until };
    });
    return verdict;
  }

  /** Tells what {@link take} would. */
  async look(ctx: Context, key: string): Promise<Verdict> {
    let verdict: Verdict | undefined;
    await ctx.effects.changeNow(AREA, key, (value) => {
      const { count, until, told } = this.#current(value, ctx.now);
      verdict = { kind: told ? "silent" : count < this.#points ? "within" : "over", until };
      return undefined;
    });
    return verdict ?? { kind: "within", until: 0 };
  }

  #current(value: JsonValue | undefined, now: number): Stored {
    const stored = value as unknown as Stored | undefined;
    return stored !== undefined && stored.until > now
      ? stored
      : { count: 0, until: now + this.#duration, told: false };
  }
}
