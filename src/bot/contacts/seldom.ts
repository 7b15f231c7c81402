import type { Clock } from "../../store/index.ts";

/** How often to say it, in milliseconds. */
const EVERY = 60_000;

/** @internal Says something once in a while at most, so that who asks again and again does not fill the log. */
export function seldom(say: (message: string) => void, clock: Clock): (message: string) => void {
  let said = Number.NEGATIVE_INFINITY;
  return (message) => {
    if (clock.now() - said < EVERY) return;
    said = clock.now();
    say(message);
  };
}
