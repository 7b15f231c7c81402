import { StanzaError } from "../../stanza/index.ts";
import type { RoomConfiguration } from "../../xep/index.ts";
import type { Joining } from "./joining.ts";
import type { Room } from "./room.ts";
import { RoomError } from "./room-error.ts";

/** Makes a room, configures it and opens it to others (XEP-0045 §10.1). @throws RoomError where its service does not let the bot. */
export async function createRoom(
  room: Room,
  nick: string,
  configuration: Partial<RoomConfiguration>,
  others: Readonly<Record<string, string | readonly string[]>>,
  joining: Pick<Joining, "ask">,
): Promise<void> {
  const { password } = configuration;
  try {
    await joining.ask(room.jid, nick, {}, { making: true, password });
    // The room was made before it is asked: Prosody keeps the order, and so does every server on the way.
    await room.configure(configuration, others);
  } catch (error) {
    await room.leave().catch(() => undefined);
    throw error instanceof StanzaError ? new RoomError("create", room.jid, error) : error;
  }
}
