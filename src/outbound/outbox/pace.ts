import { whole } from "../options.ts";

/** How fast stanzas may go. */
export interface Pace {
  /** In the long run; a fraction for less than one a second. */
  readonly perSecond: number;
  /** How many may go at once after a while of silence. */
  readonly burst: number;
}

/** How fast the stanzas of one mount may go, from one process. */
export interface MountPace {
  /** All together. Default: as fast as Prosody takes them. */
  readonly all?: Pace | undefined;
  /** The messages to one room; `false` for as fast as they can. Default: 5 at once, then 2 a second. */
  readonly room?: Pace | false | undefined;
}

/** @internal An answer of some lines comes at once, and whoever reads along can still follow the others. */
export const ROOM_PACE: Pace = { burst: 5, perSecond: 2 };

/**
 * @internal Checks the paces of all mounts.
 *
 * @throws RangeError when one cannot work.
 */
export function checkPaces(paces: ReadonlyMap<string, MountPace>): void {
  for (const { all, room } of paces.values()) for (const pace of [all, room]) if (pace) checkPace(pace);
}

function checkPace({ perSecond, burst }: Pace): void {
  whole("burst", burst, 1, 1_000_000);
  if (perSecond > 0 && perSecond <= 1_000_000) return;
  throw new RangeError(
    `perSecond is ${perSecond}; give a number above 0, a fraction for less than one a second, or leave the pace out`,
  );
}
