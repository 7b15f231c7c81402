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

/** One room: the nickname there, unless the room has not answered yet, and the one that was asked for last. */
interface Stay {
  readonly nick?: string | undefined;
  readonly wanted?: string | undefined;
}

/**
 * The rooms that one bot is in (XEP-0045). It remembers under which nickname, so that the bot does not answer its own
 * words when the room reflects them.
 */
export class Rooms {
  readonly #bot: Jid;
  readonly #sender: RoomSender;
  readonly #stays = new Map<string, Stay>();

  constructor(bot: Jid, sender: RoomSender) {
    this.#bot = bot;
    this.#sender = sender;
  }

  /**
   * Joins a room, or asks for another nickname in it; what the room answers arrives as presence.
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
    const key = room.bare.toString();
    const before = this.#stays.get(key);
    const stay = { nick: before?.nick, wanted: occupant.resource };
    // Before it is sent, because the room may answer before Prosody does.
    this.#stays.set(key, stay);
    try {
      await this.#sender.send(presence({ from: this.#bot, to: occupant }, buildJoin(options)));
    } catch (error) {
      if (this.#stays.get(key) === stay) {
        if (before === undefined) this.#stays.delete(key);
        else this.#stays.set(key, before);
      }
      throw error;
    }
  }

  /** Leaves a room (XEP-0045 §7.14). */
  async leave(room: Jid, status?: string): Promise<void> {
    const key = room.bare.toString();
    const nick = this.#nick(key);
    if (nick === undefined) return;
    this.#stays.delete(key);
    await this.#sender.send(
      presence({ from: this.#bot, to: room.bare.withResource(nick), type: "unavailable", status }),
    );
  }

  /** The rooms joined, as bare JIDs. */
  get joined(): string[] {
    return [...this.#stays.keys()];
  }

  /** Whether this is a room that the bot is in, or about to be. */
  has(jid: Jid): boolean {
    return this.#stays.size > 0 && this.#stays.has(jid.bare.toString());
  }

  /** The bot's nickname in a room, or the one that it has asked for; `undefined` where it is not in the room. */
  nick(room: Jid): string | undefined {
    return this.#stays.size === 0 ? undefined : this.#nick(room.bare.toString());
  }

  /** Whether a stanza is the bot's own, come back from the room. */
  isOwn(stanza: Stanza): boolean {
    const { from } = stanza;
    if (this.#stays.size === 0 || !from?.resource) return false;
    return this.#nick(from.bare.toString()) === from.resource;
  }

  /**
   * Learns from a room's presence: the nickname that the room gave, that it refused one, and that the bot is out. A room
   * that the bot's join has made is opened to others with the service's defaults.
   */
  observe(stanza: Presence): void {
    const { from } = stanza;
    const room = from?.bare.toString();
    const stay = room === undefined ? undefined : this.#stays.get(room);
    if (from === undefined || room === undefined || stay === undefined) return;
    const nick = from.resource;
    if (stanza.type === "error") {
      if (nick === undefined || nick === stay.nick || nick === stay.wanted) this.#refused(room);
      return;
    }
    const codes = readStatusCodes(stanza);
    if (!codes.includes(STATUS_SELF) && nick !== this.#nick(room)) return;
    if (codes.includes(STATUS_CREATED)) this.#open(from.bare);
    if (stanza.type === "available" && codes.includes(STATUS_SELF)) this.#stays.set(room, { nick });
    if (stanza.type !== "unavailable") return;
    const next = codes.includes(STATUS_NEW_NICK) ? readNewNick(stanza) : undefined;
    if (next === undefined) this.#stays.delete(room);
    else this.#stays.set(room, { nick: next });
  }

  #nick(room: string): string | undefined {
    const stay = this.#stays.get(room);
    return stay?.nick ?? stay?.wanted;
  }

  /** Who is refused another nickname (§7.6) keeps the old one; who has none is not in the room. */
  #refused(room: string): void {
    const { nick, wanted } = this.#stays.get(room) ?? {};
    if (nick !== undefined && wanted !== undefined && nick !== wanted) this.#stays.set(room, { nick });
    else this.#stays.delete(room);
  }

  #open(room: Jid): void {
    const request = iq({ type: "set", from: this.#bot, to: room }, buildInstantRoom());
    // Where it fails the room stays locked, and its service throws it away when the bot leaves.
    this.#sender.iq(request).catch(() => undefined);
  }
}
