import { JsonStanzaError } from "./json-error.ts";
import type { JsonLimits } from "./json-limits.ts";

// A byte order mark is kept, so that the parser refuses it (RFC 8259 §8.1).
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * @internal The text of a body.
 *
 * @throws JsonStanzaError when it is too large, or no UTF-8.
 */
export function sourceText(input: string | Uint8Array, limits: JsonLimits): string {
  const { bytes } = limits;
  const fits =
    input.length <= bytes &&
    (typeof input !== "string" || input.length * 3 <= bytes || Buffer.byteLength(input) <= bytes);
  if (!fits)
    throw new JsonStanzaError("", `it is larger than ${bytes} bytes; send less, or raise the limit bytes`);
  if (typeof input === "string") return input;
  try {
    return decoder.decode(input);
  } catch (cause) {
    throw new JsonStanzaError("", "it is no UTF-8; encode it as UTF-8", { cause });
  }
}
