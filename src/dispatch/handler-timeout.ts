/** The reason with which a handler's signal fires when its time is over. */
export class HandlerTimeoutError extends Error {
  override name = "HandlerTimeoutError";
}
