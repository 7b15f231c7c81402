import { type BotControl, type Composer, type Contacts, Jid } from "restanza";
import { z } from "zod";
import type { Spoken } from "./speech.ts";

const botAndAccount = {
  args: z.object({ bot: z.string().toLowerCase(), who: z.string() }),
  descriptions: {
    bot: { en: "the name of the bot", de: "der Name des Bots" },
    who: { en: "the account that wants to add it", de: "das Konto, das ihn hinzufügen möchte" },
  },
  positional: ["bot", "who"],
  access: "admin",
} as const;

/** Lets admins decide who may be a contact of a bot, where the bot leaves that to them. */
export function addContactCommands(bot: Composer<Spoken>): void {
  bot.command({
    name: "requests",
    summary: {
      en: "tells who wants to add a bot and waits for an admin",
      de: "sagt, wer einen Bot hinzufügen möchte und auf einen Admin wartet",
    },
    access: "admin",
    run: async ({ bot: { control }, t }) => {
      const lines: string[] = [];
      for (const name of control?.states().keys() ?? [])
        for (const { jid, since } of (await control?.contacts(name).requests()) ?? [])
          lines.push(t("waiting", { bot: name, who: jid.toString(), since: new Date(since) }));
      return lines.join("\n") || t("nobodyWaits");
    },
  });
  bot.command({
    ...botAndAccount,
    name: "accept",
    summary: {
      en: "lets somebody add a bot, at once or as soon as they ask",
      de: "lässt jemanden einen Bot hinzufügen, sofort oder sobald sie darum bitten",
    },
    examples: ["accept echo juliet@example.com"],
    run: async ({ bot: { control }, t }, { bot: name, who: said }) => {
      const contacts = contactsOf(control, name);
      if (contacts === undefined) return t("unknownBot", { bot: name });
      const who = await accountOf(contacts, said);
      if (who === undefined) return t("noAddress", { said });
      const had = await contacts.accept(who);
      return t(had ? "accepted" : "approved", { bot: name, who: who.toString() });
    },
  });
  bot.command({
    ...botAndAccount,
    name: "refuse",
    summary: {
      en: "does not let somebody add a bot, or has a contact not be one any more",
      de: "lässt jemanden einen Bot nicht hinzufügen, oder nicht länger Kontakt sein",
    },
    examples: ["refuse echo juliet@example.com"],
    run: async ({ bot: { control }, t }, { bot: name, who: said }) => {
      const contacts = contactsOf(control, name);
      if (contacts === undefined) return t("unknownBot", { bot: name });
      const who = await accountOf(contacts, said);
      if (who === undefined) return t("noAddress", { said });
      const had = await contacts.refuse(who);
      return t(had ? "refused" : "unasked", { bot: name, who: who.toString() });
    },
  });
}

/**
 * The account that an admin names. Servers let addresses through that RFC 7622 does not, or would spell otherwise; so what somebody is
 * known by comes first.
 */
async function accountOf(contacts: Contacts, said: string): Promise<Jid | undefined> {
  const text = said.trim().replace(/^xmpp:/i, "");
  const waiting = (await contacts.requests()).find(({ jid }) => jid.toString() === text);
  if (waiting !== undefined) return waiting.jid;
  if (Jid.isValid(text)) return Jid.parse(text).bare;
  for await (const { jid } of contacts.list()) if (jid.toString() === text) return jid;
  return undefined;
}

function contactsOf(control: BotControl | undefined, name: string): Contacts | undefined {
  return control?.states().has(name) ? control.contacts(name) : undefined;
}
