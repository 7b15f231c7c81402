import type { FileToSend, UploadOptions } from "../outbound/index.ts";
import { Jid, Message, type Presence } from "../stanza/index.ts";
import type { SharedFile } from "../xep/index.ts";
import { type BotHandle, fromBot, type Sent } from "./context.ts";
import { fileMessage, NO_FILES } from "./files/index.ts";

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
