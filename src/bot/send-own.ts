import type { Jid, Message, Presence } from "../stanza/index.ts";
import { type BotHandle, fromBot, type Sent } from "./context.ts";

/** What can be said of something that a bot sends of its own accord. */
export interface SendOwnOptions {
  /** A name for this very sending: what the bot sends again under it within 24 hours is not sent again. */
  readonly once?: string | undefined;
  /** Whether to wait until Prosody has taken it; without, only until it is safe in the store. Default: yes. */
  readonly wait?: boolean | undefined;
}

/** @internal Sends something from a bot's own address, in answer to nothing. */
export async function sendOwn(
  handle: BotHandle,
  to: Jid | string,
  content: string | Message | Presence,
  { once: name, wait = true }: SendOwnOptions = {},
): Promise<Sent> {
  const { sender, jid } = handle;
  const stanza = fromBot(handle, to, content);
  const options = name === undefined ? {} : { once: `${jid} ${name}` };
  if (wait || sender.enqueue === undefined) return await sender.send(stanza, options);
  const [id = ""] = await sender.enqueue([stanza], options);
  return { id };
}
