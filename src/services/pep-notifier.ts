import { type BotHandle, BoundedMap } from "../bot/index.ts";
import { type Jid, message } from "../stanza/index.ts";
import { buildPubSubEvent, NS_AVATAR_METADATA, NS_NICK, notifyFeature } from "../xep/index.ts";
import { pepItem } from "./pep-nodes.ts";

/** At which nodes something is told as it changes, and to who comes online. */
const NODES: readonly string[] = [NS_AVATAR_METADATA, NS_NICK];

/** Of how many clients it is remembered what they were told. */
const MOST_TOLD = 10_000;

/** What a {@link PepNotifier} needs to know of its bot. */
type NotifyingBot = Pick<BotHandle, "jid" | "identity" | "peers" | "contacts" | "sender" | "log">;

/**
 * Tells the clients of a bot's contacts what it shows of itself, where they say that they want to be told (XEP-0163 §4.3): when
 * they come online, and once.
 */
export class PepNotifier {
  readonly #told = new BoundedMap<string>(MOST_TOLD);

  /** A client says that it is there. */
  async available(bot: NotifyingBot, client: Jid): Promise<void> {
    if (client.isBare) return;
    const key = client.toString();
    const { nick, avatar } = bot.identity.profile;
    const shown = JSON.stringify([nick, avatar?.id]);
    try {
      if (this.#told.get(key) === shown) return;
      const contact = await bot.contacts.get(client);
      if (contact?.subscription !== "from" && contact?.subscription !== "both") return;
      if (this.#told.get(key) === shown) return;
      this.#told.set(key, shown);
      const features = await bot.peers.features(client);
      for (const node of NODES) if (features.has(notifyFeature(node))) await tell(bot, client, node);
    } catch (error) {
      bot.log.warn({ err: error, client: key }, "a client could not be told what the bot shows of itself");
    }
  }

  /** A client is gone: when it comes back it is told again. */
  gone(client: Jid): void {
    this.#told.delete(client.toString());
  }
}

async function tell(bot: NotifyingBot, to: Jid, node: string): Promise<void> {
  const item = pepItem(bot, node);
  if (item === undefined) return;
  const items = [{ id: item.id, payload: item.payload, publisher: undefined }];
  await bot.sender.send(
    message({ type: "headline", from: bot.jid, to }, buildPubSubEvent({ type: "items", node, items })),
  );
}
