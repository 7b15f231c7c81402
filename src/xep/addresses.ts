import { Jid, JidError } from "../stanza/index.ts";

/** @internal The JID that a stranger has written, or `undefined` where it is none. */
export function readJid(text: string | undefined): Jid | undefined {
  if (text === undefined) return undefined;
  try {
    return Jid.parse(text);
  } catch (error) {
    if (error instanceof JidError) return undefined;
    throw error;
  }
}
