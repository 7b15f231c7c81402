import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import {
  type BaseStanza,
  iq as buildIq,
  Iq,
  type Jid,
  type Message,
  type Presence,
  type Stanza,
  StanzaShapeError,
} from "../stanza/index.ts";
import { type IqAnswer, iqFailure, type Reading, readIqAnswer, readStanzaAnswer } from "./answer.ts";
import type { Authorizer } from "./credentials/credentials.ts";
import { BounceError, RestRefusedError } from "./errors.ts";
import type { HttpAnswer } from "./exchange.ts";
import { httpFailure, unexpectedAnswer } from "./http-failure.ts";
import {
  LONGEST_IQ_TIMEOUT,
  type RestClientOptions,
  type RestClientSettings,
  readOptions,
  whole,
} from "./options.ts";
import { checkRequest, type Prepared, prepare } from "./prepare.ts";
import { Queries } from "./queries/queries.ts";
import type { CallOptions, IqOptions, IqRequest, Requester } from "./requester.ts";
import { shortcutPath } from "./shortcut.ts";
import { Slots } from "./slots.ts";
import { type HttpCall, type HttpTransport, Transport } from "./transport.ts";

/** What became of a message or presence that Prosody took. */
export interface Sent {
  /** The id of the stanza, which a later bounce or receipt names. */
  readonly id: string;
  /** What Prosody answered on the spot, which it does for few stanzas; never an error. */
  readonly reply: Stanza | undefined;
}

const XML = { "content-type": "application/xmpp+xml", accept: "application/xmpp+xml" };

/** How much longer than Prosody this side waits for the answer to an IQ. */
const GRACE = 5_000;

/**
 * Sends stanzas through Prosody's mod_rest. Everything is XML on the wire, as JSON mangles much of it.
 *
 * @example
 * ```ts
 * import { bearer, RestClient } from "restanza/outbound";
 * import { message } from "restanza/stanza";
 *
 * await using client = new RestClient({
 *   url: "http://127.0.0.1:5280/rest",
 *   host: "bots.example",
 *   domain: "bots.example",
 *   credentials: bearer(process.env.RESTANZA_TOKEN ?? ""),
 * });
 * await client.send(message({ from: "clock@bots.example", to: "juliet@example.com", type: "chat", body: "It is four" }));
 * const { name, version } = await client.query.version("example.com");
 * ```
 */
export class RestClient implements Requester, AsyncDisposable {
  /** Questions that XMPP has a standard for, each with a typed answer. */
  readonly query: Queries = new Queries(this);
  readonly #settings: RestClientSettings;
  readonly #transport: HttpTransport;
  readonly #authorizer: Authorizer;
  readonly #slots: Slots;
  readonly #redact = (text: string): string => this.#authorizer.redact(text);
  readonly #reading: Reading;
  readonly #active = new Set<Promise<unknown>>();
  #closed: Promise<void> | undefined;

