import { until } from "../../prosody/support.ts";
import { Accounts } from "./accounts.ts";
import { type Installation, LEDGER } from "./installation.ts";
import type { Speaker } from "./person.ts";
import { startTap, type TapOptions } from "./tap.ts";

/** Resets on either side of restanza. */
export interface Breaks {
  readonly inwards?: TapOptions["reset"];
  readonly outwards?: TapOptions["reset"];
}

/** Puts taps on both sides of restanza, which keep account of what passes. */
export async function observe(
  { port, httpPort, detour }: Installation,
  stack: AsyncDisposableStack,
  { inwards, outwards }: Breaks = {},
): Promise<Accounts> {
  const accounts = new Accounts(LEDGER);
  const onCallback = accounts.callback;
  stack.use(await startTap({ port: detour.port, target: port, onPassed: onCallback, reset: inwards }));
  stack.use(
    await startTap({ port: detour.httpPort, target: httpPort, onPassed: accounts.post, reset: outwards }),
  );
  return accounts;
}

/** Lets everybody say a last word, and waits for its confirmation: with it all before it in the conversation are through. */
export async function lastWords(people: readonly Speaker[], accounts: Accounts): Promise<void> {
  for (const person of people) person.say();
  const heard = ({ account }: Speaker): boolean => account.seen.includes(account.said - 1);
  await until(() => people.every(heard), "the last confirmations", 60_000);
  await until(() => accounts.pending === 0, "confirmations of all that was acknowledged", 60_000);
}

/** How far somebody speaks ahead of what was answered: less than restanza_callback_queue_per_conversation. */
const AHEAD = 60;

/** Lets everybody speak every so many milliseconds, as far as they are listened to, until the result is called. */
export function speak(people: readonly Speaker[], every: number): () => void {
  const speaking = setInterval(() => {
    for (const person of people) if (person.account.ahead < AHEAD) person.say();
  }, every);
  return () => clearInterval(speaking);
}
