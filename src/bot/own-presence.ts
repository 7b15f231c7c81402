import { type Element, Jid, type Message, Presence, presence } from "../stanza/index.ts";
import type { BotHandle } from "./bot-handle.ts";
import type { Identity } from "./profile/index.ts";
import { occupantAt } from "./rooms/nicknames.ts";
import type { Sender } from "./sender.ts";

/**
 * Adds to a bot's own presence what every client shows in its presence: what it can do (XEP-0115, XEP-0390) and which
 * avatar it has (XEP-0153); to a request or an answer about subscriptions, its nickname (XEP-0172 §4.1). What is there already stays.
 *
 * What bots send goes through {@link presenting}, which does this: only who sends a bot's presence past its sender has to.
 */
export function decorate(presence: Presence, { identity }: { readonly identity: Identity }): Presence {
  const { element, type } = presence;
  const missing = additions(type, identity).filter(({ name, ns }) => element.child(name, ns) === undefined);
  return missing.length === 0 ? presence : new Presence(element.append(missing));
}

function additions(type: Presence["type"], identity: Identity): readonly Element[] {
  if (type === "available") return identity.presence;
  // Elsewhere XEP-0172 forbids it.
  return type === "subscribe" || type === "subscribed" ? identity.introduction : [];
}

/** Has the rooms that a bot is in see what its presence says of it by now (XEP-0045 §7.7). */
export async function showInRooms({
  jid,
  rooms,
  sender,
}: Pick<BotHandle, "jid" | "rooms" | "sender">): Promise<void> {
  for (const { room, state } of rooms.known) {
    const at = Jid.fromWire(room);
    const nick = rooms.nick(at);
    if (nick === undefined || state !== "in" || !rooms.isJoinedHere(room)) continue;
    await sender.send(presence({ from: jid, to: occupantAt(at, nick) }));
  }
}

/** A sender that decorates each presence of a bot on its way. */
export function presenting(sender: Sender, bot: { readonly identity: Identity }): Sender {
  const own = <S extends Message | Presence>(stanza: S): S | Presence =>
    stanza.kind === "presence" ? decorate(stanza, bot) : stanza;
  return {
    send: (stanza, options) => sender.send(own(stanza), options),
    ...(sender.enqueue && {
      enqueue: (stanzas, options) =>
        (sender.enqueue as Sender["enqueue"] & object).call(sender, stanzas.map(own), options),
    }),
    ...(sender.broadcast && {
      broadcast: (recipients, make, options) =>
        (sender.broadcast as Sender["broadcast"] & object).call(
          sender,
          recipients,
          (to) => own(make(to)),
          options,
        ),
    }),
    iq: (stanza, options) => sender.iq(stanza, options),
    ...(sender.exchange && {
      exchange: (stanza, options) =>
        (sender.exchange as Sender["exchange"] & object).call(sender, stanza, options),
    }),
  };
}