  /** @throws TypeError or RangeError when an option cannot work; the message tells how to mend it. */
  constructor(options: RestClientOptions) {
    this.#settings = readOptions(options);
    this.#transport = options.transport ?? new Transport(this.#settings);
    this.#slots = new Slots(this.#settings.maxIqs);
    this.#reading = { maxBytes: this.#settings.maxResponseBytes, redact: this.#redact };
    this.#authorizer = options.credentials.open({
      request: (call) => this.#transport.request(call),
      origin: this.#settings.url.origin,
      host: this.#settings.host,
      logger: this.#settings.logger,
    });
  }

  /**
   * Sends a message or presence. Its own id is kept, else it gets one.
   *
   * @returns once Prosody has taken it, which is not yet delivered.
   * @throws BounceError when it came straight back.
   * @throws RestError when it did not leave, or nobody knows; see `retryable` and `maybeDelivered`.
   * @throws JidError when `to` or `from` is no JID.
   * @throws StanzaShapeError when it is an IQ: see {@link RestClient.iq}, and answer one by returning the result.
   */
  send(stanza: Message | Presence, options?: CallOptions): Promise<Sent> {
    return this.#track(async () => this.#post(this.prepare(stanza), options));
  }

  /** @internal Checks and writes a message or presence as {@link RestClient.send} does, to be posted later, or again. */
  prepare(stanza: Message | Presence, id?: string): Prepared {
    if ((stanza as BaseStanza).kind === "iq") {
      throw new StanzaShapeError(
        "send takes messages and presence: ask with iq(), and answer an IQ by returning the result from the handler, as mod_rest takes it there only",
      );
    }
    return prepare(stanza, this.#settings, id);
  }

  /** @internal Sends what {@link RestClient.prepare} has made. */
  post(prepared: Prepared, options?: CallOptions): Promise<Sent> {
    return this.#track(() => this.#post(prepared, options));
  }

  /**
   * Asks and waits for the answer. The id is always a new one, so that no two in flight can share it.
   *
   * At most `maxIqs` are in flight, the others wait their turn. One that is aborted while it is in flight keeps its place
   * until Prosody has an answer, as Prosody goes on with it.
   *
   * @returns the IQ of type `result`.
   * @throws StanzaError when the answer is an error, or `remote-server-timeout` when there is none in time.
   * @throws RestError when it did not leave, or nobody knows.
   * @throws StanzaShapeError when it is an answer itself.
   * @example
   * ```ts
   * import type { RestClient } from "restanza/outbound";
   * import { el } from "restanza/stanza";
   *
   * async function vcard(client: RestClient, jid: string) {
   *   const result = await client.iq({ type: "get", to: jid, payload: el("vCard", { xmlns: "vcard-temp" }) });
   *   return result.payload;
   * }
   * ```
   */
  async iq(request: Iq | IqRequest, options?: IqOptions): Promise<Iq> {
    return (await this.exchange(request, options)).iq;
  }

  /** As {@link RestClient.iq}, for the few requests that are answered with messages as well. */
  exchange(request: Iq | IqRequest, options: IqOptions = {}): Promise<IqAnswer> {
    return this.#track(async () => {
      checkRequest(request.type);
      const id = randomUUID();
      const prepared = prepare(request instanceof Iq ? request : stanzaOf(request, id), this.#settings, id);
      return this.#ask(prepared, { method: "POST", path: "", headers: XML, body: prepared.xml }, options);
    });
  }

  /**
   * Asks by one of mod_rest's shortcuts, `GET /rest/{query}/{jid}`: any key of an IQ in its schema, such as `ping`,
   * `disco` or `archive`, with its parameters. {@link RestClient.query} is typed and loses nothing; this reaches the rest.
   *
   * @throws as {@link RestClient.iq} does; JidError when `jid` is none.
   */
  get(
    query: string,
    jid: string | Jid,
    params: Readonly<Record<string, string | number | undefined>> = {},
    options: IqOptions = {},
  ): Promise<IqAnswer> {
    return this.#track(async () => {
      const path = shortcutPath(query, jid, params);
      return this.#ask(undefined, { method: "GET", path, headers: { accept: XML.accept } }, options);
    });
  }

  /**
   * Has mod_rest read a stanza and give it back as it understood it, `from` filled in, without sending it anywhere.
   *
   * @throws RestError, JidError as {@link RestClient.send} does.
   */
  echo(stanza: Stanza, { signal }: CallOptions = {}): Promise<Stanza> {
    return this.#track(async () => {
      const { xml } = prepare(stanza, this.#settings);
      const answer = await this.#call({ method: "POST", path: "/echo", headers: XML, body: xml, signal });
      if (answer.status !== 200) throw httpFailure(answer, this.#redact);
      return readStanzaAnswer(answer, this.#reading);
    });
  }

  /**
   * Takes nothing more, and resolves when all that is under way has ended and the connections are closed.
   *
   * @param options.signal ends what is under way at once; it then rejects with a `RestError` of kind `closed`.
   */
  async close({ signal }: CallOptions = {}): Promise<void> {
    const destroy = (): void => {
      this.#authorizer.close();
      this.#slots.clear(new RestRefusedError("the client was closed before this IQ had its turn", "closed"));
      this.#transport.destroy();
    };
    signal?.addEventListener("abort", destroy, { once: true });
    this.#closed ??= this.#drain();
    if (signal?.aborted) destroy();
    await this.#closed;
    signal?.removeEventListener("abort", destroy);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  [inspect.custom](): string {
    const { url, host, domain } = this.#settings;
    return `RestClient ${inspect({ url: url.href, host, domain })}`;
  }

  async #drain(): Promise<void> {
    await Promise.allSettled(this.#active);
    this.#authorizer.close();
    await this.#transport.close();
  }

  async #post({ id, kind, to = "", xml }: Prepared, { signal }: CallOptions = {}): Promise<Sent> {
    const answer = await this.#call({ method: "POST", path: "", headers: XML, body: xml, signal });
    this.#settings.logger?.debug({ id, kind, to, status: answer.status }, "posted a stanza");
    if (answer.status === 202) return { id, reply: undefined };
    if (answer.status !== 200) throw httpFailure(answer, this.#redact);
    const reply = readStanzaAnswer(answer, this.#reading);
    if (reply.kind !== "iq" && reply.error !== undefined) throw new BounceError(reply);
    return { id, reply };
  }

  #track<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed !== undefined) {
      const error = new RestRefusedError(
        "the client was closed: nothing can be sent through it any more",
        "closed",
      );
      return Promise.reject(error);
    }
    const done = work();
    this.#active.add(done);
    const forget = (): void => {
      this.#active.delete(done);
    };
    done.then(forget, forget);
    return done;
  }

  async #ask(prepared: Prepared | undefined, call: HttpCall, options: IqOptions): Promise<IqAnswer> {
    const timeout = whole("timeout", options.timeout ?? this.#settings.iqTimeout, 1, LONGEST_IQ_TIMEOUT);
    const { signal } = options;
    signal?.throwIfAborted();
    await this.#slots.acquire(signal);
    try {
      const answer = await this.#call({
        ...call,
        headers: { ...call.headers, "prosody-rest-timeout": String(timeout / 1000) },
        signal,
        patient: true,
        headersTimeout: timeout + GRACE,
      });
      this.#settings.logger?.debug({ id: prepared?.id, status: answer.status }, "posted an IQ");
      if (answer.status === 202) {
        throw unexpectedAnswer(
          202,
          "this IQ will get no answer: a module of Prosody took it and keeps silent",
        );
      }
      if (answer.status !== 200) throw iqFailure(httpFailure(answer, this.#redact));
      return readIqAnswer(answer, this.#reading, prepared?.id);
    } finally {
      this.#slots.release();
    }
  }

  /** Sends a request with a credential, and once more with a new one where the first was refused. */
  async #call(call: HttpCall): Promise<HttpAnswer> {
    const { signal } = call;
    const once = async (authorization: string): Promise<HttpAnswer> => {
      signal?.throwIfAborted();
      const path = this.#settings.path + call.path;
      return this.#transport.request({ ...call, path, headers: { ...call.headers, authorization } });
    };
    const authorization = await this.#authorizer.authorization(signal);
    const answer = await once(authorization);
    if (answer.status !== 401 && answer.status !== 403) return answer;
    if (httpFailure(answer, this.#redact).kind !== "unauthorized") return answer;
    // Credentials are looked at before anything else, so nothing has been sent and sending again is safe.
    if (!(await this.#authorizer.renew(authorization, signal))) return answer;
    return once(await this.#authorizer.authorization(signal));
  }
}

function stanzaOf({ type, to, from, lang, payload }: IqRequest, id: string): Iq {
  return buildIq({ type, id, to, from, lang }, payload);
}
