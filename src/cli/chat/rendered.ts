import { styleText } from "node:util";
import type { Message, Presence, Stanza } from "../../stanza/index.ts";
import {
  readChatState,
  readCorrection,
  readOccupant,
  readReactions,
  readRetraction,
  readUnquoted,
} from "../../xep/index.ts";
import { printable } from "../output.ts";

/** What a stanza says to a person: its words, or its error. */
export function spoken(stanza: Stanza): string | undefined {
  if (stanza.error) return `[error] ${stanza.error.message}`;
  return stanza.kind === "message" ? readUnquoted(stanza) : undefined;
}

/**
 * A stanza as a person reads it in a terminal, as whole lines.
 *
 * @returns `undefined` for what is for clients alone.
 */
export function rendered(stanza: Stanza): string | undefined {
  const from = printable(stanza.from?.toString() ?? "");
  const text = spoken(stanza);
  if (stanza.error) return `${styleText("red", from)}  ${printable(text ?? "")}\n`;
  if (stanza.kind === "presence") return dimmed(occupantLine(stanza));
  if (stanza.kind !== "message") return undefined;
  if (text === undefined) return dimmed(wordless(stanza, from));
  const edited = readCorrection(stanza) === undefined ? "" : styleText("dim", "(edited) ");
  return `${styleText("cyan", from)}  ${edited}${printable(text)}\n`;
}

function wordless(message: Message, from: string): string | undefined {
  if (message.subject) return `the subject is: ${printable(message.subject)}`;
  const reactions = readReactions(message);
  if (reactions !== undefined) {
    const { emojis } = reactions;
    return emojis.length === 0
      ? `${from} takes the reaction back`
      : `${from} reacts: ${printable(emojis.join(" "))}`;
  }
  if (readRetraction(message) !== undefined) return `${from} takes a message back`;
  return readChatState(message) === "composing" ? `${from} is typing…` : undefined;
}

function occupantLine(presence: Presence): string | undefined {
  const occupant = readOccupant(presence);
  if (occupant === undefined) return undefined;
  const { nick, newNick, departure, room } = occupant;
  const who = printable(nick);
  if (newNick !== undefined) return `${who} is now ${printable(newNick)}`;
  if (departure !== undefined) return `${who} is out of ${room} (${departure})`;
  return `${who} is in ${room}`;
}

function dimmed(line: string | undefined): string | undefined {
  return line === undefined || line === "" ? undefined : `${styleText("dim", line)}\n`;
}
