import { randomUUID } from "node:crypto";
import { Jid, type Message, message, presence, type Stanza } from "../../stanza/index.ts";
import type { ModRestUser } from "../../testkit/index.ts";
import {
  buildChatState,
  buildCorrection,
  buildJoin,
  buildReactions,
  readReferenceId,
} from "../../xep/index.ts";
import { PLAYGROUND_DOMAIN, type Playground, ROOMS_DOMAIN } from "../playground.ts";
import { UnknownBotError } from "../unknown-bot-error.ts";
import { spoken } from "./rendered.ts";

/** Something was asked for that makes no sense now; the message says what would. */
export class ConversationError extends Error {
  override name = "ConversationError";
}

/** What one person says to the bots, and what they said last, so that it can be edited and reacted to. */
export class Conversation {
  readonly #playground: Playground;
  readonly #user: ModRestUser;
  readonly #nick: string;
  #partner: string;
  readonly #rooms = new Set<string>();
  /** The ids of what was said last to each partner, and by each. */
  readonly #said = new Map<string, string>();
  readonly #heard = new Map<string, string>();
  readonly #onStanza: (stanza: Stanza) => void;

  /**
   * @param partner a bot's name, or an address.
   * @param onStanza is told of what arrives, but for the person's own words that a room reflects.
   * @throws UnknownBotError when there is no such bot.
   */
  constructor(
    playground: Playground,
    user: ModRestUser,
    partner: string,
    onStanza: (stanza: Stanza) => void,
  ) {
    this.#playground = playground;
    this.#user = user;
    this.#nick = Jid.parse(user.jid).local ?? "me";
    this.#partner = addressOf(playground, partner);
    this.#onStanza = onStanza;
    user.listen((stanza) => this.#receive(stanza));
  }

  /** Whom the next words go to. */
  get partner(): string {
    return this.#partner;
  }

  /** Says something. */
  say(body: string): void {
    this.#said.set(this.#partner, this.#send(body));
  }

  /** Corrects what was said last (XEP-0308). */
  edit(body: string): void {
    const last = this.#said.get(this.#partner);
    if (last === undefined) throw new ConversationError(`you have said nothing to ${this.#partner} yet`);
    this.#send(body, buildCorrection(last));
  }

  /** Reacts to what the partner said last (XEP-0444); no emoji takes the reaction back. */
  react(emojis: readonly string[]): void {
    const last = this.#heard.get(this.#partner);
    if (last === undefined) throw new ConversationError(`${this.#partner} has said nothing yet`);
    this.#user.send(message({ ...this.#envelope }, buildReactions({ to: last, emojis })));
  }

  /** @throws UnknownBotError when there is no such bot. */
  turnTo(partner: string): void {
    const isRoom = this.#rooms.has(roomOf(partner));
    this.#partner = isRoom ? roomOf(partner) : addressOf(this.#playground, partner);
  }

  /** Goes into a room, which is made where there is none, and takes bots along. */
  async join(name: string, bots: readonly string[]): Promise<void> {
    const room = roomOf(name);
    for (const bot of bots) addressOf(this.#playground, bot);
    this.#user.send(presence({ to: `${room}/${this.#nick}` }, buildJoin()));
    this.#rooms.add(room);
    this.#partner = room;
    await Promise.all(bots.map(async (bot) => await this.#playground.bring(bot, Jid.parse(room))));
  }

  /** Goes out of the room at hand. */
  leave(partner: string): void {
    const room = this.#partner;
    if (!this.#rooms.delete(room))
      throw new ConversationError(`${room} is no room; /join ROOM goes into one`);
    this.#user.send(presence({ to: `${room}/${this.#nick}`, type: "unavailable" }));
    this.turnTo(partner);
  }

  #send(body: string, ...payloads: Parameters<typeof buildMessage>[1][]): string {
    const id = randomUUID();
    this.#user.send(buildMessage({ ...this.#envelope, id, body }, buildChatState("active"), ...payloads));
    return id;
  }

  get #envelope(): { readonly to: string; readonly id: string; readonly type: "groupchat" | "chat" } {
    const type = this.#rooms.has(this.#partner) ? "groupchat" : "chat";
    return { to: this.#partner, id: randomUUID(), type };
  }

  #receive(stanza: Stanza): void {
    const { from } = stanza;
    const room = from?.bare.toString() ?? "";
    if (stanza.kind === "message" && this.#rooms.has(room) && from?.resource === this.#nick) return;
    if (stanza.kind === "message" && spoken(stanza) !== undefined) this.#note(stanza, room);
    this.#onStanza(stanza);
  }

  #note(message: Message, from: string): void {
    const id = readReferenceId(message);
    if (id !== undefined) this.#heard.set(from, id);
  }
}

const buildMessage = message;

/** A bot by its name, or anything that looks like an address. */
export function addressOf({ bots }: Playground, bot: string): string {
  const known =
    bots.get(bot) ?? (Jid.isValid(bot) && (bot.includes("@") || bot === PLAYGROUND_DOMAIN) ? bot : undefined);
  if (known !== undefined) return known;
  throw new UnknownBotError(
    `there is no bot called ${bot}; there are ${[...bots.keys()].join(", ") || "none"}`,
  );
}

function roomOf(name: string): string {
  const room = name.includes("@") ? name : `${name}@${ROOMS_DOMAIN}`;
  if (!Jid.isValid(room) || !room.endsWith(`@${ROOMS_DOMAIN}`))
    throw new ConversationError(`${name} is no room; they are at ${ROOMS_DOMAIN}, such as /join lobby`);
  return Jid.parse(room).bare.toString();
}
