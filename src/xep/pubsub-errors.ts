import { el, StanzaError, type StanzaErrorCondition, type StanzaErrorType } from "../stanza/index.ts";
import { NS_PUBSUB } from "./pubsub.ts";

/** XEP-0060: the reasons of a service to refuse something, beside those of XMPP itself. */
export const NS_PUBSUB_ERRORS = `${NS_PUBSUB}#errors`;

/** Why a service of publish-subscribe refuses something. */
export interface PubSubRefusal {
  readonly reason: PubSubReason;
  /** What it does not have, of `unsupported`: the part of its feature after `#`, such as `retrieve-items`. */
  readonly feature: string | undefined;
}

/** The reasons of XEP-0060, each with an error that it is said by there. */
const REASONS = {
  "closed-node": "not-allowed",
  "configuration-required": "not-acceptable",
  "invalid-jid": "bad-request",
  "invalid-options": "bad-request",
  "invalid-payload": "bad-request",
  "invalid-subid": "not-acceptable",
  "item-forbidden": "bad-request",
  "item-required": "bad-request",
  "jid-required": "bad-request",
  "max-items-exceeded": "not-allowed",
  "max-nodes-exceeded": "conflict",
  "nodeid-required": "bad-request",
  "not-in-roster-group": "not-authorized",
  "not-subscribed": "unexpected-request",
  "payload-too-big": "not-acceptable",
  "payload-required": "bad-request",
  "pending-subscription": "not-authorized",
  "precondition-not-met": "conflict",
  "presence-subscription-required": "not-authorized",
  "subid-required": "bad-request",
  "too-many-subscriptions": "policy-violation",
  unsupported: "feature-not-implemented",
  "unsupported-access-model": "not-acceptable",
} as const satisfies Record<string, StanzaErrorCondition>;

/** Where XEP-0060 has another type of error than RFC 6120 has for its condition. */
const TYPES: { readonly [Reason in keyof typeof REASONS]?: StanzaErrorType } = {
  "not-subscribed": "cancel",
  "too-many-subscriptions": "wait",
};

/** A reason of XEP-0060 to refuse something. */
export type PubSubReason = keyof typeof REASONS;

/**
 * Why a service has refused something, where XEP-0060 has a reason of its own for it.
 *
 * @example
 * ```ts
 * import { StanzaError } from "restanza";
 * import { readPubSubRefusal } from "restanza/xep";
 *
 * function isFull(error: unknown): boolean {
 *   return error instanceof StanzaError && readPubSubRefusal(error)?.reason === "max-items-exceeded";
 * }
 * ```
 */
export function readPubSubRefusal({ application }: StanzaError): PubSubRefusal | undefined {
  if (application?.ns !== NS_PUBSUB_ERRORS || !Object.hasOwn(REASONS, application.name)) return undefined;
  return { reason: application.name as PubSubReason, feature: application.attr("feature") };
}

/** Refuses something as a service of publish-subscribe does. */
export function buildPubSubRefusal({ reason, feature }: PubSubRefusal, text?: string): StanzaError {
  return new StanzaError(REASONS[reason], {
    type: TYPES[reason],
    text,
    application: el(reason, { xmlns: NS_PUBSUB_ERRORS, feature }),
  });
}
