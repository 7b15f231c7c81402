import type { Accounts } from "./accounts.ts";
import { startDouble } from "./double.ts";
import { type Installation, NAMES } from "./installation.ts";
import { KillableProsody } from "./killable-prosody.ts";
import { connectAll, type Speaker } from "./person.ts";

/** Starts a server for an installation, and connects everybody to it; both end with the stack. */
export type Connect = (
  installation: Installation,
  accounts: Accounts,
  stack: AsyncDisposableStack,
) => Promise<readonly Speaker[]>;

/** Ordinary clients on a real Prosody with our modules. */
export const onProsody: Connect = async (installation, accounts, stack) => {
  const prosody = stack.use(await KillableProsody.start(installation, NAMES));
  return await connectAll(prosody.xmppPort, NAMES, accounts, stack);
};

/** Simulated people on the double. */
export const onDouble: Connect = async (installation, accounts, stack) =>
  stack.use(await startDouble(installation, NAMES, accounts)).people;
