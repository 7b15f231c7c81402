import { Jid, Message, message, Presence } from "../stanza/index.ts";
import type { BotHandle } from "./bot-handle.ts";
import { MessageContent } from "./messages/index.ts";

/** @internal Makes what a bot sends from its own address. */
export function fromBot(
  { jid, rooms }: Pick<BotHandle, "jid" | "rooms">,
  to: Jid | string,
  content: string | Message | Presence,
): Message | Presence {
  const addressee = Jid.parse(to);
  const addresses = { to: addressee.toString(), from: jid.toString() };
  const type = addressee.isBare && rooms.has(addressee) ? "groupchat" : "chat";
  if (typeof content === "string") return message({ to: addressee, from: jid, type, body: content });
  if (content instanceof MessageContent)
    return new Message(content.element.withAttrs({ ...addresses, type }));
  const element = content.element.withAttrs(addresses);
  return content.kind === "message" ? new Message(element) : new Presence(element);
}
