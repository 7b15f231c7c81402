import { type Iq, iq, Jid, type Message, type Presence, presence, type Stanza } from "../stanza/index.ts";
import type { JsonValue, Store } from "../store/index.ts";
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
import { OwnWords } from "./own-words.ts";

/** Sends what joins and leaves. */
export interface RoomSender {
  send(stanza: Message | Presence): Promise<unknown>;
  iq(stanza: Iq): Promise<unknown>;
}

/** One room: the nickname there, unless the room has not answered yet, and the one that was asked for last. */
interface Stay {
  readonly nick?: string | undefined;
  readonly wanted?: string | undefined;
  /** Whether the configuration asked for it. */
  readonly listed?: boolean | undefined;
}

/** What can be said of one joining. */
export interface RoomJoinOptions extends JoinOptions {
  /** Whether the configuration asks for it, so that the bot stays out once it does not any more; default: no. */
  readonly listed?: boolean | undefined;
}

/** How many rooms are read at once. */
const PAGE = 1_000;

/**
 * The rooms that one bot is in (XEP-0045). It remembers under which nickname, so that the bot does not answer its own
 * words when the room reflects them. With a store that outlives the process, and is the same for every node.
 */
export class Rooms {
  readonly #bot: Jid;
  readonly #sender: RoomSender;
  readonly #stays = new Map<string, Stay>();
  readonly #store: Pick<Store, "get" | "list" | "commit"> | undefined;
  readonly #ownWords = new OwnWords();
  /** What the store is to be told. */
  readonly #changed = new Set<string>();

  constructor(bot: Jid, sender: RoomSender, store?: Pick<Store, "get" | "list" | "commit">) {
    this.#bot = bot;
    this.#sender = sender;
    this.#store = store;
  }

  /** Whether there is something to {@link save}. */
  get isChanged(): boolean {
    return this.#changed.size > 0;
  }

