import { type Element, el, type Message } from "../stanza/index.ts";

/** XEP-0444: Message Reactions; also its feature. */
export const NS_REACTIONS = "urn:xmpp:reactions:0";

/** How somebody feels about a message. */
export interface Reactions {
  /** The id of that message; in a room, the one that the room gave it (XEP-0359). */
  readonly to: string;
  /** Everything that they feel about it now, each once; none where they have taken all back. */
  readonly emojis: readonly string[];
}

/** What a message tells of its sender's reactions; it replaces all that they told of the same message before (§3.2). */
export function readReactions(message: Message): Reactions | undefined {
  const reactions = message.child("reactions", NS_REACTIONS);
  const to = reactions?.attr("id");
  if (reactions === undefined || to === undefined) return undefined;
  const emojis = reactions.childrenNamed("reaction").map(({ text }) => text.trim());
  return { to, emojis: [...new Set(emojis)].filter((emoji) => emoji !== "") };
}

/** Tells all reactions to a message at once; none takes back what was told before. */
export function buildReactions({ to, emojis }: Reactions): Element {
  return el(
    "reactions",
    { xmlns: NS_REACTIONS, id: to },
    emojis.map((emoji) => el("reaction", {}, emoji)),
  );
}
