import { type Message, type Presence, StanzaError } from "../stanza/index.ts";

/**
 * What kept a stanza from being sent, in a word to branch on.
 *
 * - `unauthorized`: the credential is missing, wrong or expired.
 * - `forbidden-from`: the credential may not send from that JID.
 * - `malformed`, `rejected`: Prosody could not read the stanza, or will not take one like it.
 * - `too-large`: over Prosody's `rest_stanza_size_limit`.
 * - `not-found`: no mod_rest answers at that URL for that host.
 * - `crashed`: mod_rest failed inside; Prosody's log has the traceback.
 * - `unavailable`, `timeout`: Prosody could not be reached, or did not answer in time.
 * - `unexpected`: the answer is not one that mod_rest gives.
 * - `closed`: the client was closed.
 * - `expired`: it was not sent by the time by which it had to be.
 */
export type RestErrorKind =
  | "unauthorized"
  | "forbidden-from"
  | "malformed"
  | "rejected"
  | "too-large"
  | "not-found"
  | "crashed"
  | "unavailable"
  | "timeout"
  | "unexpected"
  | "closed"
  | "expired";

/** What a {@link RestError} is made with besides its message. */
export interface RestErrorInit {
  readonly kind: RestErrorKind;
  readonly retryable: boolean;
  readonly maybeDelivered: boolean;
}

/**
 * A stanza did not leave, or nobody knows whether it did. It never holds a credential, nor has it a `cause` that does.
 * What the addressee or a server on the way answers is a `StanzaError` instead.
 */
export class RestError extends Error {
  override name = "RestError";
  readonly kind: RestErrorKind;
  /** Whether the same may be sent again later: it may go well then, and cannot arrive twice. */
  readonly retryable: boolean;
  /** Whether Prosody may have taken it all the same, so that sending it again could deliver it twice. */
  readonly maybeDelivered: boolean;

  constructor(message: string, init: RestErrorInit) {
    super(message);
    this.kind = init.kind;
    this.retryable = init.retryable;
    this.maybeDelivered = init.maybeDelivered;
  }
}

/** What a {@link RestHttpError} is made with besides its message. */
export interface RestHttpErrorInit extends RestErrorInit {
  readonly status: number;
  readonly condition?: string | undefined;
  readonly text?: string | undefined;
}

/** Prosody, or a proxy before it, answered with an HTTP status that is no success, or with something unreadable. */
export class RestHttpError extends RestError {
  override name = "RestHttpError";
  /** The HTTP status. */
  readonly status: number;
  /** The condition that Prosody named, such as `not-authorized`; those of RFC 6120 §4.9.3 are among them. */
  readonly condition: string | undefined;
  /** Prosody's words, at most 300 characters. */
  readonly text: string | undefined;

  constructor(message: string, init: RestHttpErrorInit) {
    super(message, init);
    this.status = init.status;
    this.condition = init.condition;
    this.text = init.text;
  }
}

/** What a {@link RestConnectionError} is made with besides its message. */
export interface RestConnectionErrorInit extends RestErrorInit {
  readonly code: string;
}

/** The connection to Prosody could not be made, broke, or stayed silent for too long. */
export class RestConnectionError extends RestError {
  override name = "RestConnectionError";
  /** The code of Node or undici, such as `ECONNREFUSED` or `UND_ERR_HEADERS_TIMEOUT`. */
  readonly code: string;

  constructor(message: string, init: RestConnectionErrorInit) {
    super(message, init);
    this.code = init.code;
  }
}

/** This side refused to send it, as it could not go well; nothing has left. */
export class RestRefusedError extends RestError {
  override name = "RestRefusedError";

  constructor(message: string, kind: RestErrorKind) {
    super(message, { kind, retryable: false, maybeDelivered: false });
  }
}

/** No credential to send with could be had: the token endpoint refused, or could not be reached. Nothing has left. */
export class CredentialError extends RestError {
  override name = "CredentialError";
  /** The OAuth 2.0 error code (RFC 6749 §5.2), such as `invalid_grant`, where the server named one. */
  readonly code: string | undefined;

  constructor(message: string, init: { readonly retryable: boolean; readonly code?: string | undefined }) {
    super(message, { kind: "unauthorized", retryable: init.retryable, maybeDelivered: false });
    this.code = init.code;
  }
}

/** A message or presence came back at once: Prosody answered it with a stanza of type `error`. */
export class BounceError extends StanzaError {
  override name = "BounceError";
  /** The stanza that came back; its `from` is who could not be reached. */
  readonly stanza: Message | Presence;

  constructor(stanza: Message | Presence) {
    const error = stanza.error ?? new StanzaError("undefined-condition");
    super(error.condition, error);
    this.stanza = stanza;
  }
}
