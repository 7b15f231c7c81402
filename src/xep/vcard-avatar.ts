import { type Element, el, type Presence } from "../stanza/index.ts";

/** XEP-0153: vCard-Based Avatars. */
export const NS_VCARD_UPDATE = "vcard-temp:x:update";

/** What a presence tells of the avatar in its sender's vCard. */
export interface VCardUpdate {
  /**
   * The SHA-1 of the image, in lower-case hexadecimal digits; empty where there is none. `undefined` where the sender does not know
   * yet.
   */
  readonly photo: string | undefined;
}

/** Tells which avatar is in the vCard (XEP-0153 §4.1); without a hash, that this is not known yet. */
export function buildVCardUpdate({ photo }: VCardUpdate): Element {
  return el("x", { xmlns: NS_VCARD_UPDATE }, photo !== undefined && el("photo", {}, photo));
}

/** Reads which avatar is in the sender's vCard; `undefined` where the presence does not tell, or no hash. */
export function readVCardUpdate(presence: Presence): VCardUpdate | undefined {
  const update = presence.child("x", NS_VCARD_UPDATE);
  if (update === undefined) return undefined;
  const photo = update.childText("photo")?.trim().toLowerCase();
  return photo === undefined || /^(?:[0-9a-f]{40})?$/.test(photo) ? { photo } : undefined;
}
