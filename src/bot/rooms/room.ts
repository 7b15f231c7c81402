import { Jid, Message, message } from "../../stanza/index.ts";
import {
  type Affiliation,
  buildDirectInvitation,
  buildMediatedInvitation,
  buildModeration,
  buildRoomChanges,
  buildRoomDestruction,
  buildVoiceAnswer,
  type ContinuedChat,
  type DataForm,
  type Role,
  type RoomChange,
  type RoomConfiguration,
  type RoomEnd,
  type RoomEntry,
  readRoomConfiguration,
  type VoiceRequest,
} from "../../xep/index.ts";
import { retraction } from "../messages/content.ts";
import { RoomAsker } from "./asker.ts";
import { configureRoom, roomForm } from "./configuring.ts";
import type { KnownOccupant, Occupants } from "./occupants.ts";
import type { RoomAction } from "./room-error.ts";
import type { RoomSender } from "./room-sender.ts";
import { accountOf, nickIn } from "./whom.ts";

/** @internal What a {@link Room} knows of the bot's being there, and how it ends that. */
export interface RoomPresence {
  nick(room: Jid): string | undefined;
  subject(room: Jid): string | undefined;
  /** The id that the room gave to a message of the bot's. */
  roomId(room: Jid, id: string): Promise<string | undefined>;
  leave(room: Jid, status?: string): Promise<void>;
}

/** How to ask somebody in. */
export interface RoomInviteOptions {
  readonly reason?: string | undefined;
  /**
   * Whether the bot asks them itself (XEP-0249), and not the room (XEP-0045 §7.8.2): a room for members makes who it asks in
   * a member, if the bot may do that. Default: the room asks.
   */
  readonly direct?: boolean | undefined;
  /** What the room wants to hear at the door; told only by a direct invitation. */
  readonly password?: string | undefined;
  /** The chat that is to go on in the room (XEP-0045 §7.9), so that their client shows one with the other; default: none. */
  readonly continues?: ContinuedChat | undefined;
}

/**
 * One room, and what a bot may do there as far as its role and affiliation go. Everything that asks the room throws a
 * {@link RoomError} where the room refuses, and a `RestError` where Prosody cannot be reached.
 *
 * @example
 * ```ts
 * import { defineBot } from "restanza";
 *
 * defineBot({
 *   name: "bouncer",
 *   summary: "keeps the peace",
 *   routes(bot) {
 *     bot.on("message:groupchat").hears(/\bbuy now\b/i, async (ctx) => {
 *       const room = ctx.bot.rooms.room(ctx.from);
 *       await room.kick(ctx.from, "No advertisements, please");
 *     });
 *   },
 * });
 * ```
 */
export class Room {
  readonly jid: Jid;
  readonly #asker: RoomAsker;
  readonly #rooms: RoomPresence;
  readonly #occupants: Occupants | undefined;

  /** @internal */
  constructor(jid: Jid, bot: Jid, sender: RoomSender, rooms: RoomPresence, occupants: Occupants | undefined) {
    this.jid = jid.bare;
    this.#asker = new RoomAsker(jid.bare, bot, sender);
    this.#rooms = rooms;
    this.#occupants = occupants;
  }

  /** The bot's nickname there; `undefined` where it is not in it. */
  get nick(): string | undefined {
    return this.#rooms.nick(this.jid);
  }

  /** The subject, as the room told it last; `undefined` where it has not, `""` where it has none. */
  get subject(): string | undefined {
    return this.#rooms.subject(this.jid);
  }

  /** Who is in it, the bot included, as far as that is known: see {@link Occupants}. */
  get occupants(): readonly KnownOccupant[] {
    return this.#occupants?.in(this.jid) ?? [];
  }

  /** Who is in it under a nickname. */
  occupant(nick: string): KnownOccupant | undefined {
    return this.#occupants?.get(this.jid.withResource(nick));
  }

  /** Throws somebody out (XEP-0045 §8.2), who may come back. @param who a nickname, or the occupant's address. */
  async kick(who: string | Jid, reason?: string): Promise<void> {
    const nick = nickIn(this.jid, who);
    await this.#change("kick", nick, { nick, role: "none", reason });
  }

