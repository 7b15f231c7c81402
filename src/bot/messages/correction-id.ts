import { randomBytes } from "node:crypto";

/** What the id of a correction has after that of the first message. */
const MARK = /~[\w-]{8}$/;

/**
 * @internal An id for a correction of one of the bot's messages, which tells of which. Clients differ in what they name by reactions and
 * replies to what was corrected, the first message or the correction, and both have to be understood (XEP-0444 §4).
 */
export function correctionIdOf(first: string): string {
  return `${firstIdOf(first) ?? first}~${randomBytes(6).toString("base64url")}`;
}

/** @internal The id of the message that the bot has corrected, by that of a correction; `undefined` for any other id. */
export function firstIdOf(id: string): string | undefined {
  return MARK.test(id) ? id.replace(MARK, "") : undefined;
}
