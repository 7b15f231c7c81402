import type { Outcome } from "../../../src/dispatch/index.ts";
import {
  el,
  iq,
  message,
  type NodeInit,
  presence,
  type Stanza,
  StanzaError,
} from "../../../src/stanza/index.ts";
import { buildReceiptRequest, NS_MUC_USER } from "../../../src/xep/index.ts";

/**
 * The one table of decision 2: what answers each kind of stanza for each outcome, in these words:
 *
 * - `204` and `202`: the status alone;
 * - `reply`: 200 and the reply of the outcome; `reply+receipt`: with a receipt beside it, by POST;
 * - `sorry`, `late`: 200 and the words for a failure, or for one in time, of the type of the request; again, it is an error;
 * - `error`: 200 and the error of the outcome; a condition: 200 and that error;
 * - `result`: 200 and an empty result; `receipt`: 200 and a receipt alone.
 */
const TABLE = `
request          reply          error-reply  wrong-kind             silent   accepted             unhandled            error    crash                  again                  timeout                timeout-again          unavailable
chat             reply          reply        204                    204      202                  204                  error    sorry                  internal-server-error  late                   remote-server-timeout  resource-constraint
normal           reply          reply        204                    204      202                  204                  error    sorry                  internal-server-error  late                   remote-server-timeout  resource-constraint
headline         reply          reply        204                    204      202                  204                  error    sorry                  internal-server-error  late                   remote-server-timeout  resource-constraint
receipt-request  reply+receipt  reply        receipt                receipt  receipt              receipt              error    sorry+receipt          internal-server-error  late+receipt           remote-server-timeout  resource-constraint
groupchat        reply          204          204                    204      202                  204                  204      sorry                  204                    late                   204                    204
private          reply          204          204                    204      202                  204                  204      sorry                  204                    late                   204                    204
private-receipt  reply+receipt  receipt      receipt                receipt  receipt              receipt              receipt  sorry+receipt          receipt                late+receipt           receipt                204
message-error    204            204          204                    204      204                  204                  204      204                    204                    204                    204                    204
available        reply          reply        204                    204      202                  204                  204      204                    204                    204                    204                    204
unavailable      reply          reply        204                    204      202                  204                  204      204                    204                    204                    204                    204
subscribe        reply          reply        204                    204      202                  204                  204      204                    204                    204                    204                    204
probe            reply          reply        204                    204      202                  204                  204      204                    204                    204                    204                    204
room-presence    204            204          204                    204      202                  204                  204      204                    204                    204                    204                    204
presence-error   204            204          204                    204      202                  204                  204      204                    204                    204                    204                    204
iq-get           reply          reply        internal-server-error  result   service-unavailable  service-unavailable  error    internal-server-error  internal-server-error  remote-server-timeout  remote-server-timeout  resource-constraint
iq-set           reply          reply        internal-server-error  result   service-unavailable  service-unavailable  error    internal-server-error  internal-server-error  remote-server-timeout  remote-server-timeout  resource-constraint
iq-result        204            204          204                    204      204                  204                  204      204                    204                    204                    204                    204
iq-error         204            204          204                    204      204                  204                  204      204                    204                    204                    204                    204
`;

const [HEAD = [], ...BODY] = TABLE.trim()
  .split("\n")
  .map((line) => line.split(/\s+/));

/** The names of the columns. */
export const OUTCOMES = HEAD.slice(1);

/** The names of the rows. */
export const REQUESTS = BODY.map(([name = ""]) => name);

/** One cell. */
export interface Cell {
  readonly request: string;
  readonly outcome: string;
  readonly expected: string;
}

/** Every cell, row by row. */
export const CELLS: readonly Cell[] = BODY.flatMap(([request = "", ...row]) =>
  row.map((expected, index) => ({ request, outcome: OUTCOMES[index] as string, expected })),
);

/** The error of the outcome `error`, with everything that an error may have. */
export const ERROR = new StanzaError("item-not-found", {
  text: "There is no such thing",
  lang: "en",
  application: el("too-odd", { xmlns: "urn:example:odd" }),
});

const addresses = { id: "request-1", from: "alice@example.com/phone", to: "echo@bots.example.com" };
const occupant = { ...addresses, from: "room@rooms.example.com/Alice" };
const fromRoom = el("x", { xmlns: NS_MUC_USER });
const question = el("question", { xmlns: "urn:example:question" });
const wrong = new StanzaError("service-unavailable").toElement();

/** A request for each row; `extra` goes into it. */
export function requestOf(name: string, ...extra: NodeInit[]): Stanza {
  const body = "Hello";
  switch (name) {
    case "chat":
      return message({ ...addresses, type: "chat", body }, extra);
    case "receipt-request":
      return message({ ...addresses, type: "chat", body }, buildReceiptRequest(), extra);
    case "normal":
    case "headline":
      return message({ ...addresses, type: name, body }, extra);
    case "groupchat":
      return message({ ...occupant, type: "groupchat", body }, extra);
    case "private":
      return message({ ...occupant, type: "chat", body }, fromRoom, extra);
    case "private-receipt":
      return message({ ...occupant, type: "chat", body }, fromRoom, buildReceiptRequest(), extra);
    case "message-error":
      return message({ ...addresses, type: "error", body }, wrong, extra);
    case "available":
    case "unavailable":
    case "subscribe":
    case "probe":
      return presence({ ...addresses, type: name }, extra);
    case "room-presence":
      return presence({ ...occupant }, fromRoom, extra);
    case "presence-error":
      return presence({ ...addresses, type: "error" }, wrong, extra);
    case "iq-get":
      return iq({ ...addresses, type: "get" }, question);
    case "iq-set":
      return iq({ ...addresses, type: "set" }, question);
    case "iq-result":
      return iq({ ...addresses, type: "result" });
    case "iq-error":
      return iq({ ...addresses, type: "error" }, wrong);
    default:
      throw new TypeError(`the table has no request ${name}`);
  }
}

/** The outcome of each column, as the dispatcher would hand it over for that request. */
export function outcomeOf(name: string, request: Stanza): Outcome {
  switch (name) {
    case "reply":
      return { kind: "reply", stanza: ownReply(request) };
    case "error-reply":
      return { kind: "reply", stanza: errorOfKind(request) };
    case "wrong-kind":
      return {
        kind: "reply",
        stanza: request.kind === "presence" ? message({ body: "stray" }) : presence({ status: "stray" }),
      };
    case "silent":
    case "accepted":
    case "unhandled":
    case "unavailable":
      return { kind: name };
    case "timeout":
      return { kind: "timeout", again: false };
    case "timeout-again":
      return { kind: "timeout", again: true };
    case "error":
      return { kind: "error", error: ERROR };
    case "crash":
      return { kind: "crash", again: false };
    case "again":
      return { kind: "crash", again: true };
    default:
      throw new TypeError(`the table has no outcome ${name}`);
  }
}

function ownReply(request: Stanza): Stanza {
  switch (request.kind) {
    case "message":
      return message({ type: request.type === "groupchat" ? "groupchat" : "chat", body: "An answer" });
    case "presence":
      return request.type === "subscribe"
        ? presence({ type: "subscribed" })
        : presence({ status: "An answer" });
    case "iq":
      return iq({ type: "result", id: request.id }, el("answer", { xmlns: "urn:example:question" }));
  }
}

function errorOfKind(request: Stanza): Stanza {
  const gone = new StanzaError("gone").toElement();
  switch (request.kind) {
    case "message":
      return message({ type: "error" }, gone);
    case "presence":
      return presence({ type: "error" }, gone);
    case "iq":
      return iq({ type: "error", id: request.id }, gone);
  }
}
