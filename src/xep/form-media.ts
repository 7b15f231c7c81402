import { type Element, el } from "../stanza/index.ts";

/** XEP-0221: Data Forms Media Element; also its feature. */
export const NS_MEDIA = "urn:xmpp:media-element";

/** What is shown or played with a field, such as the picture of a CAPTCHA. */
export interface FieldMedia {
  /** How large it is to be shown, in pixels. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** Where it is to be had, and as what; all of them are the same. */
  readonly uris: readonly { readonly type: string; readonly uri: string }[];
}

/** What a field shows. */
export function readMedia(field: Element): FieldMedia | undefined {
  const media = field.child("media", NS_MEDIA);
  return (
    media && {
      width: pixels(media.attr("width")),
      height: pixels(media.attr("height")),
      uris: media.childrenNamed("uri").map((uri) => ({ type: uri.attr("type") ?? "", uri: uri.text.trim() })),
    }
  );
}

function pixels(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : undefined;
}

/** Shows it, as a child of a field. */
export function buildMedia({ width, height, uris }: FieldMedia): Element {
  return el(
    "media",
    { xmlns: NS_MEDIA, height, width },
    uris.map(({ type, uri }) => el("uri", { type }, uri)),
  );
}
