import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { Refusal, refuse } from "./refusal.ts";
import { type RequestLine, readRequestLine } from "./request-line.ts";

/** How long a connection may stay after its last answer, until the other side has read that, in milliseconds. */
const LINGER = 2_000;

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

/** Holds the exchange of a connection that is open: a WeakMap costs 2 µs for each connection; most carry one exchange. */
const open = Symbol("open");

type ExchangeSocket = Duplex & { [open]?: Exchange };

/** What Node tells of a request that it could not read. */
interface ParseError extends NodeJS.ErrnoException {
  /** The bytes in which the error was found. */
  readonly rawPacket?: Buffer;
}

/**
 * Answers the requests that Node's parser turns away, and that therefore never get to an app, as {@link refuse} does.
 *
 * A sender can break the head of a callback by an `xml:lang` with line breaks in it. Node would answer that with a 400,
 * of which mod_rest makes an error, and for an error in presence a room throws the bot out: everybody in a room could.
 *
 * @param onRefused told of each; what breaks after its head is told by whoever reads the body.
 */
export function refuseBroken(server: Server, onRefused?: (refusal: Refusal) => void): void {
  const answered = new WeakSet<Duplex>();

  server.prependListener("request", (incoming: IncomingMessage, outgoing: ServerResponse) => {
    // What follows an unanswered request on its connection may be the work of a sender, and is no reason to forget it.
    const socket: ExchangeSocket = incoming.socket;
    if (socket[open]?.outgoing.writableEnded !== false) socket[open] = { incoming, outgoing };
    // An app that makes a URL of it would fail over what is no host.
    if (incoming.headers.host !== undefined && !host.test(incoming.headers.host))
      incoming.headers.host = undefined;
  });
  for (const event of ["checkContinue", "checkExpectation"]) {
    // mod_rest takes an interim answer for the last one, and Node's own 417 for an error.
    server.on(event, (incoming, outgoing) => server.emit("request", incoming, outgoing));
  }
  server.on("clientError", (error: ParseError, socket: ExchangeSocket) => {
    if (answered.has(socket)) return;
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy();
      return;
    }
    const exchange = socket[open];
    if (exchange?.outgoing.writableEnded === false) {
      // Whoever reads the body is told that it ends here, and answers; where it has come whole, the rest is rubbish.
      if (!exchange.incoming.complete) exchange.incoming.emit("close");
      return;
    }
    answered.add(socket);
    const refusal = describe(error);
    onRefused?.(refusal);
    const { status } = refuse(refusal.reason, lineOf(error));
    const length = status === 204 ? "" : "Content-Length: 0\r\n";
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n${length}\r\n`);
    const timer = setTimeout(() => socket.destroy(), LINGER).unref();
    socket.once("close", () => clearTimeout(timer));
  });
}

/** A name or an address, and perhaps a port. */
const host = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

function describe(error: ParseError): Refusal {
  return error.code === "ERR_HTTP_REQUEST_TIMEOUT" || error.code === "HPE_INVALID_EOF_STATE"
    ? new Refusal("incomplete", "a callback's head did not arrive whole, or not in time")
    : new Refusal(
        "bad-request",
        `a callback is no valid HTTP (${error.code}): somebody may have added lines by a forged xml:lang, which mod_restanza_callback prevents`,
      );
}

/** Prosody writes the head of a request at once, so its first line is there where anything is. */
function lineOf({ rawPacket }: ParseError): RequestLine {
  const end = rawPacket?.indexOf("\r\n") ?? -1;
  const [, target = ""] = rawPacket?.toString("latin1", 0, Math.max(end, 0)).split(" ") ?? [];
  return readRequestLine(target);
}
