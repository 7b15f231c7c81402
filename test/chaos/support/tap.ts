import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { breakOff } from "../../store/postgres/break-off.ts";

/** A request that was answered as a whole, whether or not the answer got any further. */
export interface Passed {
  readonly body: string;
  readonly status: number;
  readonly answer: string;
}

/** At which moment of an exchange both connections are reset. */
export type Moment = "before the request" | "within the request" | "before the answer" | "within the answer";

/** What a {@link Tap} does. */
export interface TapOptions {
  /** Where to listen. */
  readonly port: number;
  /** Where to pass requests on to, on loopback. */
  readonly target: number;
  /** Told of every answer, before it is passed on. */
  readonly onPassed: (passed: Passed) => void;
  /** Asked for every POST whether, and when, to reset its connections. Default: never. */
  readonly reset?: (() => Moment | undefined) | undefined;
}

/**
 * Stands between two HTTP neighbours, notes what was answered, and resets connections. Whoever asks sees a neighbour that is
 * away as connections that are reset before any answer.
 */
export async function startTap({ port, target, onPassed, reset }: TapOptions): Promise<AsyncDisposable> {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const moment = incoming.method === "POST" ? reset?.() : undefined;
    if (moment === "before the request") throw new Reset();
    const body = await readAll(incoming);
    const further = request({
      host: "127.0.0.1",
      port: target,
      method: incoming.method,
      path: incoming.url,
      headers: incoming.rawHeaders,
      agent,
    });
    if (moment === "within the request") {
      further.on("error", () => undefined);
      further.write(body.subarray(0, body.length >> 1));
      const [socket] = further.socket ? [further.socket] : ((await once(further, "socket")) as [Socket]);
      if (socket.connecting) await once(socket, "connect");
      // Bytes that are reset with the connection are as good as never sent.
      await new Promise((resolve) => setTimeout(resolve, 2));
      breakOff(socket);
      throw new Reset();
    }
    further.end(body);
    const [response] = (await once(further, "response")) as [IncomingMessage];
    const answer = await readAll(response);
    const status = response.statusCode as number;
    onPassed({ body: body.toString(), status, answer: answer.toString() });
    if (moment === "before the answer") throw new Reset();
    if (moment === "within the answer") {
      incoming.socket.write(`HTTP/1.1 ${status} So`);
      await new Promise((resolve) => setTimeout(resolve, 2));
      throw new Reset();
    }
    outgoing.writeHead(status, response.rawHeaders).end(answer);
  };
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => breakOff(incoming.socket));
  });
  // What mod_rest and restanza keep is for them to say.
  server.keepAliveTimeout = 0;
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await once(server, "close");
    },
  };
}

class Reset extends Error {}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
