import { type Element, el, Jid, NS_CLIENT } from "../../stanza/index.ts";
import {
  type Affiliation,
  buildStanzaId,
  NS_MAM,
  NS_MUC,
  NS_MUC_USER,
  NS_PING,
  NS_STANZA_IDS,
  type Role,
  type RoomEnd,
} from "../../xep/index.ts";
import { bareOf } from "./addresses.ts";
import { emptyReply, errorReply, freshId, isAnswerable } from "./answers.ts";
import { Archive } from "./archive.ts";
import { archiveQuery } from "./host-queries.ts";
import { admit, mayInvite, passedOn, refusalOf } from "./muc-door.ts";
import { isKickable } from "./muc-kick.ts";
import { type By, filtered, type MucOccupant } from "./muc-occupant.ts";
import { MucPeople } from "./muc-people.ts";
import { configurationOf, type MucConfiguration, type MucRoomOptions } from "./muc-room-options.ts";
import { passVoice } from "./muc-voice.ts";
import type { Origin } from "./network.ts";

/**
 * One room (XEP-0045), as far as a bot meets it: join, leave, nicknames, talk, private messages, invitations, requests for voice, and being
 * kicked. What it is asked is in `muc-queries.ts`.
 */
export class MucRoom {
  readonly jid: string;
  readonly #route: (stanza: Element) => void;
  readonly #people: MucPeople;
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
    this.configuration = configurationOf(jid, options);
    this.#people = new MucPeople(jid, this.configuration, route, options.owner);
  }

  /** Whether the last has left, and the room goes with them. */
  get isOver(): boolean {
    return this.#isDestroyed || (this.occupants.length === 0 && this.#options.lasting !== true);
  }

  /** Who is in it, in the order of joining. */
  get occupants(): readonly MucOccupant[] {
    return this.#people.occupants;
  }

  /** Who has an affiliation, by bare JID. */
  get affiliations(): ReadonlyMap<string, Affiliation> {
    return this.#people.affiliations;
  }

  /** What somebody is to the room. */
  affiliationOf(jid: string): Affiliation {
    return this.#people.affiliationOf(jid);
  }

  /** What somebody may do in it, who need not be in it. */
  roleOf(jid: string): Role {
    return this.#people.roleOf(jid);
  }

  /** Changes what somebody may do in it (§8); returns false when nobody there has that nickname. */
  setRole(nick: string, role: Role, by: By = {}): boolean {
    return this.#people.setRole(nick, role, by);
  }

  /** Says something to everybody, as the room. */
  say(...children: readonly Element[]): void {
    this.#people.broadcast(
      el("message", { xmlns: NS_CLIENT, type: "groupchat", from: this.jid, id: freshId() }, children),
    );
  }

  /** Ends it (§10.9). */
  destroy(end: RoomEnd): void {
    this.#isDestroyed = true;
    this.#people.dismiss(end);
  }

  /** Forgets everybody, as a service does that is started anew, without a word. */
  forgetAll(): void {
    this.#people.forgetAll();
  }

  /** The nicknames in it by real JID. */
  get nicks(): ReadonlyMap<string, string> {
    return this.#people.nicks;
  }

  /** Throws somebody out (XEP-0045 §8.2); returns false when nobody there has that nickname. */
  expel(nick: string, by: By = {}): boolean {
    return this.#people.expel(nick, by);
  }

  /** Changes what somebody is to the room (§9); an outcast is thrown out. */
  affiliate(bare: string, affiliation: Affiliation, by: By = {}): void {
    this.#people.affiliate(bare, affiliation, by);
  }

  /** A stanza for `room@service`. */
  deliverToRoom(stanza: Element, origin: Origin): boolean {
    if (stanza.name === "iq") return this.#query(stanza, origin);
    if (stanza.name !== "message") return stanza.name === "presence";
    const sender = this.#people.at(stanza.attr("from"));
    const type = stanza.attr("type");
    if (type === "error") {
      if (sender !== undefined && isKickable(stanza)) this.#people.kick(sender, stanza);
      return true;
    }
    if (type !== "groupchat")
      return (
        (sender !== undefined && passVoice(this, stanza, sender, this.#route)) ||
        this.#invitation(stanza, origin)
      );
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
    this.#people.broadcast(said);
    return true;
  }

  #subject(stanza: Element, sender: MucOccupant, text: string, origin: Origin): void {
    if (sender.role !== "moderator" && !this.configuration.changeSubject) {
      origin.send(errorReply(stanza, "auth", "forbidden", "You are not allowed to change the subject"));
      return;
    }
    this.#topic = { text, from: sender.nickJid };
    this.#people.broadcast(this.#topicMessage(this.jid));
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
    return said.withChildren([...own, buildStanzaId({ id, by: Jid.parse(this.jid) })]);
  }

  /** Its archive is open to all but those who are banned. */
  #query(stanza: Element, origin: Origin): boolean {
    const type = stanza.attr("type");
    const asks = type === "get" || type === "set";
    if (!asks || this.#archive === undefined || stanza.child("query", NS_MAM) === undefined) return false;
    const banned = this.affiliationOf(stanza.attr("from") ?? "") === "outcast";
    const answers = banned
      ? [errorReply(stanza, "auth", "forbidden")]
      : archiveQuery(this.#archive, stanza, this.jid);
    for (const answer of answers) origin.send(answer);
    return true;
  }

  /** A stanza for `room@service/nick`. */
  deliverToOccupant(stanza: Element, origin: Origin): boolean {
    if (stanza.name === "presence") return this.#presence(stanza, origin);
    const sender = this.#people.at(stanza.attr("from"));
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
    if (this.#people.byNick(to) === undefined) {
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
      this.#people.kick(sender, stanza);
      return true;
    }
    const recipient = this.#people.byNick(stanza.attr("to") ?? "");
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
    const occupant = this.#people.at(realJid);
    switch (stanza.attr("type")) {
      case undefined:
        this.#available(stanza, occupant, origin);
        break;
      case "unavailable":
        if (occupant !== undefined) this.#people.leave(occupant, stanza, {});
        break;
      case "error":
        if (occupant !== undefined) this.#people.kick(occupant, stanza);
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
    const holder = this.#people.byNick(nickJid);
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
    const created = this.occupants.length === 0 && this.#options.lasting !== true;
    this.#people.enter(stanza, occupant, { joining, created });
    if (joining) this.#route(this.#topicMessage(realJid));
  }

  #topicMessage(to: string): Element {
    const { text = "", from = this.jid } = this.#topic ?? {};
    return el("message", { xmlns: NS_CLIENT, type: "groupchat", from, to }, el("subject", {}, text));
  }
}
