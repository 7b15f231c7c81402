import type { LossEntry } from "./loss-entry.ts";
import { TO_JSON_LOSSES } from "./losses-to-json.ts";
import { TO_XML_LOSSES } from "./losses-to-xml.ts";

/**
 * Everything that the JSON of mod_rest drops or mangles, each with an example that was recorded from Prosody 13.0.1
 * (modules of 2025-04) and 13.0.7 (modules of 2026-07), whose mappings are the same.
 *
 * @example
 * ```ts
 * import { LOSSES, message, stanzaToJson } from "restanza/stanza";
 *
 * for (const { id, path } of stanzaToJson(message({ body: { en: "Hello", de: "Hallo" } })).lost) {
 *   console.log(`${path}: ${LOSSES[id].what}`);
 * }
 * ```
 */
export const LOSSES: Readonly<Record<LossId, LossEntry>> = { ...TO_JSON_LOSSES, ...TO_XML_LOSSES };

/** The name of an entry of {@link LOSSES}. */
export type LossId = keyof typeof TO_JSON_LOSSES | keyof typeof TO_XML_LOSSES;
