import { BounceError, RestError } from "../errors.ts";

/**
 * @internal What a failed try means for the queue.
 *
 * - `bounced`: Prosody took it, and it came back.
 * - `refused`: this stanza will never be taken.
 * - `away`: Prosody cannot be reached, or is not ready; it is so for every stanza.
 * - `locked`: the credential is wrong; it is so for every stanza, until an operator mends it.
 * - `forbidden`: this sender may not send, until an operator lets it.
 * - `failed`: Prosody failed on this stanza, which may be its fault.
 */
export type Verdict = "bounced" | "refused" | "away" | "locked" | "forbidden" | "failed";

/** @internal */
export function judge(error: unknown): Verdict {
  if (error instanceof BounceError) return "bounced";
  if (!(error instanceof RestError)) return "failed";
  switch (error.kind) {
    case "malformed":
    case "rejected":
    case "too-large":
    case "expired":
      return "refused";
    case "unauthorized":
      // A token endpoint that is away for a moment is no wrong credential.
      return error.retryable ? "away" : "locked";
    case "forbidden-from":
      return "forbidden";
    case "unavailable":
    case "timeout":
    case "not-found":
    case "closed":
      return "away";
    case "crashed":
    case "unexpected":
      return "failed";
  }
}
