import { type Element, el, NS_CLIENT, StanzaError } from "../../stanza/index.ts";
import type { Clock } from "../../store/index.ts";
import { type Affiliation, NS_MAM, NS_STANZA_IDS, type Role } from "../../xep/index.ts";
import { bareOf } from "./addresses.ts";
import { errorReply, freshId, isAnswerable } from "./answers.ts";
import { Archive } from "./archive.ts";
import { archiveQuery } from "./host-queries.ts";
import type { Origin } from "./network.ts";

const NS_MUC = "http://jabber.org/protocol/muc";
const NS_MUC_USER = `${NS_MUC}#user`;

/** A message with one of these errors says that its sender cannot be reached, and Prosody drops it from the room. */
const KICKABLE: ReadonlySet<string> = new Set([
  "gone",
  "internal-server-error",
  "item-not-found",
  "jid-malformed",
  "recipient-unavailable",
  "redirect",
  "remote-server-not-found",
  "remote-server-timeout",
  "service-unavailable",
]);

interface Occupant {
  readonly realJid: string;
  readonly nickJid: string;
  affiliation: Affiliation;
  presence: Element;
}

/** How an occupant's presence is told to the room. */
interface Notice {
  readonly codes?: readonly string[];
  readonly role: Role;
  readonly newNick?: string;
  readonly by?: By | undefined;
}

/** Who did something to an occupant, and why. */
export interface By {
  /** A nickname. */
  readonly actor?: string | undefined;
  readonly reason?: string | undefined;
}

/** What a room may be told when it is made. */
export interface MucRoomOptions {
  /** The bare JID of its owner. */
  readonly owner?: string | undefined;
  /** Whether everybody sees who everybody is; default: moderators alone. */
  readonly nonAnonymous?: boolean | undefined;
  /** Whether it keeps what is said, and gives each message an id of its own (XEP-0313, XEP-0359); default: no. */
  readonly archives?: boolean | undefined;
  /** What its archive goes by; default: the real time. */
  readonly clock?: Clock | undefined;
  /** Whether it stays when the last has left; default: no. */
  readonly lasting?: boolean | undefined;
}

/** One room (XEP-0045), as far as a bot meets it: join, leave, nicknames, talk, private messages, and being kicked. */
export class MucRoom {
  readonly jid: string;
  readonly #route: (stanza: Element) => void;
  /** By real JID, in the order of joining. */
  readonly #occupants = new Map<string, Occupant>();
  /** By bare JID; who is not in it has none. */
  readonly #affiliations = new Map<string, Affiliation>();
  readonly #options: MucRoomOptions;
  readonly #archive: Archive | undefined;

  constructor(jid: string, route: (stanza: Element) => void, options: MucRoomOptions = {}) {
    this.jid = jid;
    this.#route = route;
    this.#options = options;
    this.#archive = options.archives === true ? new Archive(options.clock) : undefined;
    if (options.owner !== undefined) this.#affiliations.set(options.owner, "owner");
  }

  /** Whether the last has left, and the room goes with them. */
  get isOver(): boolean {
    return this.#occupants.size === 0 && this.#options.lasting !== true;
  }

