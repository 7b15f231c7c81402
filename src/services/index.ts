import { Composer } from "../bot/index.ts";
import { commands } from "./commands.ts";
import { contacts } from "./contacts.ts";
import { discovery } from "./discovery.ts";
import { encryptedMessages } from "./encrypted.ts";
import { invitations } from "./invitations.ts";
import { pep } from "./pep.ts";
import { ping } from "./ping.ts";
import { profile } from "./profile.ts";

export { PepNotifier } from "./pep-notifier.ts";

/** What every bot owes the network, and does not have to think of. Its own routes come first. */
export function services(): Composer {
  return new Composer().use(
    ping(),
    commands(),
    discovery(),
    profile(),
    pep(),
    contacts(),
    invitations(),
    encryptedMessages(),
  );
}
