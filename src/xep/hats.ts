import { type Element, el, type Presence } from "../stanza/index.ts";

/** XEP-0317: Hats. */
export const NS_HATS = "urn:xmpp:hats:0";

/** What an occupant of a room is, besides role and affiliation: only a room can say that. */
export interface Hat {
  readonly uri: string;
  /** For people. */
  readonly title: string;
  /** Of the title. */
  readonly lang?: string | undefined;
  /** Of its colour, in degrees from 0 to 360 (XEP-0392). */
  readonly hue?: number | undefined;
}

/** Gives an occupant hats; none takes them. */
export function buildHats(hats: readonly Hat[]): Element {
  return el(
    "hats",
    { xmlns: NS_HATS },
    hats.map(({ uri, title, lang, hue }) => el("hat", { uri, title, "xml:lang": lang, hue })),
  );
}

/** Reads which hats a room gives to an occupant. */
export function readHats(presence: Presence): Hat[] {
  const hats = presence.child("hats", NS_HATS)?.childrenNamed("hat") ?? [];
  return hats.flatMap((hat) => {
    const [uri, title] = [hat.attr("uri"), hat.attr("title")];
    if (!uri || !title) return [];
    const hue = Number(hat.attr("hue") ?? Number.NaN);
    return [{ uri, title, lang: hat.attr("xml:lang"), hue: hue >= 0 && hue <= 360 ? hue : undefined }];
  });
}
