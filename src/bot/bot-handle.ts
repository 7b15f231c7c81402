import type { Logger } from "pino";
import type { Jid } from "../stanza/index.ts";
import type { Clock, Store } from "../store/index.ts";
import type { Command } from "./commands/command.ts";
import type { Contacts } from "./contacts/index.ts";
import type { BotControl } from "./control.ts";
import type { Directory } from "./directory.ts";
import type { Files } from "./files/index.ts";
import type { Catalogues } from "./i18n/catalogues.ts";
import type { FrameworkText } from "./i18n/framework.ts";
import type { Peers } from "./peers/index.ts";
import type { Permissions } from "./permissions/permissions.ts";
import type { Identity } from "./profile/index.ts";
import type { InvitationPolicy, Occupants, Rooms } from "./rooms/index.ts";
import type { Sender } from "./sender.ts";

/** The bot that a context belongs to, as its handlers and its start hook see it. */
export interface BotHandle {
  /** The name, which is the localpart of its address unless it is the host's own bot. */
  readonly name: string;
  /** Its address. */
  readonly jid: Jid;
  /** What it is to the network: what it shows of itself, and what it can do. */
  readonly identity: Identity;
  /** What the clients of others can do. */
  readonly peers: Peers;
  /** Its log; every line names the bot. */
  readonly log: Logger;
  /** Who sees when it is there, and whom it sees; and what it says of itself to them. */
  readonly contacts: Contacts;
  /** The rooms it is in. */
  readonly rooms: Rooms;
  /** Whose invitations into rooms it follows; default: those of people at the server that it is part of. */
  readonly invitations?: InvitationPolicy | undefined;
  /** Who else is in these rooms; default: nobody that is known. */
  readonly occupants?: Occupants | undefined;
  /** Who may run which of its commands; default: everyone those that are for everyone, and nobody any other. */
  readonly permissions?: Permissions | undefined;
  /** Its commands, those that all bots have included; default: none. */
  readonly commands?: readonly Command<never>[] | undefined;
  /** What it says where restanza speaks for it; default: in English and German. */
  readonly texts?: Catalogues<FrameworkText> | undefined;
  /** Switches the bots beside it off and on; only the host's own bot has it. */
  readonly control?: BotControl | undefined;
  /** The bots beside it. */
  readonly directory: Directory;
  /** Where its files go, and where it gets those of others; default: nowhere. */
  readonly files?: Files | undefined;
  /** @internal What it goes by; default: the real time. */
  readonly clock?: Clock | undefined;
  /** @internal Told when a timer is due that it has set in answer to nothing. */
  readonly onTimer?: ((due: number) => void) | undefined;
  /** Where it is kept what it remembers; default: nowhere. */
  readonly store?: Pick<Store, "get" | "commit"> | undefined;
  /** Sends its stanzas. */
  readonly sender: Sender;
}