  /** The nicknames in it by real JID. */
  get nicks(): ReadonlyMap<string, string> {
    return new Map([...this.#occupants].map(([realJid, { nickJid }]) => [realJid, nickOf(nickJid)]));
  }

  /** Throws somebody out (XEP-0045 §8.2); returns false when nobody there has that nickname. */
  expel(nick: string, by: By = {}): boolean {
    const occupant = this.#byNick(`${this.jid}/${nick}`);
    if (occupant !== undefined) this.#remove(occupant, "307", by);
    return occupant !== undefined;
  }

  /** Changes what somebody is to the room (§9); an outcast is thrown out. */
  affiliate(bare: string, affiliation: Affiliation, by: By = {}): void {
    this.#affiliations.set(bare, affiliation);
    for (const occupant of [...this.#occupants.values()]) {
      if (bareOf(occupant.realJid) !== bare) continue;
      occupant.affiliation = affiliation;
      if (affiliation === "outcast") this.#remove(occupant, "301", by);
      else this.#publish(occupant, { role: roleOf(occupant), by });
    }
  }

  /** A stanza for `room@service`. */
  deliverToRoom(stanza: Element, origin: Origin): boolean {
    if (stanza.name === "iq") return this.#query(stanza, origin);
    if (stanza.name !== "message") return stanza.name === "presence";
    const sender = this.#occupants.get(stanza.attr("from") ?? "");
    const type = stanza.attr("type");
    if (type === "error") {
      if (sender !== undefined && isKickable(stanza)) this.#kick(sender, stanza);
      return true;
    }
    if (type !== "groupchat") return false;
    if (sender === undefined) {
      origin.send(
        errorReply(
          stanza,
          "cancel",
          "not-acceptable",
          "You are not currently connected to this chat",
          this.jid,
        ),
      );
      return true;
    }
    const reflected = filtered(stanza).withAttrs({
      from: sender.nickJid,
      id: stanza.attr("id") ?? freshId(),
    });
    const said = this.#archive === undefined ? reflected : this.#archived(reflected, this.#archive);
    for (const { realJid } of this.#occupants.values()) this.#route(said.withAttrs({ to: realJid }));
    return true;
  }

  #archived(said: Element, archive: Archive): Element {
    const own = said.children.filter(
      (child) => typeof child === "string" || child.ns !== NS_STANZA_IDS || child.attr("by") !== this.jid,
    );
    const id = `archived-${freshId()}`;
    archive.add(said.withChildren(own).withAttrs({ to: undefined }), id);
    return said.withChildren([...own, el("stanza-id", { xmlns: NS_STANZA_IDS, by: this.jid, id })]);
  }

  /** Its archive is open to all but those who are banned. */
  #query(stanza: Element, origin: Origin): boolean {
    const type = stanza.attr("type");
    const asks = type === "get" || type === "set";
    if (!asks || this.#archive === undefined || stanza.child("query", NS_MAM) === undefined) return false;
    const banned = this.#affiliations.get(bareOf(stanza.attr("from") ?? "")) === "outcast";
    const answers = banned
      ? [errorReply(stanza, "auth", "forbidden")]
      : archiveQuery(this.#archive, stanza, this.jid);
    for (const answer of answers) origin.send(answer);
    return true;
  }

  /** A stanza for `room@service/nick`. */
  deliverToOccupant(stanza: Element, origin: Origin): boolean {
    if (stanza.name === "presence") return this.#presence(stanza, origin);
    const sender = this.#occupants.get(stanza.attr("from") ?? "");
    if (sender === undefined) {
      if (isAnswerable(stanza)) {
        const text = "You are not currently connected to this chat";
        origin.send(errorReply(stanza, "cancel", "not-acceptable", text, this.jid));
      }
      return true;
    }
    if (stanza.name !== "message") return false;
    return this.#privateMessage(sender, stanza, origin);
  }

  #privateMessage(sender: Occupant, stanza: Element, origin: Origin): boolean {
    const type = stanza.attr("type");
    if (type === "groupchat") {
      origin.send(errorReply(stanza, "modify", "bad-request", undefined, this.jid));
      return true;
    }
    if (type === "error" && isKickable(stanza)) {
      this.#kick(sender, stanza);
      return true;
    }
    const recipient = this.#byNick(stanza.attr("to") ?? "");
    if (recipient === undefined) {
      if (isAnswerable(stanza)) {
        origin.send(errorReply(stanza, "cancel", "item-not-found", "Recipient not in room", this.jid));
      }
      return true;
    }
    this.#route(
      filtered(stanza)
        .append(el("x", { xmlns: NS_MUC_USER }))
        .withAttrs({ from: sender.nickJid, to: recipient.realJid }),
    );
    return true;
  }

  #presence(stanza: Element, origin: Origin): boolean {
    const realJid = stanza.attr("from") ?? "";
    const occupant = this.#occupants.get(realJid);
    switch (stanza.attr("type")) {
      case undefined:
        this.#available(stanza, occupant, origin);
        break;
      case "unavailable":
        if (occupant !== undefined) this.#leave(occupant, stanza, {});
        break;
      case "error":
        if (occupant !== undefined) this.#kick(occupant, stanza);
        break;
      case "probe":
        break;
      default:
        origin.send(errorReply(stanza, "modify", "bad-request", undefined, this.jid));
    }
    return true;
  }

  #available(stanza: Element, occupant: Occupant | undefined, origin: Origin): void {
    const realJid = stanza.attr("from") ?? "";
    const nickJid = stanza.attr("to") ?? "";
    const joining = stanza.child("x", NS_MUC) !== undefined;
    if (occupant === undefined && !joining) {
      const text = "You are not currently connected to this chat";
      origin.send(errorReply(stanza, "cancel", "item-not-found", text, this.jid));
      return;
    }
    const holder = this.#byNick(nickJid);
    if (holder !== undefined && bareOf(holder.realJid) !== bareOf(realJid)) {
      origin.send(errorReply(stanza, "cancel", "conflict", undefined, this.jid));
      return;
    }
    const affiliation = this.#affiliations.get(bareOf(realJid)) ?? "none";
    if (affiliation === "outcast") {
      origin.send(errorReply(stanza, "auth", "forbidden", "You have been banned from this room", this.jid));
      return;
    }
    const created = this.#occupants.size === 0 && this.#options.lasting !== true;
    if (occupant !== undefined && occupant.nickJid !== nickJid) {
      this.#leave(occupant, stanza.withAttrs({ type: "unavailable" }).withChildren(), {
        codes: ["303"],
        newNick: nickOf(nickJid),
      });
    }
    const entered: Occupant = { realJid, nickJid, affiliation, presence: filtered(stanza) };
    const seesAll = this.#seesRealJids(entered);
    if (joining)
      for (const other of this.#occupants.values())
        this.#tell(other, realJid, seesAll, { role: roleOf(other) });
    this.#occupants.set(realJid, entered);
    this.#publish(entered, { role: roleOf(entered), codes: created ? ["201"] : [] });
    if (joining) this.#route(this.#subject(realJid));
  }

  #kick(occupant: Occupant, stanza: Element): void {
    const { condition } = StanzaError.fromElement(stanza.child("error", NS_CLIENT) ?? el("error"));
    const status = el("status", {}, `Kicked: ${condition.replaceAll("-", " ")}`);
    this.#leave(occupant, el("presence", { xmlns: NS_CLIENT, type: "unavailable" }, status), {
      codes: ["333"],
    });
  }

  #remove(occupant: Occupant, code: string, by: By): void {
    this.#leave(occupant, el("presence", { xmlns: NS_CLIENT, type: "unavailable" }), { codes: [code], by });
  }

  #leave(occupant: Occupant, presence: Element, notice: Omit<Notice, "role">): void {
    occupant.presence = filtered(presence);
    this.#publish(occupant, { ...notice, role: "none" });
    this.#occupants.delete(occupant.realJid);
  }

  #publish(occupant: Occupant, notice: Notice): void {
    for (const other of this.#occupants.values()) {
      if (other !== occupant) this.#tell(occupant, other.realJid, this.#seesRealJids(other), notice);
    }
    this.#tell(occupant, occupant.realJid, true, { ...notice, codes: [...(notice.codes ?? []), "110"] });
  }

  #seesRealJids(occupant: Occupant): boolean {
    return this.#options.nonAnonymous === true || roleOf(occupant) === "moderator";
  }

  #tell(about: Occupant, to: string, seesRealJid: boolean, { role, codes = [], newNick, by }: Notice): void {
    const shown = codes.filter((code) => code !== "201" || to === about.realJid);
    this.#route(
      about.presence.withAttrs({ from: about.nickJid, to }).append(
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
          shown.map((code) => el("status", { code })),
        ),
      ),
    );
  }

  #subject(to: string): Element {
    return el("message", { xmlns: NS_CLIENT, type: "groupchat", from: this.jid, to }, el("subject"));
  }

  #byNick(nickJid: string): Occupant | undefined {
    for (const occupant of this.#occupants.values()) if (occupant.nickJid === nickJid) return occupant;
    return undefined;
  }
}

function nickOf(nickJid: string): string {
  return nickJid.slice(nickJid.indexOf("/") + 1);
}

function roleOf({ affiliation }: Occupant): "moderator" | "participant" {
  return affiliation === "owner" || affiliation === "admin" ? "moderator" : "participant";
}

function isKickable(stanza: Element): boolean {
  const error = stanza.child("error", NS_CLIENT);
  return error === undefined || KICKABLE.has(StanzaError.fromElement(error).condition);
}

/** Without what only the room itself may say. */
function filtered(stanza: Element): Element {
  return stanza.withChildren(
    stanza.children.filter(
      (child) => typeof child === "string" || (child.ns !== NS_MUC && child.ns !== NS_MUC_USER),
    ),
  );
}
