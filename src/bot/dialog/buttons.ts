import type { Element } from "../../stanza/index.ts";
import { buildQuickResponse, NS_QUICK_RESPONSE } from "../../xep/index.ts";
import type { Context } from "../context.ts";

/**
 * @internal A button for each thing to choose from, where the person's client has such (XEP-0439); it says the words for it. Nobody knows the clients
 * that see what goes to a whole room.
 */
export async function buttonsFor(
  { stanza, from, bot }: Context,
  choices: readonly { readonly label: string }[],
): Promise<Element[]> {
  const isTalk = stanza.kind === "message" && stanza.type === "groupchat";
  if (choices.length === 0 || isTalk || from.isBare) return [];
  const features = await bot.peers.features(from);
  if (!features.has(NS_QUICK_RESPONSE)) return [];
  return choices.map(({ label }) => buildQuickResponse({ value: label }));
}
