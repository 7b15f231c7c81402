import type { Command } from "./commands/command.ts";
import type { DialogSet } from "./dialog/index.ts";
import type { Condition } from "./filters/index.ts";
import type { Chain } from "./middleware.ts";
import type { TimedRoutes } from "./time/index.ts";

/** @internal One entry of a composer: what it runs, and what can be known of it before any stanza comes. */
export interface Route<C> {
  /** As its author wrote it, such as `on("message:body")`. */
  readonly label: string;
  readonly run: Chain<C>;
  /** It runs nothing unless one of these holds; default: it may run whatever comes. */
  readonly when?: readonly Condition[] | undefined;
  /** Whether it always runs where one of `when` holds; default `true`. */
  readonly certain?: boolean;
  /**
   * By what a stanza has to be known for it to run: only one that has one of these keys comes to it (see `indexed`); default:
   * those that `when` gives.
   */
  readonly keys?: readonly string[] | undefined;
  /** The routes inside. */
  readonly inner?: readonly Inner[] | undefined;
  /** The dialogs that it continues. */
  readonly dialogs?: DialogSet | undefined;
  /** The commands that it takes. */
  readonly commands?: { readonly commands: readonly Command<never>[] } | undefined;
  /** The timers and schedules that are defined there. */
  readonly time?: TimedRoutes | undefined;
  /** What it puts around whatever runs inside, timers included. */
  readonly wrap?: ((chain: Chain<never>) => Chain<never>) | undefined;
  /** Whether what runs ends there, whatever comes. */
  readonly ends?: boolean;
  /** Where it was added. */
  readonly place?: Place | undefined;
}

/** @internal Routes inside another one. */
export interface Inner {
  readonly routes: readonly Route<never>[];
  /** They are tried only where one of these holds; default: whatever comes. */
  readonly when?: readonly Condition[] | undefined;
}

/** @internal Where a route was added, found out only for who asks. */
export class Place {
  readonly #trace: { readonly stack?: string };

  constructor() {
    const limit = Error.stackTraceLimit;
    // Of the author's own frames the first is enough: before it come those of this room.
    Error.stackTraceLimit = 5;
    this.#trace = new Error();
    Error.stackTraceLimit = limit;
  }

  /** The file and the line; `undefined` where the code has none. */
  toString(): string {
    const frames = this.#trace.stack?.split("\n").slice(1) ?? [];
    const own = frames.find((frame) => !frame.includes(HERE));
    return (
      /\(?((?:file:\/\/)?\/[^()]*?:\d+):\d+\)?$/.exec(own ?? "")?.[1]?.replace("file://", "") ??
      "an unknown place"
    );
  }
}

const HERE = `${import.meta.dirname}/`;
