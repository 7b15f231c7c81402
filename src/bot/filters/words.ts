import type { Message } from "../../stanza/index.ts";
import {
  NS_REACTIONS,
  NS_RETRACTION,
  readDecline,
  readEncryption,
  readFallback,
  readInvitation,
  readRetraction,
} from "../../xep/index.ts";

/** What the body may be a mere stand-in for. */
const STAND_INS: readonly string[] = [NS_REACTIONS, NS_RETRACTION];

/**
 * @internal Whether a message has a body that is meant to be read: not one that only stands for what an old client cannot show, as of a
 * reaction, a retraction, an invitation or an encrypted message.
 */
export function hasWords(message: Message): message is Message & { readonly body: string } {
  if (message.body === undefined) return false;
  // Most messages have nothing but words, and need no closer look.
  if (message.element.children.length === 1 && !/^[?-]/.test(message.body)) return true;
  return (
    readEncryption(message) === undefined &&
    readRetraction(message) === undefined &&
    readInvitation(message) === undefined &&
    readDecline(message) === undefined &&
    STAND_INS.every((ns) => readFallback(message, ns) !== "all")
  );
}
