import { XmlReadError } from "./read-error.ts";

// A byte order mark is kept, so that the scan sees and refuses it as RFC 6120 §11.6 has it.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * @internal Decodes UTF-8 without mending anything.
 *
 * @throws XmlReadError `encoding`.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new XmlReadError("encoding", 0);
  }
}
