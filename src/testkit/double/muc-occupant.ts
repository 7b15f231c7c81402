import { type Element, el } from "../../stanza/index.ts";
import { type Affiliation, NS_MUC, NS_MUC_USER, type Role } from "../../xep/index.ts";

/** Somebody in a room. */
export interface MucOccupant {
  readonly realJid: string;
  readonly nickJid: string;
  affiliation: Affiliation;
  role: Role;
  presence: Element;
}

/** How an occupant's presence is told to the room. */
export interface Notice {
  readonly codes?: readonly string[];
  readonly role: Role;
  readonly newNick?: string;
  readonly by?: By | undefined;
  /** What else is told, such as that the room is no more. */
  readonly more?: Element | undefined;
}

/** Who did something to an occupant, and why. */
export interface By {
  /** A nickname. */
  readonly actor?: string | undefined;
  readonly reason?: string | undefined;
}

/** An occupant's presence as the room tells it to somebody in it. */
export function presenceOf(
  about: MucOccupant,
  to: string,
  seesRealJid: boolean,
  { role, codes = [], newNick, by, more }: Notice,
): Element {
  const shown = codes.filter((code) => code !== "201" || to === about.realJid);
  return about.presence.withAttrs({ from: about.nickJid, to }).append(
    el(
      "x",
      { xmlns: NS_MUC_USER },
      el(
        "item",
        {
          affiliation: about.affiliation,
          role,
          jid: seesRealJid || to === about.realJid ? about.realJid : undefined,
          nick: newNick,
        },
        by?.actor !== undefined && el("actor", { nick: by.actor }),
        by?.reason !== undefined && el("reason", {}, by.reason),
      ),
      more,
      shown.map((code) => el("status", { code })),
    ),
  );
}

export function nickOf(nickJid: string): string {
  return nickJid.slice(nickJid.indexOf("/") + 1);
}

/** Without what only the room itself may say. */
export function filtered(stanza: Element): Element {
  return stanza.withChildren(
    stanza.children.filter(
      (child) => typeof child === "string" || (child.ns !== NS_MUC && child.ns !== NS_MUC_USER),
    ),
  );
}
