import type { Element } from "../../stanza/index.ts";
import { bareOf } from "./addresses.ts";
import { emptyReply, errorReply, freshId, restamp } from "./answers.ts";
import { conditionOf } from "./http-conditions.ts";
import { type Payload, PayloadError, parsePayload } from "./payload.ts";

/** What a web server answered to a callback. */
export interface CallbackResponse {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: string;
}

/** What mod_rest makes of such an answer. */
export interface CallbackOutcome {
  /** The stanza that goes back to the sender; `undefined` means that nothing does. */
  readonly reply: Element | undefined;
  /** What mod_rest writes into its log, where it found the body unusable. */
  readonly warning: string | undefined;
}

/**
 * The inline reply: mod_rest's rules from HTTP response to stanza, as one pure function.
 *
 * The body beats the status: unless the status is 202 or 204, a body that parses as a stanza of the same kind is
 * delivered, an error page included.
 *
 * @param stanza what was called back about.
 * @throws ModRestCrash when mod_rest's own code fails over a JSON body; the sender then gets no reply at all.
 */
export function replyTo(stanza: Element, response: CallbackResponse): CallbackOutcome {
  const type = stanza.attr("type");
  if (type === "error" || type === "result") return { reply: undefined, warning: undefined };
  const { status } = response;
  if (status === 202 || status === 204) {
    return { reply: stanza.name === "iq" ? emptyReply(stanza) : undefined, warning: undefined };
  }
  const { payload, warning } = usablePayload(stanza, response);
  if (payload !== undefined) return { reply: fromPayload(stanza, payload), warning };
  return { reply: fromStatus(stanza, status), warning };
}

/** The reply when no HTTP response came at all. */
export function replyToFailure(stanza: Element): Element | undefined {
  return stanza.attr("type") === "error" ? undefined : errorReply(stanza, "wait", "recipient-unavailable");
}

function usablePayload(
  stanza: Element,
  response: CallbackResponse,
): { payload: Payload | undefined; warning: string | undefined } {
  let payload: Payload;
  try {
    payload = parsePayload(response.contentType, response.body);
  } catch (error) {
    if (!(error instanceof PayloadError)) throw error;
    return { payload: undefined, warning: `Failed parsing data from REST callback: ${String(error)}` };
  }
  if (payload.element.name === stanza.name) return { payload, warning: undefined };
  return {
    payload: undefined,
    warning: `REST callback responded with the wrong stanza type, got ${payload.element.name} but expected ${stanza.name}`,
  };
}

function fromPayload(stanza: Element, { element, namesNamespace }: Payload): Element {
  let id = element.attr("id") ?? freshId();
  let type = element.attr("type");
  let to = stanza.attr("from");
  if (element.name === "message" && type === "groupchat" && to !== undefined) to = bareOf(to);
  const hasError = !namesNamespace && element.child("error", element.ns) !== undefined;
  if (stanza.attr("type") === undefined && hasError) type = "error";
  if (type === "error") {
    id = stanza.attr("id") ?? "";
  } else if (element.name === "iq") {
    id = stanza.attr("id") ?? "";
    type = "result";
  }
  return restamp(element, {
    from: stanza.attr("to"),
    to,
    id: id || undefined,
    type,
    "xml:lang": element.attr("xml:lang"),
  });
}

function fromStatus(stanza: Element, status: number): Element {
  if (status >= 200 && status < 300) {
    const reply = emptyReply(stanza);
    return stanza.name === "iq" ? reply : reply.withAttrs({ id: freshId() });
  }
  const { type, condition, text } = conditionOf(status);
  return errorReply(stanza, type, condition, text);
}
