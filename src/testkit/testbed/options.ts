import type { PermissionConfig } from "../../bot/index.ts";
import type { JsonValue } from "../../store/index.ts";

/** What a {@link testbed} can be told. */
export interface TestbedOptions<Config = unknown, Resources = unknown> {
  /** The bot's own configuration; of several bots, an object with that of each under its name. */
  readonly config?: Config | undefined;
  /**
   * What stands in for the resources of the bot, whose `setup` does not run then; of several bots, an object with those of each under
   * its name. They live through restarts. Default: `setup` makes them.
   */
  readonly resources?: Resources | undefined;
  /** Groups and rules: who may run which commands. Default: everyone those that are for everyone, nobody any other. */
  readonly permissions?: PermissionConfig | undefined;
  /** What time it is at first. Default: 2026-01-05T09:00:00Z, a Monday. */
  readonly now?: Date | string | number | undefined;
  /** What the bot finds in its `ctx.storage`, by key; of several bots, the first. Default: nothing. */
  readonly storage?: Readonly<Record<string, JsonValue>> | undefined;
  /**
   * What becomes of an error that a handler did not mean for the sender, and of anything else that is logged as an error:
   * `throw` has the call of the test kit during which it happened fail; `tell` leaves it to the bot's apology and the transcript.
   * Default `throw`.
   */
  readonly failures?: "throw" | "tell" | undefined;
  /** How long, in real milliseconds, a handler may wait for what is no part of the test, such as `fetch`. Default 2,000. */
  readonly patience?: number | undefined;
}
