import { iqShape } from "./schema-iq.ts";
import { messageShape } from "./schema-message.ts";
import { presenceShape } from "./schema-presence.ts";
import type { Shape } from "./shape.ts";

/** What the schema of mod_rest knows, kind by kind. The keys in `specials.ts` come on top. */
export const SCHEMA: Readonly<Record<"message" | "presence" | "iq", Shape>> = {
  message: messageShape,
  presence: presenceShape,
  iq: iqShape,
};
