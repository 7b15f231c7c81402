import type { FileToSend, UploadOptions } from "../outbound/index.ts";
import { Jid, Message, type Presence } from "../stanza/index.ts";
import type { SharedFile } from "../xep/index.ts";
import type { Sent } from "./answering.ts";
import type { BotHandle } from "./bot-handle.ts";
import { fileMessage, NO_FILES } from "./files/index.ts";
import { fromBot } from "./from-bot.ts";
import { partsOfStanza } from "./manners/parts.ts";
import type { SendOptions } from "./sender.ts";

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
  const parts = partsOfStanza(stanza, handle, stanza.lang);
  const options = (part: number): SendOptions =>
    name === undefined ? {} : { once: `${jid} ${name}${part === 0 ? "" : ` ${part}`}` };
  if (!wait && sender.enqueue !== undefined) {
    const [id = ""] = await sender.enqueue(parts, options(0));
    return { id };
  }
  const [first = stanza, ...others] = parts;
  const sent = await sender.send(first, options(0));
  for (const [index, part] of others.entries()) await sender.send(part, options(index + 1));
  return sent;
}

/** What can be said of a file that a bot sends of its own accord. */
export interface SendFileOptions extends SendOwnOptions, Pick<UploadOptions, "onProgress" | "signal"> {}

/** @internal Uploads a file, and sends it from a bot's own address. */
export async function sendOwnFile(
  handle: BotHandle,
  to: Jid | string,
  file: FileToSend,
  { onProgress, signal, ...options }: SendFileOptions = {},
): Promise<SharedFile> {
  const { files = NO_FILES, jid, rooms } = handle;
  const shared = await files.upload(file, { from: jid, onProgress, signal });
  const addressee = Jid.parse(to);
  const type = addressee.isBare && rooms.has(addressee) ? "groupchat" : "chat";
  const content = fileMessage(shared).element.withAttrs({ type });
  await sendOwn(handle, to, new Message(content), options);
  return shared;
}
