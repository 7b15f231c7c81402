import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import type { Received } from "./support.ts";

/** A server that takes connections and breaks each off. */
export interface Breaker {
  /** What each connection brought before it was broken off. */
  readonly requests: string[];
  /** How many connections were made. */
  connections(): number;
  close(): Promise<void>;
}

/** Starts a {@link Breaker}; `during` is when it does so. */
export async function startBreaker(
  port: number,
  during: "connecting" | "reading" | "answering",
): Promise<Breaker> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    if (during === "connecting") {
      socket.resetAndDestroy();
      return;
    }
    socket.once("data", (data) => {
      requests.push(data.toString("utf8"));
      if (during === "answering") socket.end("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<mess");
      else socket.resetAndDestroy();
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    requests,
    connections: () => connections,
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}

/** The value of a header in the text of a request. */
export function headerOf(request: string, name: string): string | undefined {
  return new RegExp(`^${name}: (.*)\r$`, "im").exec(request)?.[1];
}

/** How often each text arrived. */
export function timesOf(received: readonly Received[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const { text } of received) if (text !== undefined) times.set(text, (times.get(text) ?? 0) + 1);
  return times;
}

/** Asks a bot for a ping. */
export const ping = (to: string, id: string): string =>
  `<iq to='${to}' type='get' id='${id}'><ping xmlns='urn:xmpp:ping'/></iq>`;

/** The lines in Prosody's log by which an outage begins and ends. */
export function outageLines(log: string, host: string): string[] {
  return log
    .split("\n")
    .filter((line) => line.startsWith(`${host}:`) || line.includes(` ${host}:restanza_callback`))
    .filter((line) => /web server is (away|back|still away)/.test(line));
}
