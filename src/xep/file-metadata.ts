import { type Element, el } from "../stanza/index.ts";
import { readInstant, readNumber, writeInstant } from "./values.ts";

/** XEP-0446: File metadata element. */
export const NS_FILE_METADATA = "urn:xmpp:file:metadata:0";

/** XEP-0300: Use of Cryptographic Hash Functions. */
export const NS_HASHES = "urn:xmpp:hashes:2";

/** XEP-0264: Jingle Content Thumbnails. */
export const NS_THUMBNAILS = "urn:xmpp:thumbs:1";

/** A small picture of a file (XEP-0264). */
export interface Thumbnail {
  /** Where it is to be had: on the web, or by XEP-0231. */
  readonly uri: string;
  readonly mediaType?: string | undefined;
  /** In pixels. */
  readonly width?: number | undefined;
  /** In pixels. */
  readonly height?: number | undefined;
}

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
  /** When it was changed last. */
  readonly date?: Date | undefined;
  /** Of a picture or film, in pixels. */
  readonly width?: number | undefined;
  /** Of a picture or film, in pixels. */
  readonly height?: number | undefined;
  /** How long it plays, in milliseconds. */
  readonly length?: number | undefined;
  readonly thumbnails?: readonly Thumbnail[] | undefined;
}

/** Reads the `<file/>` inside an element. */
export function readFileMetadata(parent: Element): FileMetadata {
  const file = parent.child("file", NS_FILE_METADATA);
  const hashes: Record<string, string> = Object.create(null);
  for (const hash of file?.childrenNamed("hash", NS_HASHES) ?? []) {
    const algorithm = hash.attr("algo");
    if (algorithm !== undefined) hashes[algorithm] = hash.text.trim();
  }
  const thumbnails = file?.childrenNamed("thumbnail", NS_THUMBNAILS).flatMap(readThumbnail);
  return {
    name: file?.childText("name"),
    mediaType: file?.childText("media-type"),
    size: readNumber(file?.childText("size")),
    description: file?.childText("desc"),
    hashes,
    date: readInstant(file?.childText("date")),
    width: readNumber(file?.childText("width")),
    height: readNumber(file?.childText("height")),
    length: readNumber(file?.childText("length")),
    thumbnails: thumbnails?.length ? thumbnails : undefined,
  };
}

/** Says what a file is. */
export function buildFileMetadata(metadata: FileMetadata): Element {
  const { name, mediaType, size, description, hashes = {}, date, thumbnails = [] } = metadata;
  return el(
    "file",
    { xmlns: NS_FILE_METADATA },
    mediaType !== undefined && el("media-type", {}, mediaType),
    name !== undefined && el("name", {}, name),
    date && el("date", {}, writeInstant(date)),
    size !== undefined && el("size", {}, String(size)),
    (["width", "height", "length"] as const).map(
      (key) => metadata[key] !== undefined && el(key, {}, String(metadata[key])),
    ),
    Object.entries(hashes).map(([algo, hash]) => el("hash", { xmlns: NS_HASHES, algo }, hash)),
    description !== undefined && el("desc", {}, description),
    thumbnails.map(({ uri, mediaType, width, height }) =>
      el("thumbnail", { xmlns: NS_THUMBNAILS, uri, "media-type": mediaType, width, height }),
    ),
  );
}

function readThumbnail(thumbnail: Element): Thumbnail[] {
  const uri = thumbnail.attr("uri");
  if (uri === undefined) return [];
  const [width, height] = [readNumber(thumbnail.attr("width")), readNumber(thumbnail.attr("height"))];
  return [{ uri, mediaType: thumbnail.attr("media-type"), width, height }];
}
