import { randomUUID } from "node:crypto";
import { type Message, NS_CLIENT, type Presence } from "../../stanza/index.ts";
import { NS_MUC } from "../../xep/index.ts";
import { RestRefusedError } from "../errors.ts";
import type { Item } from "./item.ts";
import type { OutboxClient, OutboxSendOptions } from "./options.ts";

/** How long presence may wait, in milliseconds. */
const PRESENCE_LIFE = 60_000;

/**
 * @internal Makes an item of a stanza that may be sent.
 *
 * @throws what {@link RestClient.send} refuses a stanza with, and RestRefusedError when nobody sends for its domain.
 */
export function admit(
  stanza: Message | Presence,
  clients: ReadonlyMap<string, OutboxClient>,
  now: number,
  { once, priority = 0, expires }: OutboxSendOptions,
): Item {
  const domain = domainOf(stanza, clients);
  const client = clients.get(domain);
  if (client === undefined) {
    throw new RestRefusedError(
      `the stanza is from ${stanza.from}, and there is no mount for ${domain}: set from to a JID of ${[...clients.keys()].join(" or ")}`,
      "forbidden-from",
    );
  }
  const own = stanza.id || undefined;
  const id = own ?? once ?? randomUUID();
  return {
    // An id of a stanza is not unique: others than the bot may have chosen it, and it may be there again tomorrow.
    id: once ?? (own === undefined ? id : randomUUID()),
    // A room is one conversation, and so is a person, on whatever device.
    key: `${stanza.from?.bare ?? domain} ${stanza.to?.bare ?? ""}`,
    domain,
    stanza: client.prepare(stanza, id),
    priority,
    expires: expires ?? (isPassing(stanza) ? now + PRESENCE_LIFE : undefined),
    // A private message to an occupant is between two.
    room: stanza.kind === "message" && stanza.type === "groupchat",
    waiter: undefined,
    committed: false,
    attempts: 0,
    doubtful: false,
  };
}

/** @internal The domain whose Prosody a stanza goes through. */
export function domainOf(
  { from }: { readonly from: Message["from"] },
  clients: ReadonlyMap<string, OutboxClient>,
): string {
  if (from !== undefined) return from.domain.toLowerCase();
  const [only, another] = clients.keys();
  if (only !== undefined && another === undefined) return only;
  throw new RestRefusedError(
    `a stanza without from can go through any of ${[...clients.keys()].join(", ")}: set from to the JID of the bot`,
    "forbidden-from",
  );
}

/**
 * Presence says what is so now. Told late it says what is no longer so: that a bot is away which came back since, and has
 * said that too. A subscription (RFC 6121 §3) and a room that is to be entered (XEP-0045 §7.2) are wanted late as well.
 */
function isPassing(stanza: Message | Presence): boolean {
  if (stanza.kind !== "presence" || stanza.element.ns !== NS_CLIENT) return false;
  switch (stanza.type) {
    case "available":
      return stanza.child("x", NS_MUC) === undefined;
    case "unavailable":
    case "probe":
    case "error":
      return true;
    default:
      return false;
  }
}
