import type { Jid } from "../../stanza/index.ts";

/** @internal Whether accounts of a domain are of the server that a bot is at, whose operator knows them. */
export function isAtHome(bot: Jid, domain: string): boolean {
  return bot.domain === domain || bot.domain.endsWith(`.${domain}`);
}

/** @internal What all domains have in common that one person can have as many of as they like: the last two labels. */
export function familyOf(domain: string): string {
  return domain.split(".").slice(-2).join(".");
}
