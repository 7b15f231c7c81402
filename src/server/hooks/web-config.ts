import { z } from "zod";

const milliseconds = z.int().positive();

/** Where web hooks of bots are served, and within which bounds; left out, they are not. */
export const webFields = {
  web: z
    .strictObject({
      /** The address; default: that of the callback server. */
      host: z.string().min(1).optional(),
      /** The port; that of the callback server serves both there. 0 takes any that is free. */
      port: z.int("is missing: the port for web hooks, such as 9004").min(0).max(65535),
      /** The largest request, in bytes. */
      maxBytes: z
        .int()
        .positive()
        .default(1024 * 1024),
      /** How long a bot may take over one, in milliseconds. */
      timeout: milliseconds.default(10_000),
      /** How many may be under way for one bot, of those who have a secret, and of others where it asks for none. */
      concurrency: z.int().positive().default(32),
      /** How often one bot may be called, by each of them. */
      rate: z
        .strictObject({
          perSecond: z.number().positive().max(1_000_000),
          burst: z.int().min(1).max(1_000_000),
        })
        .default({ perSecond: 20, burst: 100 }),
    })
    .optional(),
};

/** A `web` of the configuration. */
export type WebConfig = NonNullable<z.output<(typeof webFields)["web"]>>;
