import { type Element, el } from "./element.ts";
import { NS_CLIENT, NS_STANZAS } from "./namespaces.ts";

/** What the sender may do about an error (RFC 6120 §8.3.2). */
export type StanzaErrorType = "auth" | "cancel" | "continue" | "modify" | "wait";

/** The conditions of RFC 6120 §8.3.3, each with the type that the RFC recommends for it. */
export const ERROR_CONDITIONS = {
  "bad-request": "modify",
  conflict: "cancel",
  "feature-not-implemented": "cancel",
  forbidden: "auth",
  gone: "cancel",
  "internal-server-error": "cancel",
  "item-not-found": "cancel",
  "jid-malformed": "modify",
  "not-acceptable": "modify",
  "not-allowed": "cancel",
  "not-authorized": "auth",
  "payment-required": "auth",
  "policy-violation": "modify",
  "recipient-unavailable": "wait",
  redirect: "modify",
  "registration-required": "auth",
  "remote-server-not-found": "cancel",
  "remote-server-timeout": "wait",
  "resource-constraint": "wait",
  "service-unavailable": "cancel",
  "subscription-required": "auth",
  "undefined-condition": "modify",
  "unexpected-request": "wait",
} as const satisfies Record<string, StanzaErrorType>;

/** A condition of RFC 6120 §8.3.3. */
export type StanzaErrorCondition = keyof typeof ERROR_CONDITIONS;

/** The parts of a {@link StanzaError} besides its condition. */
export interface StanzaErrorOptions {
  /** What the sender may do; default: what the RFC recommends for the condition. */
  readonly type?: StanzaErrorType | undefined;
  /** Words for a person. */
  readonly text?: string | undefined;
  /** The language of `text`. */
  readonly lang?: string | undefined;
  /** Who found the error (RFC 6120 §8.3.1), where that is not the addressee. */
  readonly by?: string | undefined;
  /** The application's own condition (RFC 6120 §8.3.4), such as `<too-many-parameters xmlns="…"/>`. */
  readonly application?: Element | undefined;
  /** The new address, for `gone` and `redirect`. */
  readonly uri?: string | undefined;
  /** Whether somebody else sent it, in answer to a stanza of ours; default: no. */
  readonly received?: boolean | undefined;
  /** What led to it, for the log; never sent. */
  readonly cause?: unknown;
}

/**
 * An error of RFC 6120 §8.3. Throw one in a handler and the sender gets it; a request of yours that is answered with
 * one rejects with it.
 *
 * @example
 * ```ts
 * import { StanzaError } from "restanza/stanza";
 *
 * throw new StanzaError("item-not-found", { text: "There is no such city" });
 * ```
 */
export class StanzaError extends Error {
  override name = "StanzaError";
  readonly condition: StanzaErrorCondition;
  readonly type: StanzaErrorType;
  readonly text: string | undefined;
  readonly lang: string | undefined;
  readonly by: string | undefined;
  readonly application: Element | undefined;
  readonly uri: string | undefined;
  /** Whether somebody else sent it. A handler that lets such an error through has failed; its sender is not to blame. */
  readonly received: boolean;

  /** @throws TypeError when `application` names no namespace of its own, as it would be lost on the way. */
  constructor(condition: StanzaErrorCondition, options: StanzaErrorOptions = {}) {
    super(options.text === undefined ? condition : `${condition}: ${options.text}`, { cause: options.cause });
    if (options.application?.ns === NS_CLIENT) {
      throw new TypeError(
        `<${options.application.name}/> is no application condition: give it an xmlns of your own (RFC 6120 §8.3.4)`,
      );
    }
    this.condition = condition;
    this.type = options.type ?? ERROR_CONDITIONS[condition];
    this.text = options.text;
    this.lang = options.lang;
    this.by = options.by;
    this.application = options.application;
    this.uri = options.uri;
    this.received = options.received ?? false;
  }

  /** Reads the `<error/>` of a stanza; a condition that the RFC does not know reads as `undefined-condition`. */
  static fromElement(error: Element): StanzaError {
    const known = error.elements.find((child) => child.ns === NS_STANZAS && child.name !== "text");
    const text = error.child("text", NS_STANZAS);
    return new StanzaError(isCondition(known?.name) ? known.name : "undefined-condition", {
      type: isErrorType(error.attr("type")),
      text: text?.text,
      lang: text?.attr("xml:lang"),
      by: error.attr("by"),
      application: error.elements.find((child) => child.ns !== NS_STANZAS && child.ns !== NS_CLIENT),
      uri: known?.text || undefined,
      received: true,
    });
  }

  /** The `<error/>` to put into a stanza of type `error`. */
  toElement(): Element {
    return el(
      "error",
      { xmlns: NS_CLIENT, type: this.type, by: this.by },
      el(this.condition, { xmlns: NS_STANZAS }, this.uri),
      this.text !== undefined && el("text", { xmlns: NS_STANZAS, "xml:lang": this.lang }, this.text),
      this.application,
    );
  }
}

function isCondition(name: string | undefined): name is StanzaErrorCondition {
  return name !== undefined && Object.hasOwn(ERROR_CONDITIONS, name);
}

function isErrorType(type: string | undefined): StanzaErrorType | undefined {
  return errorTypes.find((known) => known === type);
}

const errorTypes: readonly StanzaErrorType[] = ["auth", "cancel", "continue", "modify", "wait"];
