import { type BotHandle, type BotState, Contacts, decorate, type RoomSender } from "../bot/index.ts";
import { StanzaError } from "../stanza/index.ts";
import type { Clock, Store } from "../store/index.ts";
import { askAdmins, isAdmin } from "./ask-admins.ts";

/** What {@link botContacts} takes besides the bot. */
export interface BotContactsOptions {
  readonly store: Store | undefined;
  readonly clock: Clock | undefined;
  /** Sends past the queue. */
  readonly direct: Pick<RoomSender, "send">;
  /** What the bot is doing. */
  readonly state: () => BotState;
  /** The bot at the domain itself. */
  readonly host: () => BotHandle | undefined;
}

/** The contacts of a bot, as its mount lets them be. */
export function botContacts(
  { name, jid, sender, identity, log }: Pick<BotHandle, "name" | "jid" | "sender" | "identity" | "log">,
  { store, clock, direct, state, host }: BotContactsOptions,
): Contacts {
  return new Contacts({
    bot: jid,
    sender,
    store,
    clock,
    log,
    state,
    decorate: (stanza) => decorate(stanza, { identity }),
    direct: async (stanza) => {
      try {
        await direct.send(decorate(stanza, { identity }));
      } catch (error) {
        // That one of them cannot be reached is no reason not to tell the others.
        if (!(error instanceof StanzaError)) throw error;
      }
    },
    isAdmin: (account) => isAdmin(host(), account),
    askAdmins: (asker, once) => askAdmins(host(), { name, jid }, asker, once),
  });
}
