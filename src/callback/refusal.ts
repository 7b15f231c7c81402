import type { RequestLine } from "./request-line.ts";
import type { Answer } from "./respond.ts";

/**
 * Why a callback was refused: a label for counting, and the status that becomes the sender's stanza error. None of them
 * becomes an error for which a room throws an occupant out, since a private message there cannot be told from another.
 */
export const REFUSALS = {
  /** No credential, or a wrong one. */
  unauthorized: 401,
  /** No signature, a wrong one, or one from another time. */
  "bad-signature": 401,
  /** A callback that has been here before. */
  replayed: 409,
  /** Repeated or conflicting headers, or a second request on a connection that is to carry one. */
  "bad-request": 400,
  /** The request line and the body do not tell the same. */
  forged: 400,
  /** The body is no stanza. */
  malformed: 400,
  /** The body is over the limit. */
  "too-large": 413,
  /** The body did not arrive whole. */
  incomplete: 400,
  /** A Content-Type that mod_rest does not send. */
  "unsupported-type": 415,
  /** mod_rest could not put the stanza into JSON, and sent a GET without it. */
  unencodable: 501,
  /** The domain is none of ours. */
  "unknown-domain": 421,
  /** A callback to a path that is none of ours. */
  "unknown-path": 421,
  /** Our own fault. */
  failed: 507,
} as const;

/** A key of {@link REFUSALS}. */
export type RefusalReason = keyof typeof REFUSALS;

/** A callback that is not let in. `message` is for the log: what happened, why, what to do. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/**
 * The answer to a refused callback: always without a body, which mod_rest would deliver as a message.
 *
 * Where the answer would go to a room it is empty, whatever the reason: an error would throw the bot out of it. So it is for a
 * message that came before, whose sender has been answered. The request line tells, since it is the one part of a
 * callback that a sender cannot bend.
 */
export function refuse(reason: RefusalReason, line: RequestLine): Answer {
  if (
    line.kind === "presence" ||
    (line.kind === "message" && reason === "replayed") ||
    line.type === "groupchat" ||
    line.type === "error" ||
    line.type === "result"
  ) {
    return { status: 204 };
  }
  return { status: REFUSALS[reason] };
}
