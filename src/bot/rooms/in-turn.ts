import type { RoomSender } from "./room-sender.ts";

/**
 * Sends to each room one after the other: each stanza is a request of its own, and a leave that overtook a join would have the bot stay
 * in a room that it knows nothing of.
 */
export function inTurn(sender: Pick<RoomSender, "send">): Pick<RoomSender, "send"> {
  const last = new Map<string, Promise<unknown>>();
  return {
    async send(stanza) {
      const room = String(stanza.to?.bare);
      const before = last.get(room);
      const sent = before === undefined ? sender.send(stanza) : before.then(() => sender.send(stanza));
      const settled = sent.catch(() => undefined);
      last.set(room, settled);
      try {
        return await sent;
      } finally {
        if (last.get(room) === settled) last.delete(room);
      }
    },
  };
}
