import { Message, type Stanza } from "../stanza/index.ts";
import { buildChatState, readChatState } from "../xep/index.ts";

/**
 * Adds to a reply what courtesy wants: somebody who sends chat states is told that the bot has stopped typing
 * (XEP-0085 §5.3).
 */
export function mannered(request: Stanza, reply: Stanza): Stanza {
  if (reply.kind !== "message" || reply.body === undefined || !wantsChatStates(request)) return reply;
  if (readChatState(reply) !== undefined) return reply;
  return new Message(reply.element.append(buildChatState("active")));
}

/** Whether the sender of a stanza wants to see that the bot is typing. */
export function wantsChatStates(request: Stanza): boolean {
  return request.kind === "message" && request.type === "chat" && readChatState(request) !== undefined;
}
