import type { Element } from "../../stanza/index.ts";
import { buildDiscoInfo, NS_DISCO_INFO, NS_MUC } from "../../xep/index.ts";
import { bareOf, eventOf } from "./addresses.ts";
import { emptyReply, errorReply } from "./answers.ts";
import { answerMucQuery } from "./muc-queries.ts";
import { MucRoom } from "./muc-room.ts";
import type { MucRoomOptions } from "./muc-room-options.ts";
import type { Host, Network, Origin } from "./network.ts";

/** A room service (XEP-0045). A room is there, open to all, as soon as somebody joins it, and goes with the last. */
export class MucService implements Host {
  readonly domain: string;
  readonly #network: Network;
  readonly #options: MucRoomOptions;
  readonly #rooms = new Map<string, MucRoom>();

  /** @param options what the rooms have that somebody makes by joining them. */
  constructor(domain: string, network: Network, options: MucRoomOptions = {}) {
    this.domain = domain;
    this.#network = network;
    this.#options = options;
  }

  deliver(stanza: Element, origin: Origin): boolean {
    const to = stanza.attr("to") ?? this.domain;
    const event = eventOf(to);
    if (event === "host") return isDiscoInfo(stanza) ? this.#disco(stanza, origin) : false;
    const room = this.#room(stanza, to);
    if (room === undefined) return this.#missing(stanza, origin);
    const handled =
      event === "full"
        ? room.deliverToOccupant(stanza, origin)
        : (stanza.name === "iq" && answerMucQuery(room, stanza, origin)) ||
          room.deliverToRoom(stanza, origin);
    if (room.isOver) this.#rooms.delete(room.jid);
    return handled;
  }

  /** Makes a room that stays when it is empty. */
  create(jid: string, options: MucRoomOptions = {}): MucRoom {
    const room = new MucRoom(jid, (said) => this.#network.route(said), { lasting: true, ...options });
    this.#rooms.set(jid, room);
    return room;
  }

  #room(stanza: Element, to: string): MucRoom | undefined {
    const jid = bareOf(to);
    const existing = this.#rooms.get(jid);
    const joins = stanza.name === "presence" && stanza.attr("type") === undefined;
    if (existing !== undefined || !joins || stanza.child("x", NS_MUC) === undefined) return existing;
    // What a room says is answered to the room, not to whoever made it speak.
    const room = new MucRoom(jid, (said) => this.#network.route(said), {
      ...this.#options,
      owner: bareOf(stanza.attr("from") ?? ""),
    });
    this.#rooms.set(jid, room);
    return room;
  }

  #missing(stanza: Element, origin: Origin): boolean {
    if (stanza.attr("type") === "unavailable") return true;
    if (stanza.attr("type") !== "error") origin.send(errorReply(stanza, "cancel", "item-not-found"));
    return true;
  }

  #disco(stanza: Element, origin: Origin): boolean {
    origin.send(
      emptyReply(stanza).withChildren(
        buildDiscoInfo([{ category: "conference", type: "text" }], [NS_DISCO_INFO, NS_MUC]),
      ),
    );
    return true;
  }
}

function isDiscoInfo(stanza: Element): boolean {
  return (
    stanza.name === "iq" &&
    stanza.attr("type") === "get" &&
    stanza.child("query", NS_DISCO_INFO) !== undefined
  );
}
