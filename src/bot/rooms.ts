import {
  type Iq,
  iq,
  type Jid,
  type Message,
  type Presence,
  presence,
  type Stanza,
} from "../stanza/index.ts";
import {
  buildInstantRoom,
  buildJoin,
  type JoinOptions,
  readNewNick,
  readStatusCodes,
  STATUS_CREATED,
  STATUS_NEW_NICK,
  STATUS_SELF,
} from "../xep/index.ts";

/** Sends what joins and leaves. */
export interface RoomSender {
  send(stanza: Message | Presence): Promise<unknown>;
  iq(stanza: Iq): Promise<unknown>;
}

/**
 * The rooms that one bot is in (XEP-0045). It remembers under which nickname, so that the bot does not answer its own
 * words when the room reflects them.
 */
export class Rooms {
  readonly #bot: Jid;
  readonly #sender: RoomSender;
  readonly #nicks = new Map<string, string>();

  constructor(bot: Jid, sender: RoomSender) {
    this.#bot = bot;
    this.#sender = sender;
  }

  /**
   * Joins a room; what the room answers arrives as presence.
   *
   * @param nick default: the localpart of the bot.
   * @throws JidError when the nickname cannot be one.
   */
  async join(
    room: Jid,
    nick: string = this.#bot.local ?? this.#bot.domain,
    options: JoinOptions = {},
  ): Promise<void> {
    const occupant = room.bare.withResource(nick);
    this.#nicks.set(room.bare.toString(), occupant.resource as string);
    await this.#sender.send(presence({ from: this.#bot, to: occupant }, buildJoin(options)));
  }

  /** Leaves a room (XEP-0045 §7.14). */
  async leave(room: Jid, status?: string): Promise<void> {
    const key = room.bare.toString();
    const nick = this.#nicks.get(key);
    if (nick === undefined) return;
    this.#nicks.delete(key);
    await this.#sender.send(
      presence({ from: this.#bot, to: room.bare.withResource(nick), type: "unavailable", status }),
    );
  }

  /** The rooms joined, as bare JIDs. */
  get joined(): string[] {
    return [...this.#nicks.keys()];
  }

  /** Whether this is a room that the bot is in. */
  has(jid: Jid): boolean {
    return this.#nicks.size > 0 && this.#nicks.has(jid.bare.toString());
  }

  /** Whether a stanza is the bot's own, come back from the room. */
  isOwn(stanza: Stanza): boolean {
    const { from } = stanza;
    if (this.#nicks.size === 0 || !from?.resource) return false;
    return this.#nicks.get(from.bare.toString()) === from.resource;
  }

  /**
   * Learns from a room's presence: the nickname that the room gave, and that the bot is out. A room that the bot's join
   * has made is opened to others with the service's defaults.
   */
  observe(stanza: Presence): void {
    const { from } = stanza;
    if (!from?.resource || !this.has(from)) return;
    const codes = readStatusCodes(stanza);
    const room = from.bare.toString();
    if (!codes.includes(STATUS_SELF) && this.#nicks.get(room) !== from.resource) return;
    if (stanza.type === "available" && codes.includes(STATUS_SELF)) this.#nicks.set(room, from.resource);
    if (codes.includes(STATUS_CREATED)) this.#open(from.bare);
    if (stanza.type !== "unavailable") return;
    const nick = codes.includes(STATUS_NEW_NICK) ? readNewNick(stanza) : undefined;
    if (nick === undefined) this.#nicks.delete(room);
    else this.#nicks.set(room, nick);
  }

  #open(room: Jid): void {
    const request = iq({ type: "set", from: this.#bot, to: room }, buildInstantRoom());
    // Where it fails the room stays locked, and its service throws it away when the bot leaves.
    this.#sender.iq(request).catch(() => undefined);
  }
}
