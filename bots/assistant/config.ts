import { z } from "zod";

const count = z.int().positive();

/** What an operator can set; `url`, `model` and `apiKey` also by the environment. */
export const config = z.strictObject({
  /** Where the API is, up to and without `/chat/completions`, such as `http://127.0.0.1:11434/v1`. Default: `ASSISTANT_URL`. */
  url: z
    .url({ protocol: /^https?$/, error: "is no http URL, such as http://127.0.0.1:11434/v1" })
    .refine((url) => new URL(url).username === "", "has a user in it; give the key as apiKey")
    .optional()
    .prefault(() => process.env["ASSISTANT_URL"] || undefined),
  /** The name of the model. Default: `ASSISTANT_MODEL`. */
  model: z
    .string()
    .min(1)
    .optional()
    .prefault(() => process.env["ASSISTANT_MODEL"] || undefined),
  /** Sent as `Authorization: Bearer …`. Default: `ASSISTANT_API_KEY`, else none. */
  apiKey: z
    .string()
    .regex(/^[\x21-\x7e]+$/, "is no key, as it has spaces or other characters in it that no header can have")
    .optional()
    .prefault(() => process.env["ASSISTANT_API_KEY"] || undefined),
  /** What the model is told before everything else. */
  system: z
    .string()
    .default(
      "You are a helpful assistant in a chat. Answer briefly, in the language of the question, in plain text without headings or tables.",
    ),
  /** What else each request has; for models that do not take `max_tokens`, `{ max_completion_tokens: 1000 }`. */
  parameters: z.record(z.string(), z.json()).default({ max_tokens: 1_000 }),
  /** How much of each conversation is remembered, and for how many milliseconds after the last answer. */
  history: z
    .strictObject({
      exchanges: z.int().min(0).max(100).default(10),
      characters: z.int().min(0).max(200_000).default(16_000),
      ttl: count.default(86_400_000),
    })
    .prefault({}),
  /** The longest question, in UTF-16 units. */
  longestQuestion: count.default(8_000),
  /** How many questions each person may ask in how many milliseconds. */
  rateLimit: z.strictObject({ points: count.default(20), duration: count.default(600_000) }).prefault({}),
  /** Whether answers are shown as they grow: see “Text that grows” in docs/BOTS.md. */
  corrections: z.enum(["auto", "always", "never"]).default("auto"),
});
