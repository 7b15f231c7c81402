import { NS_CORRECTION, readCorrection } from "../../xep/index.ts";
import type { Context } from "../context.ts";

/**
 * Whether the client that a stanza is from shows corrections as such (XEP-0308 §2). It is asked, as the others would show each as a
 * message of its own. What goes to a whole room is seen by clients that nobody knows.
 */
export async function showsCorrections({ stanza, from, bot }: Context): Promise<boolean> {
  if (stanza.kind !== "message" || stanza.type === "groupchat" || from.isBare) return false;
  if (readCorrection(stanza) !== undefined) return true;
  return (await bot.peers.features(from)).has(NS_CORRECTION);
}
