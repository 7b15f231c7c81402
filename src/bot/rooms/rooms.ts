import type { Logger } from "pino";
import { BounceError, RestError } from "../../outbound/index.ts";
import {
  iq,
  Jid,
  JidError,
  type Message,
  type Presence,
  presence,
  type Stanza,
  StanzaError,
} from "../../stanza/index.ts";
import { type Clock, type Store, SYSTEM_CLOCK } from "../../store/index.ts";
import {
  type Attendance,
  buildInstantRoom,
  buildJoin,
  buildPing,
  type JoinOptions,
  NS_MUC_USER,
  type RoomConfiguration,
  readNewNick,
  readOccupant,
  readSelfPing,
  readStatusCodes,
  STATUS_CREATED,
  STATUS_NEW_NICK,
  STATUS_SELF,
} from "../../xep/index.ts";
import { AWAY, LASTING, PASSING, type Pause, pauseFor } from "./backoff.ts";
import { type RoomNews, type RoomRefused, tellRoomNews } from "./news.ts";
import { nextNickname, nicknameOf } from "./nicknames.ts";
import type { Occupants } from "./occupants.ts";
import { OwnWords } from "./own-words.ts";
import { refusalOf } from "./refusal.ts";
import { Room } from "./room.ts";
import { RoomError } from "./room-error.ts";
import type { RoomSender } from "./room-sender.ts";
import { type KnownRoom, knownRoom, nickOf, type Stay, stateOf } from "./stay.ts";
import { Stays, staysOf } from "./stays.ts";

/** What can be said of one joining. */
export interface RoomJoinOptions extends JoinOptions {
  /** Whether the configuration asks for it, so that the bot stays out once it does not any more; default: no. */
  readonly listed?: boolean | undefined;
}

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

/** How long the answer to a self-ping may take, in milliseconds. */
const PING_TIMEOUT = 10_000;
/** How long the bot has to be in a room for what was before not to count any more, in milliseconds. */
const SETTLED = 60_000;
/** How long a subject may be that is remembered. */
const LONGEST_SUBJECT = 4_096;
/** After which the bot is out because somebody wants it to be. */
const MEANT: ReadonlySet<string> = new Set(["kicked", "banned", "affiliation", "members-only", "destroyed"]);

/**
 * The rooms that one bot is in (XEP-0045), and is to be in. It remembers under which nickname, so that the bot does not answer its own
 * words when the room reflects them, and what is to be done about rooms that do not let it in. With a store that outlives the
 * process, and is the same for every node.
 */
export class Rooms {
  /** @internal Told of a room about which something is to be done, or of which the store knows something new. */
  onWork: ((room: string, isRead?: boolean) => void) | undefined;
  readonly #bot: Jid;
  readonly #sender: RoomSender;
  readonly #stays: Stays;
  readonly #clock: Clock;
  readonly #occupants: Occupants | undefined;
  readonly #random: () => number;
  readonly #log: Logger | undefined;
  readonly #onBounce: ((stanza: Presence) => void) | undefined;
  readonly #ownWords = new OwnWords();
  readonly #subjects = new Map<string, string>();
  /** When each room was heard of last. */
  readonly #heard = new Map<string, number>();
  /** Since when the bot has been in each. */
  readonly #since = new Map<string, number>();
  /** Those that this process has joined. */
  readonly #here = new Set<string>();
  /** Where the nickname that the bot is to have has been given up, and when to ask for it. */
  readonly #freed = new Map<string, number>();
  readonly #refusals = new WeakMap<Presence, RoomError>();

