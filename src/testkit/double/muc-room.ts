import { type Element, el, NS_CLIENT, StanzaError } from "../../stanza/index.ts";
import { bareOf } from "./addresses.ts";
import { errorReply, freshId, isAnswerable } from "./answers.ts";
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
  readonly affiliation: "owner" | "none";
  presence: Element;
}

/** How an occupant's presence is told to the room. */
interface Notice {
  readonly codes?: readonly string[];
  readonly role: "moderator" | "participant" | "none";
  readonly newNick?: string;
}

/** One room (XEP-0045), as far as a bot meets it: join, leave, nicknames, talk, private messages, and being kicked. */
export class MucRoom {
  readonly jid: string;
  readonly #route: (stanza: Element) => void;
  /** By real JID, in the order of joining. */
  readonly #occupants = new Map<string, Occupant>();
  readonly #owner: string;

  /** @param owner the bare JID of who made it by joining first. */
  constructor(jid: string, owner: string, route: (stanza: Element) => void) {
    this.jid = jid;
    this.#owner = owner;
    this.#route = route;
  }

  get isEmpty(): boolean {
    return this.#occupants.size === 0;
  }

  /** A stanza for `room@service`. */
  deliverToRoom(stanza: Element, origin: Origin): boolean {
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
    const said = filtered(stanza).withAttrs({ from: sender.nickJid, id: stanza.attr("id") ?? freshId() });
    for (const { realJid } of this.#occupants.values()) this.#route(said.withAttrs({ to: realJid }));
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
    const created = this.isEmpty;
    if (occupant !== undefined && occupant.nickJid !== nickJid) {
      this.#leave(occupant, stanza.withAttrs({ type: "unavailable" }).withChildren(), {
        codes: ["303"],
        newNick: nickJid.slice(nickJid.indexOf("/") + 1),
      });
    }
    const affiliation = bareOf(realJid) === this.#owner ? "owner" : "none";
    const entered: Occupant = { realJid, nickJid, affiliation, presence: filtered(stanza) };
    if (joining) for (const other of this.#occupants.values()) this.#tell(other, realJid, roleOf(other), []);
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

  #leave(occupant: Occupant, presence: Element, notice: Omit<Notice, "role">): void {
    occupant.presence = filtered(presence);
    this.#publish(occupant, { ...notice, role: "none" });
    this.#occupants.delete(occupant.realJid);
  }

  #publish(occupant: Occupant, notice: Notice): void {
    for (const { realJid } of this.#occupants.values()) {
      if (realJid !== occupant.realJid)
        this.#tell(occupant, realJid, notice.role, notice.codes ?? [], notice.newNick);
    }
    const codes = [...(notice.codes ?? []), "110"];
    this.#tell(occupant, occupant.realJid, notice.role, codes, notice.newNick);
  }

  #tell(about: Occupant, to: string, role: Notice["role"], codes: readonly string[], newNick?: string): void {
    const shown = codes.filter((code) => code !== "201" || to === about.realJid);
    const realJidIsShown = to === about.realJid || bareOf(to) === this.#owner;
    this.#route(
      about.presence.withAttrs({ from: about.nickJid, to }).append(
        el(
          "x",
          { xmlns: NS_MUC_USER },
          el("item", {
            affiliation: about.affiliation,
            role,
            jid: realJidIsShown ? about.realJid : undefined,
            nick: newNick,
          }),
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

function roleOf(occupant: Occupant): "moderator" | "participant" {
  return occupant.affiliation === "owner" ? "moderator" : "participant";
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
