/** Sends callbacks as Prosody does, over raw sockets, so that it costs little beside the server that is measured. */
import { connect, type Socket } from "node:net";
import { type Addressed, type Carriage, callbackRequests } from "./callback-request.ts";

/** What a generator is asked. */
export interface LoadRequest extends Addressed {
  /** Where to; of several, one after another. */
  readonly port: number | readonly number[];
  readonly carriage: Carriage;
  /** One connection a callback, or as many as are in flight. */
  readonly lasting: boolean;
  readonly requests: number;
  readonly inFlight: number;
  /** From how many people; default 100. */
  readonly people?: number;
}

/** What it did. */
export interface LoadReply {
  /** Answers that were not a 200 with a greeting, or, of a bot that is asked for by name alone, no success; there should be none. */
  readonly wrong: readonly string[];
  /** How long each answer took, in milliseconds. */
  readonly latencies: readonly number[];
}

async function load(asked: LoadRequest): Promise<LoadReply> {
  const { port, carriage, lasting, requests, inFlight, people, bot } = asked;

  const ports = typeof port === "number" ? [port] : port;
  const requestOf = new Map(ports.map((each) => [each, callbackRequests(carriage, each, people, asked)]));
  const wrong: string[] = [];
  const latencies: number[] = [];
  let next = 0;
  const workers = Array.from({ length: inFlight }, (_, worker) => {
    const own = ports[worker % ports.length] as number;
    const request = requestOf.get(own) as (index: number) => string;
    let began = 0;
    const take = (): string | undefined => {
      if (next === requests) return undefined;
      next += 1;
      began = performance.now();
      return request(next);
    };
    const check = (answer: string): void => {
      latencies.push(performance.now() - began);
      const right =
        bot === undefined || asked.words !== undefined
          ? answer.startsWith("HTTP/1.1 200") && answer.includes("Hello")
          : answer.startsWith("HTTP/1.1 20");
      if (!right) wrong.push(answer);
    };
    return lasting ? overOne(own, take, check) : overMany(own, take, check);
  });
  await Promise.all(workers);
  return { wrong, latencies };
}

/** One callback a connection; the answer ends where the connection does. */
function overMany(
  port: number,
  take: () => string | undefined,
  check: (answer: string) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const again = (): void => {
      const request = take();
      if (request === undefined) {
        resolve();
        return;
      }
      let answer = "";
      const socket = connect({ port, host: "127.0.0.1", noDelay: true });
      socket.setEncoding("latin1");
      socket.write(request);
      socket.on("data", (chunk: string) => {
        answer += chunk;
      });
      socket.once("end", () => {
        check(answer);
        again();
      });
      socket.once("error", reject);
    };
    again();
  });
}

/** One callback after another over one connection; an answer is over when as much of it came as its head announced. */
function overOne(
  port: number,
  take: () => string | undefined,
  check: (answer: string) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true });
    socket.setEncoding("latin1");
    socket.once("error", reject);
    let answer = "";
    const again = (): void => {
      const request = take();
      if (request === undefined) {
        socket.destroy();
        resolve();
      } else socket.write(request);
    };
    socket.on("data", (chunk: string) => {
      answer += chunk;
      const head = answer.indexOf("\r\n\r\n");
      const length = /\r\ncontent-length: (\d+)\r\n/i.exec(answer)?.[1];
      if (head === -1 || length === undefined || answer.length < head + 4 + Number(length)) return;
      check(answer);
      answer = "";
      again();
    });
    again();
  });
}

process.on("message", (request: LoadRequest) => {
  void load(request).then((reply) => process.send?.(reply));
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
