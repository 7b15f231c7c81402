import type { Logger } from "pino";
import { Jid, type Message, type Presence, type Stanza, StanzaError } from "../../stanza/index.ts";
import { type Clock, type Store, SYSTEM_CLOCK } from "../../store/index.ts";
import { type RoomConfiguration, readReactions, readReplyTo } from "../../xep/index.ts";
import { firstIdOf } from "../messages/correction-id.ts";
import { Attending } from "./attending.ts";
import { RoomBook } from "./book.ts";
import { createRoom } from "./creating.ts";
import { inTurn } from "./in-turn.ts";
import { Joining, type RoomJoinOptions, type RoomWantOptions } from "./joining.ts";
import { Leaving } from "./leaving.ts";
import { type RoomNews, type RoomRefused, tellRoomNews } from "./news.ts";
import { nicknameOf } from "./nicknames.ts";
import { RoomObserver } from "./observer.ts";
import type { Occupants } from "./occupants.ts";
import { Room } from "./room.ts";
import { RoomError } from "./room-error.ts";
import type { RoomSender } from "./room-sender.ts";
import { type KnownRoom, knownRoom, stateOf } from "./stay.ts";
import { staysOf } from "./stays.ts";

/** What {@link Rooms} may be told. */
export interface RoomsOptions {
  readonly clock?: Clock | undefined;
  /** Who is in the rooms. */
  readonly occupants?: Occupants | undefined;
  /** Told of what becomes of the bot in rooms; default: nobody is. */
  readonly log?: Logger | undefined;
  /** Given what a room has answered a join with on the spot, for the bot's handlers; default: they are not told. */
  readonly onBounce?: ((stanza: Presence) => void) | undefined;
  /** From 0 to 1; default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** @internal What a {@link RoomKeeper} works with. */
export interface RoomWork {
  readonly book: RoomBook;
  readonly joining: Pick<Joining, "enter" | "takeWish">;
  readonly attending: Attending;
}

/**
 * The rooms that one bot is in (XEP-0045), and is to be in. It remembers under which nickname, so that the bot does not answer its own
 * words when the room reflects them, and what is to be done about rooms that do not let it in. With a store that outlives the
 * process, and is the same for every node.
 */
export class Rooms {
  /** @internal */
  readonly work: RoomWork;
  readonly #bot: Jid;
  readonly #sender: RoomSender;
  readonly #occupants: Occupants | undefined;
  readonly #book: RoomBook;
  readonly #joining: Joining;
  readonly #leaving: Leaving;
  readonly #observer: RoomObserver;
  readonly #refusals = new WeakMap<Presence, RoomError>();

  constructor(
    bot: Jid,
    sender: RoomSender,
    store?: Pick<Store, "get" | "list" | "commit">,
    { clock = SYSTEM_CLOCK, occupants, random = Math.random, log, onBounce }: RoomsOptions = {},
  ) {
    this.#bot = bot;
    this.#sender = sender;
    this.#occupants = occupants;
    const book = new RoomBook({ bot, store, clock, occupants });
    const moment = (): { readonly now: number; readonly random: () => number } => ({
      now: clock.now(),
      random,
    });
    const tell = (news: RoomNews): void => {
      if (log !== undefined) tellRoomNews(log, news);
    };
    const onRefused = (stanza: Presence, { error }: RoomRefused): void =>
      void this.#refusals.set(stanza, error);
    const ordered = inTurn(sender);
    this.#book = book;
    this.#joining = new Joining({
      bot,
      sender: ordered,
      book,
      moment,
      tell,
      onBounce: (stanza, news) => {
        onRefused(stanza, news);
        onBounce?.(stanza);
      },
    });
    this.#leaving = new Leaving({ bot, sender: ordered, book, occupants });
    this.#observer = new RoomObserver({ bot, sender, book, moment, onRefused });
    const attending = new Attending({ bot, sender, book, moment, tell });
    this.work = { book, joining: this.#joining, attending };
  }

