import { buildReply, textsOf } from "../bot/index.ts";
import { errorReply, type Message, type Stanza, StanzaError } from "../stanza/index.ts";
import { isFromRoom, NS_PUBSUB_EVENT } from "../xep/index.ts";
import type { Outcome } from "./outcome.ts";

/**
 * What the sender of a message is told of a failure: words, or an error where a handler failed before, so that two bots
 * do not apologise to each other for ever. `undefined` where nothing may be said: an answer to an error would be answered
 * with an error, a room throws out who answers it with one, and what a service tells of its nodes nobody has said.
 */
export function explanation(request: Stanza, outcome: Outcome): Message | undefined {
  if (request.kind !== "message" || request.type === "error") return undefined;
  if (request.child("event", NS_PUBSUB_EVENT) !== undefined) return undefined;
  switch (outcome.kind) {
    case "error":
      return isFromRoom(request) ? undefined : errorReply(request, outcome.error);
    case "crash":
    case "timeout": {
      const { apology, condition } = FAILURES[outcome.kind];
      if (!outcome.again) {
        const words = textsOf(outcome).say(apology, outcome.lang ?? request.lang);
        return buildReply(request, words) as Message;
      }
      return isFromRoom(request) ? undefined : errorReply(request, new StanzaError(condition));
    }
    default:
      return undefined;
  }
}

const FAILURES = {
  crash: { apology: "apology", condition: "internal-server-error" },
  timeout: { apology: "tooLate", condition: "remote-server-timeout" },
} as const;
