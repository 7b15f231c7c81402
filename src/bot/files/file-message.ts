import { type Message, message } from "../../stanza/index.ts";
import {
  buildFallback,
  buildFileSharing,
  buildOutOfBand,
  NS_FILE_SHARING,
  type SharedFile,
} from "../../xep/index.ts";

/**
 * A message that shares a file which is on the web already: by XEP-0447, and by its address alone (XEP-0066), as most clients show it inline
 * only where the body is that address and nothing else.
 *
 * @example
 * ```ts
 * import { Composer, fileMessage } from "restanza";
 *
 * new Composer().hears("cat", () =>
 *   fileMessage({ url: "https://example.org/cat.jpg", mediaType: "image/jpeg", name: "cat.jpg" }),
 * );
 * ```
 */
export function fileMessage(file: SharedFile): Message {
  return message(
    { body: file.url },
    buildOutOfBand(file.url),
    buildFileSharing(file),
    buildFallback(NS_FILE_SHARING),
  );
}
