import { buildReply } from "../bot/index.ts";
import { errorReply, type Message, type Stanza, StanzaError } from "../stanza/index.ts";
import { isFromRoom } from "../xep/index.ts";
import { APOLOGY, TIMEOUT_APOLOGY } from "./apology.ts";
import type { Outcome } from "./outcome.ts";

/**
 * What a person is told of a failure when the callback has been answered already; `undefined` where nothing may be
 * said: an answer to an error would be answered with an error, and a room throws out who answers it with one.
 */
export function explanation(request: Stanza, outcome: Outcome): Message | undefined {
  if (request.kind !== "message" || request.type === "error") return undefined;
  if (outcome.kind === "timeout") return buildReply(request, TIMEOUT_APOLOGY) as Message;
  if (outcome.kind === "crash" && !outcome.again) return buildReply(request, APOLOGY) as Message;
  if (isFromRoom(request)) return undefined;
  if (outcome.kind === "crash") return errorReply(request, new StanzaError("internal-server-error"));
  return outcome.kind === "error" ? errorReply(request, outcome.error) : undefined;
}