  constructor(
    bot: Jid,
    sender: RoomSender,
    store?: Pick<Store, "get" | "list" | "commit">,
    { clock = SYSTEM_CLOCK, occupants, random = Math.random, log, onBounce }: RoomsOptions = {},
  ) {
    this.#bot = bot;
    this.#sender = sender;
    this.#stays = new Stays(bot, store, (room) => {
      if (!this.#has(room)) this.#forget(room);
      this.onWork?.(room, true);
    });
    this.#clock = clock;
    this.#occupants = occupants;
    this.#random = random;
    this.#log = log;
    this.#onBounce = onBounce;
  }

  /** Whether there is something to {@link save}. */
  get isChanged(): boolean {
    return this.#stays.isChanged;
  }

  /** Reads which rooms the bot is in, as the store knows it. */
  async load(): Promise<void> {
    await this.#stays.load();
  }

  /** Reads of one room whether the bot is in it, and under which nickname: another node may have seen that change. */
  async refresh(room: Jid): Promise<void> {
    await this.#stays.refresh(room.bare.toString());
  }

  /** @internal Leaves a room to the node that is at it: what the store says of it goes for what it has yet to be told. */
  async yieldTo(room: Jid): Promise<void> {
    await this.#stays.giveIn(room.bare.toString());
  }

  /**
   * Tells the store what has changed.
   *
   * @throws StoreError where it cannot be told; then it can be tried again.
   */
  async save(): Promise<void> {
    await this.#stays.save();
  }

  /** All rooms that the bot is in or is to be in. */
  get known(): KnownRoom[] {
    return this.#stays.all.map(([room, stay]) => knownRoom(room, stay));
  }

  /** One of them, by its bare JID. */
  find(room: string): KnownRoom | undefined {
    const stay = this.#stays.get(room);
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
   * @throws JidError when the nickname cannot be one; StoreError when it cannot be noted, so that the room is not joined; RoomError when
   *   the room has refused on the spot, and is not tried again; RestError when the join could not be sent.
   */
  async join(
    room: Jid,
    nick: string = nicknameOf(this.#bot),
    { listed, ...options }: RoomJoinOptions = {},
  ): Promise<void> {
    try {
      await this.#join(room, nick, options, { listed });
    } catch (error) {
      if (!(error instanceof StanzaError)) throw error;
      const before = this.#stays.get(room.bare.toString());
      const stay = { ...before, wish: nick, asked: nick, password: options.password, listed };
      const news = await this.#bounced(room.bare, stay, error, nick);
      if (news.again === undefined) throw news.error;
    }
  }

  /**
   * Makes a room, configures it and opens it to others. The bot is its owner, and in it.
   *
   * @param others fields that are the service's own, by their names in the form.
   * @throws RoomError where there is such a room already, or its service does not let the bot make one.
   * @example
   * ```ts
   * import { Composer, Jid } from "restanza";
   *
   * new Composer().hears("a room, please", async (ctx) => {
   *   const room = await ctx.bot.rooms.create(Jid.parse("tea-time@rooms.example.org"), "Butler", {
   *     name: "Tea time",
   *     membersOnly: true,
   *     persistent: true,
   *   });
   *   await room.invite(ctx.from.bare);
   * });
   * ```
   */
  async create(
    room: Jid,
    nick: string = nicknameOf(this.#bot),
    configuration: Partial<RoomConfiguration> = {},
    others: Readonly<Record<string, string | readonly string[]>> = {},
  ): Promise<Room> {
    const made = this.room(room);
    if (this.has(room)) throw new RoomError("create", room, new StanzaError("conflict"));
    const { password } = configuration;
    try {
      await this.#join(room, nick, {}, { making: true, password });
      // The room was made before it is asked: Prosody keeps the order, and so does every server on the way.
      await made.configure(configuration, others);
    } catch (error) {
      await this.leave(room).catch(() => undefined);
      throw error instanceof StanzaError ? new RoomError("create", room, error) : error;
    }
    return made;
  }

  /**
   * Leaves a room (XEP-0045 §7.14), or does not try to get into it any more.
   *
   * @throws RestError when that could not be sent, so that the bot is still in it; StoreError when it cannot be noted.
   */
  async leave(room: Jid, status?: string): Promise<void> {
    const key = room.bare.toString();
    const stay = this.#stays.get(key);
    if (stay === undefined) return;
    const nick = this.#nick(key);
    this.#set(key, undefined);
    try {
      if (nick !== undefined) await this.#depart(room.bare.withResource(nick), status);
      this.#occupants?.forget(room);
    } catch (error) {
      if (!this.#has(key)) this.#set(key, stay);
      throw error;
    } finally {
      await this.save();
    }
  }

  /** Leaves every room, to be back at the next start. */
  async departAll(): Promise<void> {
    try {
      for (const [room, stay] of this.#stays.all) {
        const own = this.#nick(room);
        if (own === undefined) continue;
        // That it is out then is no news, and no reason to wait before it is back.
        this.#set(room, { ...stay, wish: stay.wish ?? own, nick: undefined, asked: undefined });
        this.#here.delete(room);
        await this.#depart(Jid.parse(room).withResource(own));
      }
    } finally {
      await this.save();
    }
  }

  /** The rooms joined, as bare JIDs. */
  get joined(): string[] {
    return this.#stays.all.flatMap(([room, stay]) => (stateOf(stay) === "waiting" ? [] : [room]));
  }

  /** Whether this is a room that the bot is in, or is to be. */
  has(jid: Jid): boolean {
    return this.#stays.size > 0 && this.#has(jid.bare.toString());
  }

  /** The bot's nickname in a room, or the one that it has asked for; `undefined` where it is not in the room. */
  nick(room: Jid): string | undefined {
    return this.#stays.size === 0 ? undefined : this.#nick(room.bare.toString());
  }

  /** The subject of a room, as it told it last; see {@link Room.subject}. */
  subject(room: Jid): string | undefined {
    return this.#subjects.get(room.bare.toString());
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
   * The id that a room gave to a message of the bot's, by which others know it there (XEP-0359): to take it back (XEP-0424). Known of the last
   * 1,000 messages since the process began, once the room has reflected them.
   *
   * @param id that `send` returned.
   * @returns `undefined` where it is not known.
   */
  roomId(room: Jid, id: string): string | undefined {
    return this.#ownWords.given(room, id);
  }

  /** @internal Learns from a message of a room: its subject, that the bot is there, or that it may not be. */
  observeMessage(message: Message): void {
    const room = message.from?.bare.toString();
    if (room === undefined || !this.#has(room)) return;
    if (message.type === "error") {
      // What bounced says that the bot is not in it, or that somebody else is not.
      this.#heard.delete(room);
      this.onWork?.(room);
      return;
    }
    if (message.type !== "groupchat") return;
    this.#heard.set(room, this.#clock.now());
    const { subject } = message;
    if (subject !== undefined && message.body === undefined)
      this.#subjects.set(room, subject.slice(0, LONGEST_SUBJECT).toWellFormed());
  }

  /**
   * Learns from a room's presence: the nickname that the room gave, that it refused one, and that the bot is out. A room
   * that the bot's join has made is opened to others with the service's defaults.
   *
   * @returns what has become of the bot there, where something has.
   */
  observe(stanza: Presence): RoomNews | undefined {
    const { from } = stanza;
    const room = from?.bare.toString();
    const stay = room === undefined ? undefined : this.#stays.get(room);
    if (from === undefined || room === undefined || stay === undefined) return undefined;
    const nick = from.resource;
    if (stanza.type === "error") {
      const isOwn = nick === undefined || nick === stay.nick || nick === stay.asked;
      if (!isOwn || stanza.error === undefined) return undefined;
      const news = this.#refused(from.bare, stay, stanza.error, nick);
      this.#refusals.set(stanza, news.error);
      return news;
    }
    if (stanza.child("x", NS_MUC_USER) !== undefined) this.#heard.set(room, this.#clock.now());
    const codes = readStatusCodes(stanza);
    const isSelf = codes.includes(STATUS_SELF) && isBelieved(stay, nick);
    if (!isSelf && nick !== this.#nick(room)) {
      if (stanza.type === "unavailable" && nick === stay.wish) {
        this.#freed.set(room, this.#clock.now());
        this.onWork?.(room);
      }
      return undefined;
    }
    if (codes.includes(STATUS_CREATED) && stay.making !== true) this.#open(from.bare);
    if (stanza.type === "available")
      return isSelf && nick !== undefined ? this.#entered(from.bare, stay, nick) : undefined;
    if (stanza.type !== "unavailable") return undefined;
    const next = codes.includes(STATUS_NEW_NICK) ? readNewNick(stanza) : undefined;
    if (next === undefined) return this.#left(from.bare, stay, stanza);
    this.#set(room, { ...stay, nick: next, asked: undefined });
    return undefined;
  }

  /** @internal Notes that the bot is to be in a room, for the keeper to see to. */
  want(room: Jid, nick: string | undefined, { listed, password }: RoomJoinOptions = {}): void {
    const key = room.bare.toString();
    const before = this.#stays.get(key);
    this.#set(key, {
      ...before,
      wish: nick ?? before?.wish ?? nicknameOf(this.#bot),
      password: password ?? before?.password,
      listed: listed ?? before?.listed,
      ...(before?.nick === undefined && { again: this.#clock.now() }),
    });
  }

  /** @internal Enters a room again that the bot is to be in. */
  async enter(room: Jid): Promise<void> {
    const key = room.bare.toString();
    const stay = this.#stays.get(key);
    if (stay === undefined) return;
    const nick =
      (stay.again !== undefined ? stay.asked : undefined) ?? stay.wish ?? stay.nick ?? nicknameOf(this.#bot);
    try {
      await this.#join(room, nick, { password: stay.password }, stay, stay.wish);
    } catch (error) {
      const now = this.#stays.get(key);
      // The room has answered all the same.
      if (now === undefined || (now.nick !== undefined && now !== stay)) return;
      if (error instanceof StanzaError) await this.#bounced(room.bare, { ...now, asked: nick }, error, nick);
      else this.#tell(this.#unreachable(room.bare, now, error));
    }
  }

  /** @internal Asks for the nickname that the bot is to have, which has become free. */
  async takeWish(room: Jid): Promise<void> {
    const key = room.bare.toString();
    const stay = this.#stays.get(key);
    this.#freed.delete(key);
    if (stay?.wish === undefined || stay.nick === undefined || stay.nick === stay.wish) return;
    this.#set(key, { ...stay, asked: stay.wish });
    try {
      await this.#sender.send(presence({ from: this.#bot, to: room.bare.withResource(stay.wish) }));
    } catch (error) {
      if (!(error instanceof StanzaError)) {
        if (this.#stays.get(key)?.asked !== stay.wish) return;
        this.#set(key, stay);
        this.#freed.set(key, this.#clock.now() + AWAY.most);
        return this.onWork?.(key);
      }
      await this.#bounced(room.bare, { ...stay, asked: stay.wish }, error, stay.wish);
    }
  }

  /** @internal When to ask for the nickname that the bot is to have, where it has another one and whoever had that has given it up. */
  wishFreeAt(room: string): number | undefined {
    return this.#stays.get(room)?.nick === undefined ? undefined : this.#freed.get(room);
  }

  /** @internal What a presence says that a room has sent in answer to a join, where it refuses. */
  refusal(stanza: Presence): RoomError | undefined {
    return this.#refusals.get(stanza);
  }

  /** @internal Whether this process has joined a room, so that it need not do it again. */
  isJoinedHere(room: string): boolean {
    return this.#here.has(room);
  }

  /** @internal When a room was heard of last, in milliseconds since 1970. */
  heard(room: string): number | undefined {
    return this.#heard.get(room);
  }

  /**
   * @internal Asks a room whether the bot is in it (XEP-0410). It never rejects.
   *
   * @returns `undefined` where the bot has got another nickname there meanwhile, or is out, so that the answer says nothing.
   */
  async attend(room: Jid): Promise<Attendance | undefined> {
    const nick = this.nick(room);
    if (nick === undefined) return undefined;
    const request = iq({ type: "get", to: room.bare.withResource(nick), from: this.#bot }, buildPing());
    const attendance = await this.#sender.iq(request, { timeout: PING_TIMEOUT }).then(
      () => "in" as const,
      (error: unknown) => (error instanceof StanzaError ? readSelfPing(error) : "unknown"),
    );
    return this.nick(room) === nick ? attendance : undefined;
  }

  /** @internal The room has said that the bot is in it. */
  confirm(room: Jid): void {
    const key = room.bare.toString();
    const stay = this.#stays.get(key);
    const nick = stay?.nick ?? stay?.asked;
    if (stay === undefined || nick === undefined) return;
    this.#heard.set(key, this.#clock.now());
    this.#tell(this.#entered(room.bare, stay, nick));
    this.settle(key);
  }

  /** @internal The bot has been in a room for a while, so that a next time it is lost is a first time. */
  settle(room: string): void {
    const stay = this.#stays.get(room);
    const since = this.#since.get(room) ?? 0;
    if (stay?.tries !== undefined && this.#clock.now() - since >= SETTLED)
      this.#set(room, { ...stay, tries: undefined });
  }

  /** @internal The room has said that the bot is not in it, or not under its nickname, or nobody has said anything. */
  lose(room: Jid, departure: "renamed" | "unknown"): void {
    const stay = this.#stays.get(room.bare.toString());
    if (stay === undefined) return;
    // Who was let in once is let in again at once; who never was may be asking too much.
    const again = stay.nick !== undefined ? 0 : this.#pause(PASSING, stay);
    this.#wait(room.bare, stay, again);
    const none = { actor: undefined, reason: undefined, venue: undefined };
    this.#tell({ kind: "out", room: room.bare, departure, ...none, again });
  }

  /** @internal Tries those rooms at once that wait, as when Prosody has come back. */
  hurry(): void {
    const now = this.#clock.now();
    this.#heard.clear();
    for (const [room, stay] of this.#stays.all)
      if (stay.again !== undefined && stay.again > now)
        this.#set(room, { ...stay, tries: undefined, again: now });
  }

  /** @internal Where it is kept which rooms a bot is in. */
  static collectionOf(bot: Jid): string {
    return staysOf(bot);
  }

  async #join(room: Jid, nick: string, options: JoinOptions, more: Stay, wish = nick): Promise<void> {
    const occupant = room.bare.withResource(nick);
    const key = room.bare.toString();
    const before = this.#stays.get(key);
    const stay: Stay = {
      nick: before?.nick,
      asked: occupant.resource,
      wish: wish === nick ? occupant.resource : wish,
      password: options.password ?? more.password,
      listed: more.listed,
      making: more.making,
      tries: more.tries,
    };
    // Before it is sent, because the room may answer before Prosody does, and to another node.
    this.#set(key, stay);
    try {
      if (this.#stays.isKept) await this.save();
      // Meanwhile it was left, or another nickname asked for.
      if (this.#stays.get(key)?.asked !== stay.asked) return;
      const { password = stay.password, history } = options;
      await this.#sender.send(presence({ from: this.#bot, to: occupant }, buildJoin({ password, history })));
      this.#here.add(key);
      this.onWork?.(key);
    } catch (error) {
      if (this.#stays.get(key) === stay) {
        this.#set(key, before);
        await this.save().catch(() => undefined);
      }
      throw error;
    }
  }

  #has(room: string): boolean {
    return this.#stays.get(room) !== undefined;
  }

  #set(room: string, stay: Stay | undefined): void {
    this.#stays.set(room, stay);
    if (stay === undefined) this.#forget(room);
    if (stay === undefined || stay.again !== undefined) this.onWork?.(room);
  }

  #forget(room: string): void {
    for (const known of [this.#heard, this.#subjects, this.#since, this.#freed, this.#here])
      known.delete(room);
  }

  async #depart(occupant: Jid, status?: string): Promise<void> {
    try {
      await this.#sender.send(presence({ from: this.#bot, to: occupant, type: "unavailable", status }));
    } catch (error) {
      // Where it does not arrive there is no room to be in.
      if (!(error instanceof StanzaError)) throw error;
    }
  }

  #nick(room: string): string | undefined {
    const stay = this.#stays.get(room);
    return stay && nickOf(stay);
  }

  #entered(room: Jid, { asked, making, again, ...stay }: Stay, nick: string): RoomNews | undefined {
    const wish = stay.wish ?? nick;
    const before = this.#stays.get(room.toString());
    this.#set(room.toString(), { ...stay, nick, wish });
    const isNews = before?.nick !== nick || before.again !== undefined;
    if (isNews) this.#since.set(room.toString(), this.#clock.now());
    return isNews ? { kind: "in", room, nick, wish } : undefined;
  }

  /** A room has refused on the spot, so that no presence comes. */
  async #bounced(room: Jid, stay: Stay, error: StanzaError, nick: string): Promise<RoomRefused> {
    const news = this.#refused(room, stay, error, nick);
    this.#tell(news);
    await this.save();
    if (error instanceof BounceError && error.stanza.kind === "presence") {
      this.#refusals.set(error.stanza, news.error);
      this.#onBounce?.(error.stanza);
    }
    return news;
  }

  #tell(news: RoomNews | undefined): void {
    if (news !== undefined && this.#log !== undefined) tellRoomNews(this.#log, news);
  }

  /** Who is refused another nickname (§7.6) keeps the old one; who has none is not in the room. */
  #refused(room: Jid, stay: Stay, error: StanzaError, refused: string | undefined): RoomRefused {
    const { nick, asked, listed } = stay;
    const news = { kind: "refused", room, error: new RoomError("join", room, error) } as const;
    if (nick !== undefined && asked !== undefined && nick !== asked) {
      this.#set(room.toString(), { ...stay, asked: undefined });
      // It may have been out under the old one for a while: the keeper asks.
      this.#heard.delete(room.toString());
      this.onWork?.(room.toString());
      return { ...news, stays: true, again: undefined };
    }
    const refusal = refusalOf(error);
    const next =
      refusal === "nickname" && refused !== undefined
        ? this.#next(room, stay.wish ?? refused, refused)
        : undefined;
    if (next !== undefined) {
      this.#wait(room, { ...stay, asked: next }, 0);
      return { ...news, stays: false, again: 0 };
    }
    const isTriedAgain = refusal === "passing" || refusal === "nickname" || (refusal === "lasting" && listed);
    if (!isTriedAgain) {
      this.#set(room.toString(), undefined);
      return { ...news, stays: false, again: undefined };
    }
    const again = this.#pause(refusal === "passing" ? PASSING : LASTING, stay);
    this.#wait(room, { ...stay, asked: undefined }, again);
    return { ...news, stays: false, again };
  }

  #next(room: Jid, wish: string, taken: string): string | undefined {
    const next = nextNickname(wish, taken);
    return next !== undefined && Jid.isValid(`${room}/${next}`) ? next : undefined;
  }

  #unreachable(room: Jid, stay: Stay, error: unknown): RoomNews {
    const isLasting = error instanceof JidError || (error instanceof RestError && !error.retryable);
    const again = this.#pause(isLasting ? LASTING : AWAY, stay);
    // It may be in it all the while, under the nickname that it has.
    this.#set(room.toString(), {
      ...stay,
      tries: (stay.tries ?? 0) + 1,
      again: this.#clock.now() + again,
    });
    const text = error instanceof Error ? error.message : String(error);
    const cause = new StanzaError("recipient-unavailable", { text, cause: error });
    return { kind: "refused", room, error: new RoomError("join", room, cause), stays: false, again };
  }

  #left(room: Jid, stay: Stay, stanza: Presence): RoomNews | undefined {
    const occupant = readOccupant(stanza);
    const departure = occupant?.departure ?? "left";
    // Most likely it was an earlier process that has left, before this one has joined: the keeper asks.
    if (departure === "left") {
      this.#heard.delete(room.toString());
      this.onWork?.(room.toString());
      return undefined;
    }
    const { actor, reason, venue } = occupant ?? {};
    const news = { kind: "out", room, departure, actor, reason, venue } as const;
    if (MEANT.has(departure)) {
      this.#set(room.toString(), undefined);
      this.#occupants?.forget(room);
      return { ...news, again: undefined };
    }
    const again = this.#pause(PASSING, stay);
    this.#wait(room, { ...stay, asked: undefined }, again);
    return { ...news, again };
  }

  #pause(pause: Pause, { tries = 0 }: Stay): number {
    return pauseFor(pause, tries, this.#random);
  }

  /** @param again in how many milliseconds it is to be entered again. */
  #wait(room: Jid, { nick: _, ...stay }: Stay, again: number): void {
    const tries = again === 0 ? stay.tries : (stay.tries ?? 0) + 1;
    this.#set(room.toString(), { ...stay, tries, again: this.#clock.now() + again });
    this.#occupants?.forget(room);
  }

  #open(room: Jid): void {
    const request = iq({ type: "set", from: this.#bot, to: room }, buildInstantRoom());
    // Where it fails the room stays locked, and its service throws it away when the bot leaves.
    void (async () => await this.#sender.iq(request))().catch(() => undefined);
  }
}

/**
 * Whether an occupant under this nickname may be the bot. Only the room is to say so, but some pass on what an occupant writes; and who
 * has asked for no other nickname gets none without being told under the one it has (XEP-0045 §7.6).
 */
function isBelieved({ nick: own, asked }: Stay, nick: string | undefined): boolean {
  return own === undefined || asked !== undefined || nick === own;
}
