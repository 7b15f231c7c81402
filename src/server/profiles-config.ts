import { z } from "zod";

const text = z.string().trim().min(1, "is empty; leave it out for the bot's own");

/** What bots show of themselves in the place of what they have for it, by the name of the bot. */
export const profileFields = {
  profiles: z
    .record(
      z.string(),
      z.strictObject({
        /** What it goes by in lists of contacts. */
        nick: text.optional(),
        /** The path of its picture; `false` for none. */
        avatar: z.union([text, z.literal(false)], { error: "is neither a path nor false" }).optional(),
        /** What it is, for who looks closer. */
        description: text.optional(),
        /** Where there is more about it. */
        url: z.url("is no URL, such as https://example.org/bot").optional(),
        /** The software that it tells who asks. */
        software: z.strictObject({ name: text, version: text }).optional(),
      }),
    )
    .default({}),
};
