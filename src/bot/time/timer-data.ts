import { type Element, Message, message, readStanza, writeXml } from "../../stanza/index.ts";
import type { JsonValue } from "../../store/index.ts";
import { misfit } from "../json-fit.ts";
import type { Reply } from "../reply.ts";

/** What can be said later: words, the content of a message, or a message, whose addresses are filled in. */
export type Remindable = string | Element | Message;

/** @internal @throws TypeError when the data of a timer is no JSON. */
export function checkData(name: string, data: JsonValue): void {
  const problem = misfit(data, `what the timer ${name} is set with`);
  if (problem !== undefined) throw new TypeError(`${problem}, which cannot be kept as JSON`);
}

/**
 * @internal What is kept of something to be said later: words as they are, all else as XML.
 *
 * @throws TypeError when it is no message.
 */
export function keptReply(reply: Remindable): JsonValue {
  if (typeof reply === "string") return reply;
  if (!("kind" in reply)) return { xml: writeXml(message({}, reply).element) };
  if (reply instanceof Message) return { xml: writeXml(reply.element) };
  throw new TypeError(
    "only words or a message can be said later: for anything else, define a timer by bot.timer() and set it by ctx.schedule()",
  );
}

/** @internal What is to be said. */
export function replyFrom(data: JsonValue): Reply {
  if (typeof data === "string") return data;
  const { xml } = data as { readonly xml: string };
  return readStanza(xml);
}
