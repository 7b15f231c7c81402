import type { Stanza } from "../to-stanza.ts";
import { stanzaOf } from "./from-json.ts";
import { JsonStanzaError } from "./json-error.ts";
import { type JsonLimits, jsonLimits } from "./json-limits.ts";
import { scanJson } from "./scan-json.ts";
import { sourceText } from "./source.ts";

/**
 * Reads one stanza of JSON, as {@link jsonToStanza} does.
 *
 * @param input text, or bytes of UTF-8 without a byte order mark.
 * @param limits default {@link DEFAULT_JSON_LIMITS}.
 * @throws {@link JsonStanzaError} when it is no UTF-8, no JSON, no stanza, or over a limit.
 * @throws RangeError when a limit is no limit.
 * @example
 * ```ts
 * import { readJson } from "restanza/stanza";
 *
 * const stanza = readJson('{"kind":"presence","type":"subscribe","from":"juliet@example.com"}');
 * ```
 */
export function readJson(input: string | Uint8Array, limits?: Partial<JsonLimits>): Stanza {
  const all = jsonLimits(limits);
  const text = sourceText(input, all);
  scanJson(text, all);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    // The words of the parser repeat the input, which may hold anything; they stay in the cause.
    throw new JsonStanzaError("", "it is no JSON; send one object", { cause });
  }
  return stanzaOf(json);
}
