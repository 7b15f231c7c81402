import { type Element, el, NS_CLIENT, StanzaError } from "../../stanza/index.ts";
import type { Clock } from "../../store/index.ts";
import { type Affiliation, NS_MAM, NS_PING, NS_STANZA_IDS, type Role } from "../../xep/index.ts";
import { bareOf } from "./addresses.ts";
import { emptyReply, errorReply, freshId, isAnswerable } from "./answers.ts";
import { Archive } from "./archive.ts";
import { archiveQuery } from "./host-queries.ts";
import { admit, mayInvite, passedOn, refusalOf } from "./muc-door.ts";
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

/** Somebody in a room. */
export interface MucOccupant {
  readonly realJid: string;
  readonly nickJid: string;
  affiliation: Affiliation;
  role: Role;
  presence: Element;
}

/** How an occupant's presence is told to the room. */
interface Notice {
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
  /** What one has to say at the door; default: nothing. */
  readonly password?: string | undefined;
  /** Whether it is for members alone; default: no. */
  readonly membersOnly?: boolean | undefined;
  /** Whether who is no member has to be given voice; default: no. */
  readonly moderated?: boolean | undefined;
}

/** How a room is configured. */
export interface MucConfiguration {
  name: string;
  password: string;
  membersOnly: boolean;
  moderated: boolean;
  nonAnonymous: boolean;
  changeSubject: boolean;
}

/**
 * One room (XEP-0045), as far as a bot meets it: join, leave, nicknames, talk, private messages, invitations, and being kicked. What it is
 * asked is in `muc-queries.ts`.
 */
export class MucRoom {
  readonly jid: string;
  readonly #route: (stanza: Element) => void;
  /** By real JID, in the order of joining. */
  readonly #occupants = new Map<string, MucOccupant>();
  /** By bare JID; who is not in it has none. */
  readonly #affiliations = new Map<string, Affiliation>();
  readonly #options: MucRoomOptions;
  readonly #archive: Archive | undefined;
  readonly configuration: MucConfiguration;
  /** What it is about, and who has said so. */
  #topic: { readonly text: string; readonly from: string } | undefined;
  #isDestroyed = false;

  constructor(jid: string, route: (stanza: Element) => void, options: MucRoomOptions = {}) {
    this.jid = jid;
    this.#route = route;
    this.#options = options;
    this.#archive = options.archives === true ? new Archive(options.clock) : undefined;
    this.configuration = {
      name: jid.slice(0, jid.indexOf("@")),
      password: options.password ?? "",
      membersOnly: options.membersOnly === true,
      moderated: options.moderated === true,
      nonAnonymous: options.nonAnonymous === true,
      changeSubject: false,
    };
    if (options.owner !== undefined) this.#affiliations.set(options.owner, "owner");
  }

  /** Whether the last has left, and the room goes with them. */
  get isOver(): boolean {
    return this.#isDestroyed || (this.#occupants.size === 0 && this.#options.lasting !== true);
  }

  /** Who is in it, in the order of joining. */
  get occupants(): readonly MucOccupant[] {
    return [...this.#occupants.values()];
  }

  /** Who has an affiliation, by bare JID. */
  get affiliations(): ReadonlyMap<string, Affiliation> {
    return this.#affiliations;
  }

  /** What somebody is to the room. */
  affiliationOf(jid: string): Affiliation {
    return this.#affiliations.get(bareOf(jid)) ?? "none";
  }

  /** What somebody may do in it, who need not be in it. */
  roleOf(jid: string): Role {
    return this.#occupants.get(jid)?.role ?? this.#defaultRole(this.affiliationOf(jid));
  }

  /** Changes what somebody may do in it (§8); returns false when nobody there has that nickname. */
  setRole(nick: string, role: Role, by: By = {}): boolean {
    const occupant = this.#byNick(`${this.jid}/${nick}`);
    if (occupant === undefined) return false;
    if (role === "none") this.#remove(occupant, "307", by);
    else {
      occupant.role = role;
      this.#publish(occupant, { role, by });
    }
    return true;
  }

  /** Says something to everybody, as the room. */
  say(...children: readonly Element[]): void {
    this.#broadcast(
      el("message", { xmlns: NS_CLIENT, type: "groupchat", from: this.jid, id: freshId() }, children),
    );
  }

