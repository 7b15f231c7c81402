import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import type { Logger } from "pino";
import type { MaybePromise } from "../bot/index.ts";
import type { Dispatcher } from "../dispatch/index.ts";
import { type Message, type Stanza, type XmlLimits, XmlWriteError } from "../stanza/index.ts";
import type { CallbackCredentials } from "./credentials.ts";
import { decodeStanza, MEDIA_TYPES, type WireFormat, wireFormat } from "./decode.ts";
import { drain } from "./drain.ts";
import { encodeAnswer } from "./encode.ts";
import { checkHead } from "./head.ts";
import { readBody } from "./read-body.ts";
import { type Answered, RecentAnswers } from "./recent-answers.ts";
import { Refusal, refuse } from "./refusal.ts";
import { disagreement, present, type RequestLine, readRequestLine } from "./request-line.ts";
import { type Answer, respond } from "./respond.ts";
import { withRoomMark } from "./room-mark.ts";
import type { SignatureVerifier } from "./signature.ts";
import { StockNotice } from "./stock-notice.ts";

/** One domain whose callbacks are served. */
export interface CallbackMount {
  readonly domain: string;
  readonly credentials: CallbackCredentials;
  /** Where there is one, every callback has to be signed, and may come over a lasting connection. */
  readonly verifier?: SignatureVerifier | undefined;
  /**
   * For how long a message with the sender, addressee, id and body of an earlier one is taken for that one, where callbacks are
   * not signed and so have no id of their own, in milliseconds; 0 for not at all. Default 0.
   */
  readonly dedupe?: number | undefined;
  /** Sends a receipt (XEP-0184) for which there is no room in the answer to a callback; default: there is none then. */
  readonly sendReceipt?: ((receipt: Message) => void) | undefined;
  /** The format asked for in answer to the probe; `undefined` leaves the choice to Prosody's configuration. */
  readonly format?: WireFormat | undefined;
}

/** What {@link callbackApp} takes. */
export interface CallbackOptions {
  readonly mounts: Iterable<CallbackMount>;
  readonly dispatcher: Pick<Dispatcher, "dispatch" | "isFromJoinedRoom">;
  readonly log: Logger;
  /** Bounds on what a callback may hold; `bytes` bounds its body while it is read. */
  readonly limits?: Partial<XmlLimits>;
  /** Default `/callback`. */
  readonly path?: string;
  /** Told when Prosody, as it loads mod_rest, has asked for the callback URL of a domain. */
  readonly onFound?: (domain: string) => void;
  /** Told of every callback that was handled, by its outcome. */
  readonly onHandled?: (stanza: Stanza, status: number) => void;
  /** Told of every callback that was not let in. */
  readonly onRefused?: (refusal: Refusal) => void;
}

/** Marks a connection that a callback has come over. A WeakSet costs 2 µs for each connection; most carry one callback. */
const served = Symbol("served");

type ServedSocket = Socket & { [served]?: true };

type Env = { Bindings: HttpBindings };

/** What mod_rest lets a body be, at most, before it is worth wondering. */
const DEFAULT_BYTES = 1024 * 1024;

