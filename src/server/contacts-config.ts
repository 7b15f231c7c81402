import { z } from "zod";
import { isPattern } from "../bot/index.ts";

const WHO = "names nobody: give an account (juliet@example.com), or all accounts of a domain (example.com)";

const policy = z.union(
  [
    z.enum(["accept", "ask", "refuse"]),
    z.strictObject({
      allow: z.array(z.string().refine(isPattern, WHO)),
      otherwise: z.enum(["ask", "refuse"]).optional(),
    }),
  ],
  { error: 'is no policy: give "accept", "ask", "refuse", or { allow: ["example.com"] }' },
);

/** Who may be a contact of which bot. */
export const contactFields = {
  /** By the name of the bot, in the place of what it says itself. */
  contacts: z.record(z.string(), policy).default({}),
};
