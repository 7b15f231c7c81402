import { type Element, el } from "../stanza/index.ts";

/** XEP-0446: File metadata element. */
export const NS_FILE_METADATA = "urn:xmpp:file:metadata:0";

/** XEP-0300: Use of Cryptographic Hash Functions. */
export const NS_HASHES = "urn:xmpp:hashes:2";

/** What is said of a file; the file may turn out to be otherwise. */
export interface FileMetadata {
  readonly name?: string | undefined;
  /** Such as `image/jpeg`. */
  readonly mediaType?: string | undefined;
  /** In bytes. */
  readonly size?: number | undefined;
  readonly description?: string | undefined;
  /** In base64, by the names of XEP-0300, such as `sha-256`. */
  readonly hashes?: Readonly<Record<string, string>> | undefined;
}

/** Reads the `<file/>` inside an element. */
export function readFileMetadata(parent: Element): FileMetadata {
  const file = parent.child("file", NS_FILE_METADATA);
  const size = file?.childText("size")?.trim() ?? "";
  const hashes: Record<string, string> = Object.create(null);
  for (const hash of file?.childrenNamed("hash", NS_HASHES) ?? []) {
    const algorithm = hash.attr("algo");
    if (algorithm !== undefined) hashes[algorithm] = hash.text.trim();
  }
  return {
    name: file?.childText("name"),
    mediaType: file?.childText("media-type"),
    size: /^\d{1,15}$/.test(size) ? Number(size) : undefined,
    description: file?.childText("desc"),
    hashes,
  };
}

/** Says what a file is. */
export function buildFileMetadata({
  name,
  mediaType,
  size,
  description,
  hashes = {},
}: FileMetadata): Element {
  return el(
    "file",
    { xmlns: NS_FILE_METADATA },
    mediaType !== undefined && el("media-type", {}, mediaType),
    name !== undefined && el("name", {}, name),
    size !== undefined && el("size", {}, String(size)),
    Object.entries(hashes).map(([algo, hash]) => el("hash", { xmlns: NS_HASHES, algo }, hash)),
    description !== undefined && el("desc", {}, description),
  );
}
