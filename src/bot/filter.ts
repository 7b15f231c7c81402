import {
  type Element,
  type Iq,
  type Message,
  PRESENCE_TYPES,
  type Presence,
  type PresenceType,
  type Stanza,
} from "../stanza/index.ts";
import type { Context } from "./context.ts";

/**
 * What each filter promises about a context that passes it. The key is the filter; the value narrows the context.
 *
 * Messages of type `error` pass `message:error` alone: a bot that answers errors makes loops.
 */
export interface Filters {
  /** Any message but an error. */
  message: { readonly stanza: Message };
  /** A message with a body. */
  "message:body": { readonly stanza: Message; readonly body: string };
  /** A message with a subject; without a body it sets the topic of a room (XEP-0045 §8.1). */
  "message:subject": { readonly stanza: Message; readonly subject: string };
  /** A message to the bot itself: of type chat or normal, and not from a room. */
  "message:direct": { readonly stanza: Message };
  /** A message to everybody in a room. */
  "message:groupchat": { readonly stanza: Message };
  /** A message of type headline. */
  "message:headline": { readonly stanza: Message };
  /** A message that came back as an error. */
  "message:error": { readonly stanza: Message };
  /**
   * That somebody is available or unavailable. Requests such as `subscribe` and `probe` have filters of their own, so that a
   * bot that looks at presence does not answer them with silence.
   */
  presence: { readonly stanza: Presence };
  /** Any request: an IQ of type get or set. */
  iq: { readonly stanza: Iq; readonly payload: Element };
  /** A request for information. */
  "iq:get": { readonly stanza: Iq; readonly payload: Element };
  /** A request to change something. */
  "iq:set": { readonly stanza: Iq; readonly payload: Element };
}

/**
 * A filter: a key of {@link Filters}, `presence:` and a type, or `iq:get:` or `iq:set:` and the namespace of the payload.
 */
export type Filter = keyof Filters | `presence:${PresenceType}` | `iq:${"get" | "set"}:${string}`;

/** The context `C` as a filter `F` narrows it. */
export type Filtered<C, F extends Filter> = C &
  (F extends keyof Filters
    ? Filters[F]
    : F extends `presence:${string}`
      ? { readonly stanza: Presence }
      : { readonly stanza: Iq; readonly payload: Element });

/** @internal Whether a context passes. */
export type Predicate = (ctx: Context) => boolean;

const simple: Readonly<Record<keyof Filters, Predicate>> = {
  message: (ctx) => messageOf(ctx) !== undefined,
  "message:body": (ctx) => messageOf(ctx)?.body !== undefined,
  "message:subject": (ctx) => messageOf(ctx)?.subject !== undefined,
  "message:direct": (ctx) => {
    const type = messageOf(ctx)?.type;
    return (type === "chat" || type === "normal") && !ctx.inRoom;
  },
  "message:groupchat": (ctx) => messageOf(ctx)?.type === "groupchat",
  "message:headline": (ctx) => messageOf(ctx)?.type === "headline",
  "message:error": ({ stanza }) => stanza.kind === "message" && stanza.type === "error",
  presence: ({ stanza }) =>
    stanza.kind === "presence" && (stanza.type === "available" || stanza.type === "unavailable"),
  iq: ({ stanza }) => isRequest(stanza, "get") || isRequest(stanza, "set"),
  "iq:get": ({ stanza }) => isRequest(stanza, "get"),
  "iq:set": ({ stanza }) => isRequest(stanza, "set"),
};

/** An IQ whose payload the JSON of mod_rest has lost asks nothing that a handler could answer. */
function isRequest(stanza: Stanza, type: "get" | "set"): boolean {
  return stanza.kind === "iq" && stanza.type === type && stanza.payload !== undefined;
}

/**
 * @internal Compiles a filter.
 *
 * @throws TypeError when there is no such filter, which only untyped code can ask for.
 */
export function predicate(filter: Filter): Predicate {
  if (Object.hasOwn(simple, filter)) return simple[filter as keyof Filters];
  const request = /^iq:(get|set):(.+)$/.exec(filter);
  if (request) {
    const [, type, ns] = request;
    return ({ stanza }) => stanza.kind === "iq" && stanza.type === type && stanza.payload?.ns === ns;
  }
  const [kind, type] = filter.split(":", 2);
  if (kind === "presence" && type !== undefined && PRESENCE_TYPES.some((known) => known === type)) {
    return ({ stanza }) => stanza.kind === "presence" && stanza.type === type;
  }
  throw new TypeError(
    `there is no filter ${JSON.stringify(filter)}; there are ${Object.keys(simple).join(", ")}, presence:TYPE, iq:get:NAMESPACE and iq:set:NAMESPACE`,
  );
}

function messageOf({ stanza }: Context): Message | undefined {
  return stanza.kind === "message" && stanza.type !== "error" ? stanza : undefined;
}
