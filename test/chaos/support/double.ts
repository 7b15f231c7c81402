import { message } from "../../../src/stanza/index.ts";
import { ModRestDouble } from "../../../src/testkit/index.ts";
import type { Accounts } from "./accounts.ts";
import { BOTS, type Installation, LEDGER, PASSWORD, PEOPLE } from "./installation.ts";
import type { Speaker } from "./person.ts";

/** The double in the place of Prosody, and people on it. */
export interface DoubleWithPeople extends AsyncDisposable {
  readonly people: readonly Speaker[];
}

/** Starts it behind the detours of an installation. */
export async function startDouble(
  { auth, key, token, httpPort, detour }: Installation,
  names: readonly string[],
  accounts: Accounts,
): Promise<DoubleWithPeople> {
  const prosody = await ModRestDouble.start({
    port: httpPort,
    virtualHosts: [
      { domain: PEOPLE, accounts: Object.fromEntries(names.map((jid) => [jid.split("@")[0], PASSWORD])) },
    ],
    components: [
      {
        domain: BOTS,
        tokens: [token],
        callback: {
          url: `http://${auth}@127.0.0.1:${detour.port}/callback?from={from}&to={to}&kind={kind}&type={type}`,
          carried: { keys: [key] },
        },
      },
    ],
  });
  const people = await Promise.all(
    names.map(async (name): Promise<Speaker> => {
      const account = accounts.of(name);
      const user = await prosody.user(`${name}/phone`);
      user.listen((stanza) => {
        if (stanza.kind === "message") account.receive(stanza);
      });
      const say = (): void => {
        const body = `${account.said++}`;
        user.send(message({ to: LEDGER, type: "chat", id: body, body }));
      };
      return { account, say };
    }),
  );
  return { people, [Symbol.asyncDispose]: () => prosody.stop() };
}