/** The routes that Prosody calls: the probe, and a POST for each stanza. */
export function callbackApp(options: CallbackOptions): Hono<Env> {
  const { dispatcher, log, limits = {}, path = "/callback", onFound, onHandled, onRefused } = options;
  const mounts = new Map([...options.mounts].map((mount) => [mount.domain, mount]));
  const bytes = limits.bytes ?? DEFAULT_BYTES;
  const answers = new RecentAnswers();
  const notice = new StockNotice(log);

  const admit = (incoming: IncomingMessage, line: RequestLine): CallbackMount => {
    const socket: ServedSocket = incoming.socket;
    const again = socket[served] === true;
    socket[served] = true;
    const mount = findMount(mounts, line);
    if (again && mount.verifier === undefined) {
      throw new Refusal("bad-request", "a second callback came over one connection without a signature");
    }
    checkHead(incoming);
    if (mount.credentials.configured && !mount.credentials.accepts(incoming.headers.authorization)) {
      throw new Refusal(
        "unauthorized",
        `a callback for ${mount.domain} came with a wrong credential or none: compare the user:secret@ of rest_callback_url with RESTANZA_CALLBACK_AUTH`,
      );
    }
    return mount;
  };

  const receive = async (incoming: IncomingMessage, line: RequestLine): Promise<Response> => {
    const mount = admit(incoming, line);
    const { headers } = incoming;
    const format = wireFormat(headers["content-type"]);
    const body = await readBody(incoming, bytes);
    // Only what is signed has an id to rely on.
    const id = mount.verifier && header(headers["webhook-id"]);
    const repeated = headers["webhook-attempt"] !== undefined;
    const earlier = verify(mount, headers, body, repeated ? id : undefined);
    if (earlier !== undefined) {
      const { stanza, answer } = await earlier;
      return encode(stanza, answer, format, true);
    }
    const decoded = decodeStanza(format, body, limits);
    const differs = disagreement(line, decoded);
    if (differs !== undefined) {
      throw new Refusal(
        "forged",
        `the request line and the body of a callback disagree about ${JSON.stringify(differs)}: rest_callback_url has to end in ?from={from}&to={to}&kind={kind}&type={type}; if it does, somebody tried to forge a stanza`,
      );
    }
    const stanza = format !== "xml" && dispatcher.isFromJoinedRoom(decoded) ? withRoomMark(decoded) : decoded;
    const answering = handle(stanza, mount, id, repeated);
    if (id !== undefined) answers.set(id, answering, body.length);
    const { answer } = await answering;
    if (headers["webhook-id"] === undefined) notice.answered(mount.domain, answer);
    onHandled?.(stanza, answer.status);
    return encode(stanza, answer, format, mount.verifier !== undefined);
  };

  /** @returns how the callback was answered before, where Prosody has not heard that and asks once more. */
  const verify = (
    { verifier }: CallbackMount,
    headers: IncomingHttpHeaders,
    body: Uint8Array,
    repeated: string | undefined,
  ): MaybePromise<Answered> | undefined => {
    try {
      verifier?.verify(
        {
          id: header(headers["webhook-id"]),
          timestamp: header(headers["webhook-timestamp"]),
          signature: header(headers["webhook-signature"]),
        },
        body,
      );
      return undefined;
    } catch (error) {
      const isReplayed = error instanceof Refusal && error.reason === "replayed";
      const earlier = isReplayed && repeated !== undefined ? answers.get(repeated) : undefined;
      if (earlier === undefined) throw error;
      return earlier;
    }
  };

  const handle = async (
    stanza: Stanza,
    { verifier, dedupe, sendReceipt }: CallbackMount,
    id: string | undefined,
    repeated: boolean,
  ): Promise<Answered> => {
    const arrival = verifier === undefined ? { window: dedupe } : { id, repeated };
    const outcome = await dispatcher.dispatch(stanza, arrival);
    if (outcome.kind === "unavailable" && id !== undefined) {
      verifier?.forget(id);
      answers.forget(id);
    }
    const answer = respond(stanza, outcome, verifier !== undefined);
    if (answer.receipt !== undefined) sendReceipt?.(answer.receipt);
    return { stanza, answer };
  };

  const encode = (stanza: Stanza, answer: Answer, format: WireFormat, lasting: boolean): Response => {
    try {
      return encodeAnswer(answer, format, lasting);
    } catch (error) {
      if (!(error instanceof XmlWriteError)) throw error;
      log.error(
        { err: error, kind: stanza.kind, id: stanza.id, to: String(stanza.to) },
        "a reply cannot be written as XML",
      );
      return encodeAnswer(respond(stanza, { kind: "crash", again: false }), format, lasting);
    }
  };

  const guard = async (
    c: Context<Env>,
    handle: (line: RequestLine) => Promise<Response>,
  ): Promise<Response> => {
    const line = readRequestLine(c.env.incoming.url ?? "");
    try {
      return await handle(line);
    } catch (error) {
      const refusal =
        error instanceof Refusal
          ? error
          : new Refusal("failed", "a callback could not be handled", { cause: error });
      onRefused?.(refusal);
      if (refusal.reason !== "incomplete") await drain(c.env.incoming);
      return encodeAnswer(refuse(refusal.reason, line), "xml", false);
    }
  };

  return new Hono<Env>()
    .options(path, (c) =>
      guard(c, async (line) => {
        const { format, domain } = admit(c.env.incoming, line);
        log.info({ domain, format }, "Prosody has found the callback URL");
        onFound?.(domain);
        const headers: Record<string, string> = {
          connection: "close",
          "content-length": "0",
          allow: "OPTIONS, POST",
        };
        if (format !== undefined) headers["accept"] = MEDIA_TYPES[format];
        return new Response(null, { status: 200, headers });
      }),
    )
    .post(path, (c) => guard(c, (line) => receive(c.env.incoming, line)))
    .get(path, (c) =>
      guard(c, async (line) => {
        admit(c.env.incoming, line);
        throw new Refusal(
          "unencodable",
          "Prosody could not put a stanza into the format it was asked for and sent a GET without it: set rest_callback_content_type to application/xmpp+xml",
        );
      }),
    );
}

/** The mount that a callback is for, by its request line: `to`, or for a stanza to its sender's own account, `from`. */
function findMount(mounts: ReadonlyMap<string, CallbackMount>, line: RequestLine): CallbackMount {
  const address = present("to", line.to) ?? present("from", line.from);
  if (address === undefined) {
    throw new Refusal(
      "forged",
      "a callback does not say in its URL for whom it is: rest_callback_url has to end in ?from={from}&to={to}&kind={kind}&type={type}",
    );
  }
  const bare = address.split("/", 1)[0] as string;
  const mount = mounts.get(bare.slice(bare.indexOf("@") + 1));
  if (mount === undefined) {
    throw new Refusal(
      "unknown-domain",
      "a callback came for a domain that is not configured: compare RESTANZA_DOMAIN with the component's name",
    );
  }
  return mount;
}

function header(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