  /** Ends it (§10.9). */
  destroy(destroy: Element): void {
    this.#isDestroyed = true;
    for (const occupant of this.occupants)
      this.#leave(occupant, el("presence", { xmlns: NS_CLIENT, type: "unavailable" }), { more: destroy });
  }

  /** Forgets everybody, as a service does that is started anew, without a word. */
  forgetAll(): void {
    this.#occupants.clear();
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
      const before = occupant.role;
      occupant.affiliation = affiliation;
      occupant.role = this.#defaultRole(affiliation);
      if (affiliation === "outcast") this.#remove(occupant, "301", by);
      else if (occupant.role === "none") this.#remove(occupant, "321", by);
      else {
        this.#publish(occupant, { role: occupant.role, by });
        const changes = (before === "moderator") !== (occupant.role === "moderator");
        if (changes && !this.configuration.nonAnonymous) this.#tellAll(occupant);
      }
    }
  }

  /** Who becomes a moderator, or is one no more, sees others with or without their addresses from now on. */
  #tellAll(occupant: MucOccupant): void {
    for (const other of this.#occupants.values())
      if (other !== occupant)
        this.#tell(other, occupant.realJid, this.#seesRealJids(occupant), { role: other.role });
  }

  #defaultRole(affiliation: Affiliation): Role {
    if (affiliation === "owner" || affiliation === "admin") return "moderator";
    if (affiliation === "member") return "participant";
    if (affiliation === "outcast" || this.configuration.membersOnly) return "none";
    return this.configuration.moderated ? "visitor" : "participant";
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
    if (type !== "groupchat") return this.#invitation(stanza, origin);
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
    if (sender.role === "visitor") {
      origin.send(errorReply(stanza, "auth", "forbidden", undefined, this.jid));
      return true;
    }
    const subject = stanza.child("subject", NS_CLIENT);
    if (subject !== undefined && stanza.child("body", NS_CLIENT) === undefined) {
      this.#subject(stanza, sender, subject.text, origin);
      return true;
    }
    const reflected = filtered(stanza).withAttrs({
      from: sender.nickJid,
      id: stanza.attr("id") ?? freshId(),
    });
    const said = this.#archive === undefined ? reflected : this.#archived(reflected, this.#archive);
    this.#broadcast(said);
    return true;
  }

  #broadcast(said: Element): void {
    for (const { realJid } of this.#occupants.values()) this.#route(said.withAttrs({ to: realJid }));
  }

  #subject(stanza: Element, sender: MucOccupant, text: string, origin: Origin): void {
    if (sender.role !== "moderator" && !this.configuration.changeSubject) {
      origin.send(errorReply(stanza, "auth", "forbidden", "You are not allowed to change the subject"));
      return;
    }
    this.#topic = { text, from: sender.nickJid };
    this.#broadcast(this.#topicMessage(this.jid));
  }

  #invitation(stanza: Element, origin: Origin): boolean {
    const x = stanza.child("x", NS_MUC_USER);
    const asked = x?.child("invite") ?? x?.child("decline");
    const to = asked?.attr("to");
    if (asked === undefined || to === undefined) return false;
    if (asked.name === "invite") {
      if (!mayInvite(this, stanza.attr("from") ?? "")) {
        origin.send(errorReply(stanza, "auth", "forbidden"));
        return true;
      }
      admit(this, to);
    }
    this.#route(passedOn(this, stanza, asked, filtered(stanza)));
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
    if (stanza.name === "iq") return this.#ping(sender, stanza, origin);
    return this.#privateMessage(sender, stanza, origin);
  }

  /** A ping to oneself (XEP-0410); what is asked of others is left out here. */
  #ping(sender: MucOccupant, stanza: Element, origin: Origin): boolean {
    const to = stanza.attr("to") ?? "";
    if (!isAnswerable(stanza)) return true;
    if (this.#byNick(to) === undefined) {
      origin.send(errorReply(stanza, "cancel", "item-not-found", "Recipient not in room", this.jid));
      return true;
    }
    if (to !== sender.nickJid || stanza.child("ping", NS_PING) === undefined) return false;
    this.#route(emptyReply(stanza));
    return true;
  }

  #privateMessage(sender: MucOccupant, stanza: Element, origin: Origin): boolean {
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

  #available(stanza: Element, occupant: MucOccupant | undefined, origin: Origin): void {
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
    const affiliation = this.affiliationOf(realJid);
    const refusal = occupant === undefined ? refusalOf(this, stanza, affiliation) : undefined;
    if (refusal !== undefined) {
      origin.send(refusal);
      return;
    }
    const created = this.#occupants.size === 0 && this.#options.lasting !== true;
    if (occupant !== undefined && occupant.nickJid !== nickJid) {
      this.#leave(occupant, stanza.withAttrs({ type: "unavailable" }).withChildren(), {
        codes: ["303"],
        newNick: nickOf(nickJid),
      });
    }
    const role = occupant?.role ?? this.#defaultRole(affiliation);
    const entered: MucOccupant = { realJid, nickJid, affiliation, role, presence: filtered(stanza) };
    const seesAll = this.#seesRealJids(entered);
    if (joining)
      for (const other of this.#occupants.values()) this.#tell(other, realJid, seesAll, { role: other.role });
    this.#occupants.set(realJid, entered);
    this.#publish(entered, { role, codes: created ? ["201"] : [] });
    if (joining) this.#route(this.#topicMessage(realJid));
  }

  #kick(occupant: MucOccupant, stanza: Element): void {
    const { condition } = StanzaError.fromElement(stanza.child("error", NS_CLIENT) ?? el("error"));
    const status = el("status", {}, `Kicked: ${condition.replaceAll("-", " ")}`);
    this.#leave(occupant, el("presence", { xmlns: NS_CLIENT, type: "unavailable" }, status), {
      codes: ["333"],
    });
  }

  #remove(occupant: MucOccupant, code: string, by: By): void {
    this.#leave(occupant, el("presence", { xmlns: NS_CLIENT, type: "unavailable" }), { codes: [code], by });
  }

  #leave(occupant: MucOccupant, presence: Element, notice: Omit<Notice, "role">): void {
    occupant.presence = filtered(presence);
    this.#publish(occupant, { ...notice, role: "none" });
    this.#occupants.delete(occupant.realJid);
  }

  #publish(occupant: MucOccupant, notice: Notice): void {
    for (const other of this.#occupants.values()) {
      if (other !== occupant) this.#tell(occupant, other.realJid, this.#seesRealJids(other), notice);
    }
    this.#tell(occupant, occupant.realJid, true, { ...notice, codes: [...(notice.codes ?? []), "110"] });
  }

  #seesRealJids(occupant: MucOccupant): boolean {
    return this.configuration.nonAnonymous || occupant.role === "moderator";
  }

  #tell(
    about: MucOccupant,
    to: string,
    seesRealJid: boolean,
    { role, codes = [], newNick, by, more }: Notice,
  ): void {
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
          more,
          shown.map((code) => el("status", { code })),
        ),
      ),
    );
  }

  #topicMessage(to: string): Element {
    const { text = "", from = this.jid } = this.#topic ?? {};
    return el("message", { xmlns: NS_CLIENT, type: "groupchat", from, to }, el("subject", {}, text));
  }

  #byNick(nickJid: string): MucOccupant | undefined {
    for (const occupant of this.#occupants.values()) if (occupant.nickJid === nickJid) return occupant;
    return undefined;
  }
}

function nickOf(nickJid: string): string {
  return nickJid.slice(nickJid.indexOf("/") + 1);
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
