/** Somebody named a bot that there is not; the message names those that there are. */
export class UnknownBotError extends Error {
  override name = "UnknownBotError";
}