  /**
   * Throws somebody out for good (§9.1).
   *
   * @param who an account, or an occupant's address where the bot sees whose it is.
   */
  async ban(who: Jid | string, reason?: string): Promise<void> {
    const jid = await accountOf("ban", who, this.#asker, this.#occupants);
    await this.#change("ban", String(jid), { jid, affiliation: "outcast", reason });
  }

  /** Lets somebody in again who was banned (§9.2). */
  async unban(who: Jid | string): Promise<void> {
    await this.affiliate(who, "none");
  }

  /** Lets a visitor speak (§8.3). */
  async grantVoice(who: string | Jid, reason?: string): Promise<void> {
    await this.setRole(who, "participant", reason);
  }

  /** Lets a participant listen only (§8.4), in a room that is moderated. */
  async revokeVoice(who: string | Jid, reason?: string): Promise<void> {
    await this.setRole(who, "visitor", reason);
  }

  /** Answers who has asked to speak, with what `message:voice-request` gives (§8.6). */
  async answerVoiceRequest(request: VoiceRequest, allow: boolean): Promise<void> {
    await this.#asker.say(
      "role",
      message({ to: this.jid, from: this.#asker.bot }, buildVoiceAnswer(request, allow)),
    );
  }

  /** Changes somebody's role for this visit (§8.3 to §9.7). @param who a nickname, or the occupant's address. */
  async setRole(who: string | Jid, role: Role, reason?: string): Promise<void> {
    const nick = nickIn(this.jid, who);
    await this.#change("role", nick, { nick, role, reason });
  }

  /** Changes what an account is to the room (§9, §10). @param who an account, or an occupant's address where the bot sees whose it is. */
  async affiliate(who: Jid | string, affiliation: Affiliation, reason?: string): Promise<void> {
    const jid = await accountOf("affiliate", who, this.#asker, this.#occupants);
    await this.#change("affiliate", String(jid), { jid, affiliation, reason });
  }

  /** Who has an affiliation: the members, admins, owners, or who is banned (`outcast`). */
  async affiliated(affiliation: Exclude<Affiliation, "none">): Promise<RoomEntry[]> {
    return await this.#asker.list({ affiliation });
  }

  /** Who has a role now, as the room tells moderators (§8.5, §9.7). */
  async withRole(role: Exclude<Role, "none">): Promise<RoomEntry[]> {
    return await this.#asker.list({ role });
  }

  /** Sets the subject (§8.1); `""` for none. */
  async setSubject(subject: string): Promise<void> {
    const said = message({ to: this.jid, from: this.#asker.bot, type: "groupchat", subject });
    await this.#asker.say("subject", said);
  }

  /**
   * Takes back what somebody has said (XEP-0425).
   *
   * @param id the one that the room gave the message, as reactions and replies name it: see `readStanzaId` of `restanza/xep`.
   */
  async moderate(id: string, reason?: string): Promise<void> {
    await this.#asker.ask("moderate", "set", buildModeration(id, reason), id);
  }

  /**
   * Takes back what the bot has said (XEP-0424).
   *
   * @param id that `send` returned, of one of the bot's last messages (see {@link Rooms.roomId}), or the one that the room gave the message.
   */
  async retract(id: string): Promise<void> {
    const { element } = retraction((await this.#rooms.roomId(this.jid, id)) ?? id);
    const to = this.jid.toString();
    const said = new Message(element.withAttrs({ to, from: this.#asker.bot.toString(), type: "groupchat" }));
    await this.#asker.say("retract", said, id);
  }

  /** Asks somebody in. @throws JidError where that is no address. */
  async invite(
    who: Jid | string,
    { reason, password, direct = false, continues }: RoomInviteOptions = {},
  ): Promise<void> {
    const to = Jid.parse(who);
    const asked = direct
      ? message(
          { to, from: this.#asker.bot },
          buildDirectInvitation(this.jid, { reason, password, continues }),
        )
      : message({ to: this.jid, from: this.#asker.bot }, buildMediatedInvitation(to, reason, continues));
    await this.#asker.say("invite", asked, String(to));
  }

  /** How it is configured, as its owners are told (§10.2). */
  async configuration(): Promise<Partial<RoomConfiguration>> {
    return readRoomConfiguration(await this.form());
  }

  /** The whole form of its configuration, with what is the service's own. */
  async form(): Promise<DataForm> {
    return await roomForm(this.#asker);
  }

  /**
   * Configures it (§10.2); what is not named stays as it is.
   *
   * @param others fields that are the service's own, by their names in the form.
   * @throws RoomError `feature-not-implemented` where its service does not know something of that, and then nothing is changed.
   */
  async configure(
    configuration: Partial<RoomConfiguration>,
    others: Readonly<Record<string, string | readonly string[]>> = {},
  ): Promise<void> {
    await configureRoom(this.#asker, configuration, others);
  }

  /** Ends it for everybody (§10.9). */
  async destroy(end: { readonly [Key in keyof RoomEnd]?: RoomEnd[Key] } = {}): Promise<void> {
    await this.#asker.ask("destroy", "set", buildRoomDestruction(end));
  }

  /** Leaves it. */
  async leave(status?: string): Promise<void> {
    await this.#rooms.leave(this.jid, status);
  }

  async #change(action: RoomAction, whom: string, change: RoomChange): Promise<void> {
    await this.#asker.ask(action, "set", buildRoomChanges(change), whom);
  }
}
