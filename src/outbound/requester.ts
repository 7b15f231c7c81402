import type { Element, Iq, Jid } from "../stanza/index.ts";
import type { IqAnswer } from "./answer.ts";

/** What every call takes. */
export interface CallOptions {
  /** Stops it, at whatever stage; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What every request takes. */
export interface IqOptions extends CallOptions {
  /** How long to wait for the answer, in milliseconds, from when it is sent. Default 30,000, at most 300,000. */
  readonly timeout?: number | undefined;
}

/** A request (RFC 6120 §8.2.3). An IQ that answers one cannot be sent: it is returned from the handler. */
export interface IqRequest {
  readonly type: "get" | "set";
  /** Whom to ask. Default: the account itself that sends. */
  readonly to?: Jid | string | undefined;
  /** Which bot asks. Default: whom the credential belongs to. */
  readonly from?: Jid | string | undefined;
  /** What is asked. */
  readonly payload: Element;
  /** The language in which texts are wanted. */
  readonly lang?: string | undefined;
}

/** Whoever can ask. */
export interface Requester {
  /** Who asks, where that is always the same. */
  readonly self?: Jid | undefined;
  iq(request: Iq | IqRequest, options?: IqOptions): Promise<Iq>;
  exchange(request: Iq | IqRequest, options?: IqOptions): Promise<IqAnswer>;
}
