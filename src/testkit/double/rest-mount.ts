import { type Element, el, NS_CLIENT } from "../../stanza/index.ts";
import { bareOf, domainOf, prepared } from "./addresses.ts";
import { freshId, restamp } from "./answers.ts";
import type { IqTracker } from "./iq-tracker.ts";
import type { Network, Origin } from "./network.ts";
import {
  decideOutput,
  encodePayload,
  type OutputType,
  type Payload,
  PayloadError,
  parsePayload,
} from "./payload.ts";
import { type CredentialRules, type Identity, identify } from "./rest-credentials.ts";
import { type HttpAnswer, RestError } from "./rest-error.ts";

/** `rest_stanza_size_limit`, in bytes. */
const SIZE_LIMIT = 192 * 1024;
/** `rest_iq_timeout` and `rest_iq_max_timeout`, in seconds. */
const IQ_TIMEOUT = 120;
const IQ_MAX_TIMEOUT = 300;

/** One request to `/rest`. */
export interface RestRequest {
  readonly method: "POST" | "GET";
  /** What follows `/rest/`, decoded; `undefined` without a slash. */
  readonly path: string | undefined;
  readonly query: string | undefined;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** The sending side of one `mod_rest`: HTTP in, stanzas out. */
export class RestMount {
  readonly #rules: CredentialRules;
  readonly #network: Network;
  readonly #iqs: IqTracker;

  constructor(rules: CredentialRules, network: Network, iqs: IqTracker) {
    this.#rules = rules;
    this.#network = network;
    this.#iqs = iqs;
  }

  /** Handles one request. @throws {@link RestError} or LuaCrash. */
  async handle(request: RestRequest): Promise<HttpAnswer> {
    const { headers } = request;
    const identity = identify(this.#rules, headers["authorization"]);
    if (Buffer.byteLength(request.body) > SIZE_LIMIT) throw new RestError("size");
    const echo = request.path === "echo";
    const payload = parse(request, echo ? undefined : request.path);
    const stanza = addressed(payload, identity);
    const output = decideOutput(`${headers["accept"] ?? ""},${headers["content-type"] ?? ""}`);
    if (echo) return encoded(output, stanza);
    if (stanza.name === "iq") return this.#iq(stanza, output, headers["prosody-rest-timeout"]);
    return this.#send(stanza, output);
  }

  #send(stanza: Element, output: OutputType): HttpAnswer {
    let bounce: Element | undefined;
    let finished = false;
    const origin: Origin = {
      // Only what is answered before the 202 goes out can still go with it; later answers are lost.
      send: (answer) => {
        if (!finished) bounce ??= answer;
      },
    };
    this.#network.route(toSelf(stanza), origin);
    finished = true;
    return bounce === undefined ? { status: 202 } : encoded(output, bounce);
  }

  async #iq(stanza: Element, output: OutputType, timeout: string | undefined): Promise<HttpAnswer> {
    const type = stanza.attr("type");
    if (type !== "get" && type !== "set") throw new RestError("iqType");
    if (stanza.elements.length !== 1) throw new RestError("iqTags");
    const seconds = Math.min(Number(timeout) || IQ_TIMEOUT, IQ_MAX_TIMEOUT);
    const request = toSelf(stanza);
    const { answer, resolve } = this.#iqs.wait(request, seconds);
    const direct: Element[] = [];
    this.#network.route(request, {
      send: (reply) => {
        direct.push(reply);
        if (reply.name === "iq" && reply.attr("id") === stanza.attr("id")) resolve(reply);
      },
    });
    const result = await answer;
    if (direct.length > 1) return encoded(output, el("xmpp", { xmlns: NS_CLIENT }, direct));
    return encoded(output, result);
  }
}

function parse(request: RestRequest, path: string | undefined): Payload {
  try {
    if (path === undefined || request.method === "POST") {
      return parsePayload(request.headers["content-type"], request.body, path);
    }
    return request.query === undefined
      ? parsePayload(undefined, "", `iq/${path}`)
      : parsePayload("application/x-www-form-urlencoded", request.query, `iq/${path}`);
  } catch (error) {
    if (!(error instanceof PayloadError)) throw error;
    throw new RestError(error.reason === "type" ? "mediatype" : "parse");
  }
}

/** Checks name and addresses, and leaves only the attributes that Prosody keeps. */
function addressed({ element }: Payload, identity: Identity): Element {
  if (element.ns !== NS_CLIENT) throw new RestError("xmlns");
  if (element.name !== "message" && element.name !== "presence" && element.name !== "iq") {
    throw new RestError("name");
  }
  const to = prepared(element.attr("to"));
  if (to === undefined && element.attr("to") !== undefined) throw new RestError("to");
  return restamp(element, {
    from: sender(element.attr("from"), identity),
    to,
    id: element.attr("id") ?? freshId(),
    type: element.attr("type"),
    "xml:lang": element.attr("xml:lang"),
  });
}

function sender(requested: string | undefined, { jid }: Identity): string {
  if (requested === undefined) return jid;
  const from = prepared(requested);
  if (from === undefined) throw new RestError("from");
  const within = [from, bareOf(from), domainOf(from)].includes(jid);
  if (!within) throw new RestError("fromAuth");
  return from;
}

function toSelf(stanza: Element): Element {
  return stanza.attr("to") === undefined
    ? stanza.withAttrs({ to: bareOf(stanza.attr("from") ?? "") })
    : stanza;
}

function encoded(output: OutputType, stanza: Element): HttpAnswer {
  return { status: 200, contentType: output, body: encodePayload(output, stanza) };
}