  /** Whether there is something to {@link save}. */
  get isChanged(): boolean {
    return this.#book.isChanged;
  }

  /** Reads which rooms the bot is in, as the store knows it. */
  async load(): Promise<void> {
    await this.#book.stays.load();
  }

  /** Reads of one room whether the bot is in it, and under which nickname: another node may have seen that change. */
  async refresh(room: Jid): Promise<void> {
    await this.#book.stays.refresh(room.bare.toString());
  }

  /**
   * Tells the store what has changed.
   *
   * @throws StoreError where it cannot be told; then it can be tried again.
   */
  async save(): Promise<void> {
    await this.#book.save();
  }

  /** All rooms that the bot is in or is to be in. */
  get known(): KnownRoom[] {
    return this.#book.stays.all.map(([room, stay]) => knownRoom(room, stay));
  }

  /** One of them, by its bare JID. */
  find(room: string): KnownRoom | undefined {
    const stay = this.#book.get(room);
    return stay && knownRoom(room, stay);
  }

  /** One room, to ask it for something, such as to kick somebody. */
  room(jid: Jid | string): Room {
    return new Room(Jid.parse(jid), this.#bot, this.#sender, this, this.#occupants);
  }

  /**
   * Joins a room, or asks for another nickname in it; what the room answers arrives as presence. Where somebody has the nickname, the bot
   * tries it with a number, and takes it as soon as it is free. A room that does not let the bot in for now is tried again.
   *
   * @param nick default: the localpart of the bot.
   * @throws JidError when the room is no JID, or the nickname cannot be one; StoreError when it cannot be noted, so that the room is not joined; RoomError when
   *   the room has refused on the spot, and is not tried again; RestError when the join could not be sent.
   */
  async join(
    room: Jid | string,
    nick: string = nicknameOf(this.#bot),
    options: RoomJoinOptions = {},
  ): Promise<void> {
    await this.#joining.join(Jid.parse(room), nick, options);
  }

  /**
   * Makes a room, configures it and opens it to others. The bot is its owner, and in it.
   *
   * @param others fields that are the service's own, by their names in the form.
   * @throws RoomError where there is such a room already, or its service does not let the bot make one.
   * @example
   * ```ts
   * import { Composer } from "restanza";
   *
   * new Composer().hears("a room, please", async (ctx) => {
   *   const room = await ctx.bot.rooms.create("tea-time@rooms.example.org", "Butler", {
   *     name: "Tea time",
   *     membersOnly: true,
   *     persistent: true,
   *   });
   *   await room.invite(ctx.from.bare);
   * });
   * ```
   */
  async create(
    room: Jid | string,
    nick: string = nicknameOf(this.#bot),
    configuration: Partial<RoomConfiguration> = {},
    others: Readonly<Record<string, string | readonly string[]>> = {},
  ): Promise<Room> {
    const made = this.room(room);
    if (this.has(made.jid)) throw new RoomError("create", made.jid, new StanzaError("conflict"));
    await createRoom(made, nick, configuration, others, this.#joining);
    return made;
  }

  /**
   * Leaves a room (XEP-0045 §7.14), or does not try to get into it any more.
   *
   * @throws RestError when that could not be sent, so that the bot is still in it; StoreError when it cannot be noted.
   */
  async leave(room: Jid | string, status?: string): Promise<void> {
    await this.#leaving.leave(Jid.parse(room), status);
  }

  /** Leaves every room, to be back at the next start. */
  async departAll(): Promise<void> {
    await this.#leaving.departAll();
  }

  /** The rooms joined, as bare JIDs. */
  get joined(): string[] {
    return this.#book.stays.all.flatMap(([room, stay]) => (stateOf(stay) === "waiting" ? [] : [room]));
  }

  /** Whether this is a room that the bot is in, or is to be. */
  has(jid: Jid): boolean {
    return this.#book.stays.size > 0 && this.#book.has(jid.bare.toString());
  }

  /** The bot's nickname in a room, or the one that it has asked for; `undefined` where it is not in the room. */
  nick(room: Jid): string | undefined {
    return this.#book.stays.size === 0 ? undefined : this.#book.nick(room.bare.toString());
  }

  /** The subject of a room, as it told it last; see {@link Room.subject}. */
  subject(room: Jid): string | undefined {
    return this.#book.noticed(room.bare.toString()).subject;
  }

  /** @internal Whether an id of an occupant in a stanza of a room is the room's (XEP-0421), as far as is known. */
  givesIds(room: Jid): boolean {
    return this.#book.get(room.bare.toString())?.noIds !== true;
  }

  /** Whether a stanza is the bot's own, come back from the room. */
  isOwn(stanza: Stanza): boolean {
    const { from } = stanza;
    return from?.resource !== undefined && this.nick(from) === from.resource;
  }

  /**
   * The id that the bot gave to a message, of that which reactions and replies in a room name: there it has another one (XEP-0359). Known of
   * the message that the stanza at hand names, where that is one of the last 500 of the last 30 days in the room, whichever process has sent it; of
   * others, where they are among the last 1,000 that this process has said in rooms. Of a correction, in a room or not, it is that of the first
   * message (XEP-0444 §4).
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
    return this.#book.words.find(room, id) ?? firstIdOf(id);
  }

  /**
   * The id that a room gave to a message of the bot's, by which others know it there (XEP-0359): to take it back (XEP-0424). Known of the last
   * 500 messages of the last 30 days in the room, once it has reflected them.
   *
   * @param id that `send` returned.
   * @returns `undefined` where it is not known.
   * @throws StoreError where the store does not tell.
   */
  async roomId(room: Jid, id: string): Promise<string | undefined> {
    return await this.#book.words.given(room, id);
  }

  /**
   * @internal Learns by which id the bot knows what a stanza names, where that was said by an earlier process, or on another node; `undefined` where
   * there is nothing to learn.
   *
   * @throws StoreError where the store does not tell.
   */
  recall(stanza: Stanza): Promise<void> | undefined {
    const { from } = stanza;
    if (stanza.kind !== "message" || from === undefined || !this.has(from)) return undefined;
    const id = readReactions(stanza)?.to ?? readReplyTo(stanza)?.id;
    if (id === undefined || firstIdOf(id) !== undefined) return undefined;
    return this.#book.words.recall(from, id);
  }

  /** @internal Learns from a message of the bot's own that a room has reflected. */
  observeOwn(message: Message): void {
    this.#book.words.observe(message);
  }

  /** @internal Learns from a message of a room: its subject, that the bot is there, or that it may not be. */
  observeMessage(message: Message): void {
    this.#observer.message(message);
  }

  /**
   * Learns from a room's presence: the nickname that the room gave, that it refused one, and that the bot is out. A room
   * that the bot's join has made is opened to others with the service's defaults.
   *
   * @returns what has become of the bot there, where something has.
   */
  observe(stanza: Presence): RoomNews | undefined {
    return this.#observer.presence(stanza);
  }

  /** @internal Notes that the bot is to be in a room, for the keeper to see to. */
  want(room: Jid, nick: string | undefined, options: RoomWantOptions = {}): void {
    this.#joining.want(room, nick, options);
  }

  /** @internal What a presence says that a room has sent in answer to a join, where it refuses. */
  refusal(stanza: Presence): RoomError | undefined {
    return this.#refusals.get(stanza);
  }

  /** @internal Whether this process has joined a room, so that it need not do it again. */
  isJoinedHere(room: string): boolean {
    return this.#book.noticed(room).isJoinedHere === true;
  }

  /** @internal Where it is kept which rooms a bot is in. */
  static collectionOf(bot: Jid): string {
    return staysOf(bot);
  }
}
