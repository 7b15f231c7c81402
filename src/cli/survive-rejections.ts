import type { Logger } from "pino";

/**
 * Logs what a bot did not wait for and that failed, such as a `ctx.send()` without `await`. Node would end the process, and
 * every other bot with it.
 */
export function surviveRejections(log: Logger): void {
  process.on("unhandledRejection", (reason) => {
    log.error({ err: reason }, "something that a bot did not wait for has failed; put an await before it");
  });
}
