import type { BotHandle } from "../bot/index.ts";
import {
  buildAvatarData,
  buildAvatarMetadata,
  buildNick,
  NODE_VCARD4,
  NS_AVATAR_DATA,
  NS_AVATAR_METADATA,
  NS_NICK,
  type PubSubItemInit,
} from "../xep/index.ts";
import { vcard4Of } from "./cards.ts";

/** What there is of a node that has one item at most. */
const CURRENT = "current";

/** The nodes that a bot has (XEP-0163), and what is there. */
const NODES: Readonly<
  Record<string, (bot: Pick<BotHandle, "identity" | "jid">) => PubSubItemInit | undefined>
> = {
  [NS_AVATAR_METADATA]: ({ identity: { profile } }) => {
    const { avatar } = profile;
    if (avatar === undefined) return { id: CURRENT, payload: buildAvatarMetadata([]) };
    const { id, type, data, width, height } = avatar;
    return { id, payload: buildAvatarMetadata([{ id, type, bytes: data.length, width, height }]) };
  },
  [NS_AVATAR_DATA]: ({ identity: { profile } }) =>
    profile.avatar && { id: profile.avatar.id, payload: buildAvatarData(profile.avatar.data) },
  [NS_NICK]: ({ identity: { profile } }) => ({ id: CURRENT, payload: buildNick(profile.nick) }),
  [NODE_VCARD4]: ({ identity: { profile }, jid }) => ({ id: CURRENT, payload: vcard4Of(profile, jid) }),
};

/** The names of the nodes. */
export const PEP_NODES: readonly string[] = Object.keys(NODES);

/** The item of a node; `undefined` where it has none, or there is no such node. */
export function pepItem(bot: Pick<BotHandle, "identity" | "jid">, node: string): PubSubItemInit | undefined {
  return Object.hasOwn(NODES, node) ? NODES[node]?.(bot) : undefined;
}
