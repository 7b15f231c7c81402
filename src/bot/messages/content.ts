import { el, type Jid, Message, message, type NodeInit } from "../../stanza/index.ts";
import {
  buildCorrection,
  buildDisplayed,
  buildFallback,
  buildHint,
  buildMarkable,
  buildMention,
  buildQuotation,
  buildReactions,
  buildReceiptRequest,
  buildReplyTo,
  buildRetraction,
  NS_REPLY,
  NS_RETRACTION,
  readReferenceId,
  withoutFallback,
} from "../../xep/index.ts";
import { correctionIdOf } from "./correction-id.ts";

/** A message without addresses and type, which are those of where it goes: to be returned, replied or sent. */
export class MessageContent extends Message {}

/**
 * Puts other words in the place of a message that the bot has sent (XEP-0308). Clients that do not know that show another message.
 *
 * @param id of the message as it was sent first, which `ctx.send` and `bot.send` return.
 * @example
 * ```ts
 * import { correction, defineBot } from "restanza";
 *
 * defineBot({
 *   name: "score",
 *   summary: "tells the score",
 *   routes() {},
 *   async start(bot) {
 *     const { id } = await bot.send("juliet@example.com", "1:0");
 *     await bot.send("juliet@example.com", correction(id, "1:1"));
 *   },
 * });
 * ```
 */
export function correction(id: string, text: string): MessageContent {
  return new MessageContent(
    message({ id: correctionIdOf(id) }, el("body", {}, text), buildCorrection(id)).element,
  );
}

/**
 * Takes back a message that the bot has sent (XEP-0424).
 *
 * @param id of the message: `ctx.send` and `bot.send` return it; in a room, the one that the room gave it.
 * @param words for clients that do not know that.
 */
export function retraction(id: string, words: string = RETRACTED): MessageContent {
  return content(
    el("body", {}, words),
    buildRetraction(id),
    buildFallback(NS_RETRACTION),
    buildHint("store"),
  );
}

/**
 * Reacts to a message (XEP-0444), or takes back what was felt about it before: of two reactions of a bot to one message the later counts.
 *
 * @param id of the message; in a room, the one that the room gave it.
 * @param emojis all of them; none takes them back.
 */
export function reaction(id: string, ...emojis: string[]): MessageContent {
  return content(buildReactions({ to: id, emojis }), buildHint("store"));
}

/** Says that the bot has read up to a message (XEP-0333). */
export function displayed(id: string): MessageContent {
  return content(buildDisplayed(id), buildHint("store"));
}

/**
 * Answers a certain message (XEP-0461), with its beginning as a quotation for clients that do not know that. What it quotes itself is left out.
 *
 * @param original what is answered. Where it has no id by which it could be named, it is quoted all the same.
 */
export function quoting(original: Message, text: string): MessageContent {
  const id = readReferenceId(original);
  const said = withoutFallback(original, NS_REPLY)?.trim();
  const [body, fallback] = said ? buildQuotation(said, text) : [el("body", {}, text)];
  // Who knows of replies must not lose the quotation where nothing else says what is answered.
  return content(body, id !== undefined && [fallback, buildReplyTo({ id, jid: original.from })]);
}

/**
 * Says something in which names stand for people, whose clients can then call their attention to it (XEP-0372).
 *
 * @param people by the names that stand for them in the text; a name that is not in it is left out.
 * @throws JidError when one is no JID.
 * @example
 * ```ts
 * import { Composer, mentioning } from "restanza";
 *
 * new Composer().hears("page", () => mentioning("Juliet, your turn!", { Juliet: "juliet@example.com" }));
 * ```
 */
export function mentioning(text: string, people: Readonly<Record<string, Jid | string>>): MessageContent {
  const mentions = Object.entries(people).flatMap(([name, jid]) => {
    const at = name === "" ? -1 : text.indexOf(name);
    if (at === -1) return [];
    // XEP-0372 counts code points.
    const begin = Array.from(text.slice(0, at)).length;
    return [buildMention(jid, { begin, end: begin + Array.from(name).length })];
  });
  return content(el("body", {}, text), mentions);
}

/**
 * Asks the client of who gets it to tell that it has arrived (XEP-0184) and that it was read (XEP-0333), which `message:receipt` and
 * `message:marker` then tell with its id. In rooms there are no receipts.
 */
export function tracked(text: string): MessageContent {
  return content(el("body", {}, text), buildReceiptRequest(), buildMarkable());
}

const RETRACTED = "/me retracted a previous message, but it's unsupported by your client.";

function content(...nodes: NodeInit[]): MessageContent {
  return new MessageContent(message({}, ...nodes).element);
}
