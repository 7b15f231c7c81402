import { type Element, el, Jid } from "../stanza/index.ts";
import { readJid } from "./addresses.ts";
import { readBoolean } from "./values.ts";

/** XEP-0402: PEP Native Bookmarks; also the name of the node that holds them. */
export const NS_BOOKMARKS = "urn:xmpp:bookmarks:1";

/** A room that somebody wants to find again. */
export interface Bookmark {
  readonly room: Jid;
  /** What its owner calls it. */
  readonly name?: string | undefined;
  /** Whether clients enter it as soon as they are online; default `false`. */
  readonly autojoin?: boolean | undefined;
  /** Under which nickname. */
  readonly nick?: string | undefined;
  readonly password?: string | undefined;
  /** What clients keep with it; whoever changes a bookmark keeps these as they are (§3.4). */
  readonly extensions?: readonly Element[] | undefined;
}

/** How the node has to be configured when a bookmark is published (§3.3). */
export const BOOKMARK_OPTIONS = {
  "pubsub#persist_items": "true",
  "pubsub#max_items": "max",
  "pubsub#send_last_published_item": "never",
  "pubsub#access_model": "whitelist",
} as const;

/** Reads an `<item/>` of the node; `undefined` where it holds no bookmark of a room. */
export function readBookmark(item: Element): Bookmark | undefined {
  const room = readJid(item.attr("id"));
  const conference = item.child("conference", NS_BOOKMARKS);
  if (room === undefined || conference === undefined) return undefined;
  const extensions = conference.child("extensions")?.elements;
  return {
    room,
    name: conference.attr("name"),
    autojoin: readBoolean(conference.attr("autojoin")),
    nick: conference.childText("nick"),
    password: conference.childText("password"),
    ...(extensions && { extensions }),
  };
}

/**
 * Makes the payload of an item of the node; the id of the item is the room's address.
 *
 * @example
 * ```ts
 * import { buildBookmark } from "restanza/xep";
 *
 * buildBookmark({ name: "The lobby", autojoin: true, nick: "Robo" });
 * ```
 */
export function buildBookmark(bookmark: Omit<Bookmark, "room">): Element {
  const { name, autojoin, nick, password, extensions } = bookmark;
  return el(
    "conference",
    { xmlns: NS_BOOKMARKS, name, autojoin: autojoin === true ? "true" : undefined },
    nick !== undefined && el("nick", {}, nick),
    password !== undefined && el("password", {}, password),
    extensions && el("extensions", {}, extensions),
  );
}

/**
 * Makes a whole item of the node.
 *
 * @throws JidError when the room is no JID.
 */
export function buildBookmarkItem({
  room,
  ...bookmark
}: Omit<Bookmark, "room"> & { room: Jid | string }): Element {
  return el("item", { id: Jid.parse(room).toString() }, buildBookmark(bookmark));
}
