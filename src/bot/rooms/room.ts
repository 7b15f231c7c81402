import { type Element, type Iq, iq, Jid, Message, message, StanzaError } from "../../stanza/index.ts";
import {
  type Affiliation,
  buildDirectInvitation,
  buildMediatedInvitation,
  buildModeration,
  buildRoomChanges,
  buildRoomConfiguration,
  buildRoomDestruction,
  buildRoomForm,
  buildRoomFormQuery,
  buildRoomListQuery,
  buildVoiceAnswer,
  type DataForm,
  NS_DATA,
  NS_MUC_OWNER,
  type Role,
  type RoomChange,
  type RoomConfiguration,
  type RoomEnd,
  type RoomEntry,
  readDataForm,
  readRoomConfiguration,
  readRoomList,
  roomConfigurationFields,
  type VoiceRequest,
} from "../../xep/index.ts";
import { retraction } from "../messages/content.ts";
import type { KnownOccupant, Occupants } from "./occupants.ts";
import { type RoomAction, RoomError } from "./room-error.ts";
import type { RoomSender } from "./room-sender.ts";
import type { Rooms } from "./rooms.ts";

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
  readonly #bot: Jid;
  readonly #sender: RoomSender;
  readonly #rooms: Rooms;
  readonly #occupants: Occupants | undefined;

  /** @internal */
  constructor(jid: Jid, bot: Jid, sender: RoomSender, rooms: Rooms, occupants: Occupants | undefined) {
    this.jid = jid.bare;
    this.#bot = bot;
    this.#sender = sender;
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
    const nick = this.#nickOf(who);
    await this.#change("kick", nick, { nick, role: "none", reason });
  }

  /**
   * Throws somebody out for good (§9.1).
   *
   * @param who an account, or an occupant's address where the bot sees whose it is.
   */
  async ban(who: Jid | string, reason?: string): Promise<void> {
    const jid = await this.#accountOf("ban", who);
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
    await this.#say("role", message({ to: this.jid, from: this.#bot }, buildVoiceAnswer(request, allow)));
  }

  /** Changes somebody's role for this visit (§8.3 to §9.7). @param who a nickname, or the occupant's address. */
  async setRole(who: string | Jid, role: Role, reason?: string): Promise<void> {
    const nick = this.#nickOf(who);
    await this.#change("role", nick, { nick, role, reason });
  }

  /** Changes what an account is to the room (§9, §10). @param who an account, or an occupant's address where the bot sees whose it is. */
  async affiliate(who: Jid | string, affiliation: Affiliation, reason?: string): Promise<void> {
    const jid = await this.#accountOf("affiliate", who);
    await this.#change("affiliate", String(jid), { jid, affiliation, reason });
  }

  /** Who has an affiliation: the members, admins, owners, or who is banned (`outcast`). */
  async affiliated(affiliation: Exclude<Affiliation, "none">): Promise<RoomEntry[]> {
    return await this.#list({ affiliation });
  }

  /** Who has a role now, as the room tells moderators (§8.5, §9.7). */
  async withRole(role: Exclude<Role, "none">): Promise<RoomEntry[]> {
    return await this.#list({ role });
  }

  /** Sets the subject (§8.1); `""` for none. */
  async setSubject(subject: string): Promise<void> {
    const said = message({ to: this.jid, from: this.#bot, type: "groupchat", subject });
    await this.#say("subject", said);
  }

  /**
   * Takes back what somebody has said (XEP-0425).
   *
   * @param id the one that the room gave the message, as reactions and replies name it: see `readStanzaId` of `restanza/xep`.
   */
  async moderate(id: string, reason?: string): Promise<void> {
    await this.#ask("moderate", "set", buildModeration(id, reason), id);
  }

  /**
   * Takes back what the bot has said (XEP-0424).
   *
   * @param id that `send` returned, of one of the bot's last messages (see {@link Rooms.roomId}), or the one that the room gave the message.
   */
  async retract(id: string): Promise<void> {
    const { element } = retraction(this.#rooms.roomId(this.jid, id) ?? id);
    const to = this.jid.toString();
    const said = new Message(element.withAttrs({ to, from: this.#bot.toString(), type: "groupchat" }));
    await this.#say("retract", said, id);
  }

  /** Asks somebody in. @throws JidError where that is no address. */
  async invite(
    who: Jid | string,
    { reason, password, direct = false }: RoomInviteOptions = {},
  ): Promise<void> {
    const to = Jid.parse(who);
    const asked = direct
      ? message({ to, from: this.#bot }, buildDirectInvitation(this.jid, { reason, password }))
      : message({ to: this.jid, from: this.#bot }, buildMediatedInvitation(to, reason));
    await this.#say("invite", asked, String(to));
  }

  /** How it is configured, as its owners are told (§10.2). */
  async configuration(): Promise<Partial<RoomConfiguration>> {
    return readRoomConfiguration(await this.form());
  }

  /** The whole form of its configuration, with what is the service's own. */
  async form(): Promise<DataForm> {
    const answer = await this.#ask("configure", "get", buildRoomFormQuery());
    const x = answer.payload?.is("query", NS_MUC_OWNER) ? answer.payload.child("x", NS_DATA) : undefined;
    if (x === undefined)
      throw new RoomError("configure", this.jid, new StanzaError("feature-not-implemented"));
    return readDataForm(x);
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
    const form = await this.form();
    const known = new Set(form.fields.map((field) => field.var));
    const wanted = [...roomConfigurationFields(configuration), ...Object.keys(others)];
    const unknown = wanted.filter((name) => !known.has(name) && !name.endsWith("passwordprotectedroom"));
    if (unknown.length > 0) {
      const text = `the form of this room has no ${unknown.join(", ")}`;
      throw new RoomError("configure", this.jid, new StanzaError("feature-not-implemented", { text }));
    }
    // Services differ in whether what is left out stays as it is, so all of it is handed in.
    const given = Object.fromEntries(
      form.fields.flatMap(({ var: name, type, values }) =>
        name === undefined || name === "FORM_TYPE" || type === "fixed" ? [] : [[name, values]],
      ),
    );
    const filled = buildRoomConfiguration(configuration, others);
    const said = Object.fromEntries(
      readDataForm(filled).fields.flatMap(({ var: name, values }) =>
        name === undefined || name === "FORM_TYPE" || !known.has(name) ? [] : [[name, values]],
      ),
    );
    await this.#ask("configure", "set", buildRoomForm(buildRoomConfiguration({}, { ...given, ...said })));
  }

  /** Ends it for everybody (§10.9). */
  async destroy(end: { readonly [Key in keyof RoomEnd]?: RoomEnd[Key] } = {}): Promise<void> {
    await this.#ask("destroy", "set", buildRoomDestruction(end));
  }

  /** Leaves it. */
  async leave(status?: string): Promise<void> {
    await this.#rooms.leave(this.jid, status);
  }

  #nickOf(who: string | Jid): string {
    if (typeof who === "string") return who;
    if (who.resource === undefined || !who.bare.equals(this.jid))
      throw new TypeError(
        `${who} is no occupant of ${this.jid}: give a nickname, or an address such as ctx.from`,
      );
    return who.resource;
  }

  async #accountOf(action: RoomAction, who: Jid | string): Promise<Jid> {
    const jid = Jid.parse(who);
    if (!jid.bare.equals(this.jid)) return jid.bare;
    const account = this.#occupants?.get(jid)?.jid ?? (await this.#lookUp(jid.resource));
    if (account !== undefined) return account.bare;
    const text = "the room does not tell the bot whose account that is";
    throw new RoomError(action, this.jid, new StanzaError("item-not-found", { text }), String(jid.resource));
  }

  /** Asks the room whose a nickname is: who has just come may not be known yet, or only to another node. */
  async #lookUp(nick: string | undefined): Promise<Jid | undefined> {
    for (const role of ["participant", "visitor", "moderator"] as const) {
      const found = (await this.withRole(role)).find((entry) => entry.nick === nick);
      if (found !== undefined) return found.jid;
    }
    return undefined;
  }

  async #change(action: RoomAction, whom: string, change: RoomChange): Promise<void> {
    await this.#ask(action, "set", buildRoomChanges(change), whom);
  }

  async #list(of: Parameters<typeof buildRoomListQuery>[0]): Promise<RoomEntry[]> {
    return readRoomList(await this.#ask("list", "get", buildRoomListQuery(of))) ?? [];
  }

  async #ask(action: RoomAction, type: "get" | "set", payload: Element, whom?: string): Promise<Iq> {
    return await this.#guard(action, whom, () =>
      this.#sender.iq(iq({ type, to: this.jid, from: this.#bot }, payload)),
    );
  }

  async #say(action: RoomAction, said: Message, whom?: string): Promise<void> {
    await this.#guard(action, whom, () => this.#sender.send(said));
  }

  async #guard<T>(action: RoomAction, whom: string | undefined, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StanzaError) throw new RoomError(action, this.jid, error, whom);
      throw error;
    }
  }
}
