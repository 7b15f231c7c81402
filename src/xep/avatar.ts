import { type Element, el } from "../stanza/index.ts";

/** XEP-0084: User Avatar, the node of the images. */
export const NS_AVATAR_DATA = "urn:xmpp:avatar:data";

/** XEP-0084: User Avatar, the node of what is known of the images. */
export const NS_AVATAR_METADATA = "urn:xmpp:avatar:metadata";

/** One form in which an avatar is to be had. */
export interface AvatarInfo {
  /** The SHA-1 of the image, in lower-case hexadecimal digits; also the id of the item with the image. */
  readonly id: string;
  /** How many bytes the image has. */
  readonly bytes: number;
  /** Its media type, such as `image/png`. */
  readonly type: string;
  /** In pixels. */
  readonly width?: number | undefined;
  /** In pixels. */
  readonly height?: number | undefined;
  /** Where it is, unless it is at the node of the images. */
  readonly url?: string | undefined;
}

/** Tells in which forms an avatar is to be had (XEP-0084 §4.2); none where there is no avatar. */
export function buildAvatarMetadata(infos: readonly AvatarInfo[]): Element {
  return el(
    "metadata",
    { xmlns: NS_AVATAR_METADATA },
    infos.map(({ id, bytes, type, width, height, url }) =>
      el("info", { bytes, id, type, width, height, url }),
    ),
  );
}

/** Reads in which forms an avatar is to be had, those left out that lack what XEP-0084 §4.2.1 demands. */
export function readAvatarMetadata(metadata: Element): AvatarInfo[] {
  return metadata.childrenNamed("info").flatMap((info) => {
    const id = info.attr("id")?.toLowerCase();
    const type = info.attr("type");
    const bytes = wholeNumber(info.attr("bytes"));
    if (id === undefined || !/^[0-9a-f]{40}$/.test(id) || !type || bytes === undefined) return [];
    const [width, height] = [wholeNumber(info.attr("width")), wholeNumber(info.attr("height"))];
    return [{ id, bytes, type, width, height, url: info.attr("url") }];
  });
}

/** The image of an avatar (XEP-0084 §4.1). */
export function buildAvatarData(image: Uint8Array): Element {
  return el("data", { xmlns: NS_AVATAR_DATA }, Buffer.from(image).toString("base64"));
}

/** Reads the image of an avatar; `undefined` where that is not in Base64. */
export function readAvatarData(data: Element): Uint8Array | undefined {
  return readBase64(data.text);
}

/** @internal Reads Base64 that may be broken into lines, as RFC 2045 has it; `undefined` where it is none, or nothing. */
export function readBase64(text: string): Uint8Array | undefined {
  const compact = text.replaceAll(/\s+/g, "");
  if (compact === "" || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) return undefined;
  return new Uint8Array(Buffer.from(compact, "base64"));
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
