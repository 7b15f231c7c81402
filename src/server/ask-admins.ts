import { ADMINS, type BotHandle, BufferedStorage, permissionsOf, textsOf } from "../bot/index.ts";
import { Jid, message } from "../stanza/index.ts";

/** How many admins are asked. */
const MOST_ASKED = 20;

/**
 * Has the host's own bot ask the admins whether somebody may be a contact of a bot: each of them once under that name.
 *
 * @param host the bot at the domain itself, whose commands decide about it.
 * @returns whether there is anybody to ask: accounts, not domains or occupants.
 */
export async function askAdmins(
  host: BotHandle | undefined,
  about: Pick<BotHandle, "name" | "jid">,
  asker: Jid,
  once: string,
): Promise<boolean> {
  if (host === undefined) return false;
  const admins = (permissionsOf({ bot: host }).config.groups?.[ADMINS] ?? []).filter(isAccount);
  for (const admin of admins.slice(0, MOST_ASKED)) {
    const body = textsOf(host).say("contactQuestion", await languageOf(host, admin), {
      asker: asker.toString(),
      bot: about.jid.toString(),
      name: about.name,
    });
    const question = message({ type: "chat", from: host.jid, to: admin, body });
    await host.sender.send(question, { once: `${once} ${admin}` });
  }
  return admins.length > 0;
}

/** Whether somebody is one of those who would be asked, who need not ask themselves. */
export function isAdmin(host: BotHandle | undefined, account: Jid): boolean {
  if (host === undefined) return false;
  const admins = permissionsOf({ bot: host }).config.groups?.[ADMINS] ?? [];
  return admins.filter(isAccount).includes(account.bare.toString());
}

/** The language that an admin has chosen for the host's bot. */
async function languageOf({ store, jid }: BotHandle, admin: string): Promise<string | undefined> {
  if (store === undefined) return undefined;
  return await new BufferedStorage(store, jid.toString()).area("languages").get<string>(admin);
}

function isAccount(text: string): boolean {
  if (!Jid.isValid(text)) return false;
  const jid = Jid.parse(text);
  return jid.isBare && jid.local !== undefined;
}
