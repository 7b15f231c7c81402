import { randomUUID } from "node:crypto";
import { explanation, type Outcome } from "../dispatch/index.ts";
import {
  errorReply,
  type Iq,
  iq,
  type Message,
  message,
  type Presence,
  type Stanza,
  StanzaError,
} from "../stanza/index.ts";
import { buildReceipt, isFromRoom, readReceiptRequest } from "../xep/index.ts";

/** How a callback is answered: a status, and a stanza or nothing. Never text, never JSON of another shape. */
export interface Answer {
  readonly status: number;
  readonly stanza?: Stanza;
  /** The receipt that its sender asked for (XEP-0184), where it has to go by POST because a reply rides in the answer. */
  readonly receipt?: Message;
}

/** No reply; mod_rest sends nothing to anybody (on an IQ it would send an empty result, so IQs are never answered so). */
const NOTHING: Answer = { status: 204 };

/** The handler goes on; for mod_rest the same as {@link NOTHING}, for whoever reads a log the truth. */
const LATER: Answer = { status: 202 };

const UNAVAILABLE = "I cannot take anything just now. Please try again in a minute.";

/** Has our module keep the stanza and bring it again; stock mod_rest would make an error of it, which throws a bot out of rooms. */
const AGAIN: Answer = { status: 503 };

/**
 * The answer to a callback for each outcome.
 *
 * mod_rest reads the body before the status and makes a stanza of whatever it finds, so this is the one place where
 * replies become HTTP, and it knows these answers alone: a stanza of the request's own kind with status 200, or an empty
 * 202, 204 or 503.
 *
 * @param comesAgain whether what is refused with 503 comes again, as mod_restanza_callback sees to; default: no.
 */
export function respond(request: Stanza, outcome: Outcome, comesAgain = false): Answer {
  if (outcome.kind === "unavailable" && request.kind !== "iq") {
    return comesAgain ? AGAIN : turnAway(request);
  }
  switch (request.kind) {
    case "iq":
      return respondToIq(request, outcome);
    case "presence":
      return respondToPresence(request, outcome);
    case "message":
      // An answer to an error would be answered with an error.
      return request.type === "error" ? NOTHING : acknowledge(request, respondToMessage(request, outcome));
  }
}

/** Nobody has it, so its sender gets no receipt, but an error where that is safe. */
function turnAway(request: Message | Presence): Answer {
  if (request.kind === "presence" || request.type === "error" || isFromRoom(request)) return NOTHING;
  return {
    status: 200,
    stanza: errorReply(request, new StanzaError("resource-constraint", { text: UNAVAILABLE })),
  };
}

/** A room takes presence for a change of nickname, and for an error throws the bot out; elsewhere nobody reads errors to presence. */
function respondToPresence(request: Presence, outcome: Outcome): Answer {
  if (outcome.kind === "accepted") return LATER;
  if (outcome.kind !== "reply" || outcome.stanza.kind !== "presence") return NOTHING;
  return request.type === "error" || isFromRoom(request) ? NOTHING : { status: 200, stanza: outcome.stanza };
}

function respondToIq(request: Iq, outcome: Outcome): Answer {
  if (request.type === "result" || request.type === "error") return NOTHING;
  switch (outcome.kind) {
    case "reply":
      if (outcome.stanza.kind !== "iq") return iqError(request, "internal-server-error");
      return { status: 200, stanza: outcome.stanza };
    case "silent":
      return { status: 200, stanza: iq({ type: "result", id: request.id }) };
    case "error":
      return { status: 200, stanza: errorReply(request, outcome.error) };
    case "crash":
      return iqError(request, "internal-server-error");
    case "timeout":
      return iqError(request, "remote-server-timeout");
    case "unavailable":
      return {
        status: 200,
        stanza: errorReply(request, new StanzaError("resource-constraint", { text: UNAVAILABLE })),
      };
    case "unhandled":
    case "accepted":
      return iqError(request, "service-unavailable");
  }
}

function iqError(
  request: Iq,
  condition: "internal-server-error" | "remote-server-timeout" | "service-unavailable",
): Answer {
  return { status: 200, stanza: errorReply(request, new StanzaError(condition)) };
}

function respondToMessage(request: Message, outcome: Outcome): Answer {
  switch (outcome.kind) {
    case "reply":
      return rideable(request, outcome.stanza) ? { status: 200, stanza: outcome.stanza } : NOTHING;
    case "accepted":
      return LATER;
    case "silent":
    case "unhandled":
    case "unavailable":
      return NOTHING;
    case "error":
    case "crash":
    case "timeout": {
      const words = explanation(request, outcome);
      return words === undefined ? NOTHING : { status: 200, stanza: words };
    }
  }
}

/** mod_rest takes a message for a message alone, and a room throws out who answers it with an error. */
function rideable(request: Message, reply: Stanza): boolean {
  return reply.kind === "message" && !(reply.type === "error" && isFromRoom(request));
}

/**
 * Adds the receipt that the sender asked for (XEP-0184); mod_rest never sends any. It is a message of its own: Gajim, for one, takes a reply
 * that carries a receipt for a receipt alone, and shows nothing of it.
 */
function acknowledge(request: Message, answer: Answer): Answer {
  const received = readReceiptRequest(request);
  if (received === undefined) return answer;
  const type = request.type === "chat" ? "chat" : undefined;
  const addresses = { from: request.element.attr("to"), to: request.element.attr("from") };
  const receipt = message({ ...addresses, type, id: randomUUID() }, buildReceipt(received));
  if (answer.stanza === undefined) return { status: 200, stanza: receipt };
  if (answer.stanza.kind !== "message" || answer.stanza.type === "error") return answer;
  return { ...answer, receipt };
}
