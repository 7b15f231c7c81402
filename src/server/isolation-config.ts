import { z } from "zod";

const isolate = z.union(
  [z.boolean(), z.strictObject({ memory: z.int().min(32).max(1_048_576).optional() })],
  {
    error: "is neither true nor false, nor { memory: 256 }, in MiB from 32 on",
  },
);

/** Which bot has a process of its own. */
export const isolationFields = {
  /** By the name of the bot, in the place of what it says itself. */
  isolate: z.record(z.string(), isolate).default({}),
};
