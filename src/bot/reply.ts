import { randomUUID } from "node:crypto";
import { Element, Iq, iq, Message, message, Presence, type Stanza } from "../stanza/index.ts";
import { isFromRoom } from "../xep/index.ts";

/**
 * What a handler may reply with: words, an element (the payload of an answer to an IQ, or the content of a message), or
 * a whole stanza, whose addresses are filled in.
 */
export type Reply = string | Element | Stanza;

/** Thrown when a reply does not fit what it replies to. */
export class ReplyError extends Error {
  override name = "ReplyError";
}

/**
 * Makes the stanza that answers another: swapped addresses, the same type and thread, an id of its own; an IQ keeps
 * its id (RFC 6120 §8.2.3). In a room the answer to all goes to the room, a private one to the occupant. A reply that
 * names another addressee is an ordinary message to that one.
 *
 * @throws {@link ReplyError} when the kinds do not fit.
 */
export function buildReply(request: Stanza, reply: Reply): Stanza {
  if (!isReply(reply)) {
    throw new ReplyError(
      `a handler has returned ${named(reply)}, which is no reply: return words, an element or a stanza, or nothing, as in async (ctx) => { await ctx.send(…); }`,
    );
  }
  if (request.kind === "iq") return buildResult(request, reply);
  if (request.type === "error") {
    throw new ReplyError(
      "an error is not answered, as that could go on for ever; ctx.send() tells somebody else",
    );
  }
  if (reply instanceof Iq) {
    throw new ReplyError(`an IQ cannot answer a ${request.kind}; ask with ctx.iq() instead`);
  }
  if (typeof reply === "string") return addressed(request, message({ body: reply }));
  if (reply instanceof Element) return addressed(request, message({}, reply));
  if ((reply.kind === "presence" || reply.type === "error") && isFromRoom(request)) {
    throw new ReplyError(
      "a room takes presence for a change of nickname, and throws out who sends it an error: use ctx.bot.rooms, or say it in words",
    );
  }
  return addressed(request, reply);
}

/** Bots that nobody has checked the types of return anything. */
function isReply(reply: unknown): reply is Reply {
  return (
    typeof reply === "string" ||
    [Element, Message, Presence, Iq].some(
      (replies: abstract new (...args: never) => object) => reply instanceof replies,
    )
  );
}

function named(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "object") return `an object${"id" in value ? ", as ctx.send() resolves with" : ""}`;
  return `a ${typeof value}`;
}

function buildResult(request: Iq, reply: Reply): Iq {
  if (typeof reply === "string" || reply instanceof Message || reply instanceof Presence) {
    throw new ReplyError(
      "an IQ is answered with its payload (an element) or an IQ; to say something to the sender, use ctx.send()",
    );
  }
  const addresses = { id: request.id, to: request.element.attr("from"), from: request.element.attr("to") };
  if (reply instanceof Element) return new Iq(iq({ type: "result" }, reply).element.withAttrs(addresses));
  if (reply.type === "get" || reply.type === "set") {
    throw new ReplyError("an IQ is answered with a result or an error; to ask something back, use ctx.iq()");
  }
  return new Iq(reply.element.withAttrs(addresses));
}

function addressed<S extends Message | Presence>(request: Message | Presence, reply: S): S | Message {
  const { element } = reply;
  const sender = request.element.attr("from");
  const groupchat = request.kind === "message" && request.type === "groupchat" && reply.type !== "chat";
  const asker = groupchat ? request.from?.bare.toString() : sender;
  const elsewhere = reply.to !== undefined && request.from?.bare.equals(reply.to.bare) !== true;
  const addresses = {
    to: element.attr("to") ?? asker,
    from: element.attr("from") ?? request.element.attr("to"),
    id: element.attr("id") ?? randomUUID(),
  };
  if (reply instanceof Presence) return new Presence(element.withAttrs(addresses)) as S;
  const type = element.attr("type") ?? (elsewhere ? "chat" : inheritedType(request));
  const thread = request.kind === "message" && !elsewhere && !reply.thread ? request.thread : undefined;
  const answer = element.withAttrs({ ...addresses, type });
  return new Message(thread === undefined ? answer : answer.append(message({ thread }).element.children));
}

/** A headline and a presence are answered in a chat; everything else in its own kind. */
function inheritedType(request: Message | Presence): string | undefined {
  if (request.kind === "presence" || request.type === "headline") return "chat";
  return request.type === "normal" ? undefined : request.type;
}
