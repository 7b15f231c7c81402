import type { Socket } from "node:net";

/**
 * Resets a connection, also one that is just being ended: there libuv refuses to, and Node.js takes the socket for closed all the same. Its
 * handle is never closed then, and the process that has it spins at its end for ever (seen with Node.js 24.21).
 */
export function breakOff(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}