  /** Reads which rooms the bot is in, as the store knows it. */
  async load(): Promise<void> {
    if (this.#store === undefined) return;
    const found = new Map<string, Stay>();
    for (let after: string | undefined; ; ) {
      const page = await this.#store.list(this.#collection, {
        limit: PAGE,
        ...(after !== undefined && { after }),
      });
      for (const { key, value } of page) found.set(key, value as Stay);
      after = page.at(-1)?.key;
      if (page.length < PAGE) break;
    }
    for (const room of new Set([...this.#stays.keys(), ...found.keys()])) this.#read(room, found.get(room));
  }

  /** Reads of one room whether the bot is in it, and under which nickname: another node may have seen that change. */
  async refresh(room: Jid): Promise<void> {
    const key = room.bare.toString();
    const record = await this.#store?.get(this.#collection, key);
    if (this.#store !== undefined) this.#read(key, record?.value as Stay | undefined);
  }

  /**
   * Tells the store what has changed.
   *
   * @throws StoreError where it cannot be told; then it can be tried again.
   */
  async save(): Promise<void> {
    const rooms = [...this.#changed];
    this.#changed.clear();
    if (this.#store === undefined || rooms.length === 0) return;
    const collection = this.#collection;
    try {
      await this.#store.commit(
        rooms.map((key) => {
          const stay = this.#stays.get(key);
          return stay === undefined
            ? { delete: { collection, key } }
            : { put: { collection, key, value: stored(stay) } };
        }),
      );
    } catch (error) {
      for (const room of rooms) this.#changed.add(room);
      throw error;
    }
  }

  /** The rooms joined that no configuration asked for, with the nickname in each. */
  get unlisted(): ReadonlyMap<string, string | undefined> {
    return this.#those(false);
  }

  /** The rooms joined that the configuration has asked for. */
  get listed(): ReadonlyMap<string, string | undefined> {
    return this.#those(true);
  }

  /**
   * Joins a room, or asks for another nickname in it; what the room answers arrives as presence.
   *
   * @param nick default: the localpart of the bot.
   * @throws JidError when the nickname cannot be one; StoreError when it cannot be noted, so that the room is not joined.
   */
  async join(
    room: Jid,
    nick: string = this.#bot.local ?? this.#bot.domain,
    { listed, ...options }: RoomJoinOptions = {},
  ): Promise<void> {
    const occupant = room.bare.withResource(nick);
    const key = room.bare.toString();
    const before = this.#stays.get(key);
    const stay = { nick: before?.nick, wanted: occupant.resource, listed };
    // Before it is sent, because the room may answer before Prosody does, and to another node.
    this.#set(key, stay);
    try {
      if (this.#store !== undefined) await this.save();
      await this.#sender.send(presence({ from: this.#bot, to: occupant }, buildJoin(options)));
    } catch (error) {
      if (this.#stays.get(key) === stay) {
        this.#set(key, before);
        await this.save().catch(() => undefined);
      }
      throw error;
    }
  }

  /** Leaves a room (XEP-0045 §7.14). */
  async leave(room: Jid, status?: string): Promise<void> {
    const key = room.bare.toString();
    const nick = this.#nick(key);
    if (nick === undefined) return;
    this.#set(key, undefined);
    await this.#depart(room.bare.withResource(nick), status);
    await this.save();
  }

  /** Leaves every room, to be back at the next start. */
  async departAll(): Promise<void> {
    for (const [room, { nick, wanted }] of this.#stays) {
      const own = nick ?? wanted;
      if (own !== undefined) await this.#depart(Jid.parse(room).withResource(own));
    }
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

  /** @internal Learns from a message of the bot's own that a room has reflected. */
  observeOwn(message: Message): void {
    this.#ownWords.observe(message);
  }

  /**
   * The id that the bot gave to a message, of that which reactions and replies in a room name: there it has another one (XEP-0359). Known of
   * the last 1,000 messages since the process began; of a correction it is that of the first message.
   *
   * @returns `undefined` where it is not known to be the bot's.
   * @example
   * ```ts
   * import { Composer } from "restanza";
   *
   * new Composer().on("message:reaction", (ctx) => {
   *   const { to, emojis } = ctx.reaction;
   *   const id = ctx.bot.rooms.ownId(ctx.from, to) ?? to;
   *   ctx.log.info({ id, emojis }, "somebody feels something");
   * });
   * ```
   */
  ownId(room: Jid, id: string): string | undefined {
    return this.#ownWords.find(room, id);
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
    const { listed } = stay;
    if (stanza.type === "available" && codes.includes(STATUS_SELF)) this.#set(room, { nick, listed });
    if (stanza.type !== "unavailable") return;
    const next = codes.includes(STATUS_NEW_NICK) ? readNewNick(stanza) : undefined;
    this.#set(room, next === undefined ? undefined : { nick: next, listed });
  }

  get #collection(): string {
    return `rooms of ${this.#bot}`;
  }

  #those(listed: boolean): ReadonlyMap<string, string | undefined> {
    const those = [...this.#stays].filter(([, stay]) => (stay.listed === true) === listed);
    return new Map(those.map(([room, { nick, wanted }]) => [room, nick ?? wanted]));
  }

  #set(room: string, stay: Stay | undefined): void {
    if (stay === undefined) this.#stays.delete(room);
    else this.#stays.set(room, stay);
    if (this.#store !== undefined) this.#changed.add(room);
  }

  /** What the store says of a room goes for what is known here, unless it has yet to be told that. */
  #read(room: string, stay: Stay | undefined): void {
    if (this.#changed.has(room)) return;
    if (stay === undefined) this.#stays.delete(room);
    else this.#stays.set(room, stay);
  }

  async #depart(occupant: Jid, status?: string): Promise<void> {
    await this.#sender.send(presence({ from: this.#bot, to: occupant, type: "unavailable", status }));
  }

  #nick(room: string): string | undefined {
    const stay = this.#stays.get(room);
    return stay?.nick ?? stay?.wanted;
  }

  /** Who is refused another nickname (§7.6) keeps the old one; who has none is not in the room. */
  #refused(room: string): void {
    const { nick, wanted, listed } = this.#stays.get(room) ?? {};
    const stays = nick !== undefined && wanted !== undefined && nick !== wanted;
    this.#set(room, stays ? { nick, listed } : undefined);
  }

  #open(room: Jid): void {
    const request = iq({ type: "set", from: this.#bot, to: room }, buildInstantRoom());
    // Where it fails the room stays locked, and its service throws it away when the bot leaves.
    this.#sender.iq(request).catch(() => undefined);
  }
}

function stored({ nick, wanted, listed }: Stay): JsonValue {
  return {
    ...(nick !== undefined && { nick }),
    ...(wanted !== undefined && { wanted }),
    ...(listed && { listed }),
  };
}
