import type { FileToSend } from "../../outbound/index.ts";
import {
  type Element,
  type Iq,
  Jid,
  type LocalizedText,
  type Message,
  type NodeInit,
  type Presence,
  presence,
  type Stanza,
} from "../../stanza/index.ts";
import { buildJoin, NS_MUC_USER } from "../../xep/index.ts";
import { type AskOptions, Conversation, type SaidMessage, type Sending } from "./conversation.ts";
import type { TestbedError } from "./error.ts";
import type { Filled, MenuStep } from "./menu-step.ts";
import { Received } from "./received.ts";
import { Replies } from "./replies.ts";
import { ROOMS, type Site } from "./site.ts";
import { type IqAnswerer, TestClient } from "./test-client.ts";
import type { TestRoom } from "./test-room.ts";
import { Unheard, type Wanted } from "./unheard.ts";

/** @internal What a person in a test knows of where they are. */
export interface Surroundings {
  readonly site: Site;
  /** Resolves when every handler is through. */
  through(): Promise<void>;
  /** The bot of a name; without one, the only bot. */
  bot(name?: string): Jid;
  room(name: string | TestRoom): TestRoom;
  /** Whether a bot is in a room. */
  hasBot(room: TestRoom): boolean;
}

/** A person with a client. What they say goes to the bot, in a chat; `in` and `to` say it elsewhere. */
export class TestUser {
  readonly name: string;
  readonly #around: Surroundings;
  readonly #client: TestClient;
  readonly #unheard = new Unheard();
  #said = 0;

  /** @internal */
  constructor(name: string, around: Surroundings) {
    this.name = name;
    this.#around = around;
    this.#client = new TestClient(name, around.site, (stanza) => this.#receive(stanza));
    this.#client.begin();
  }

  /** Sends a stanza, an element or XML as it is, and waits for nothing: for what the other calls have no words for. */
  send(stanza: Stanza | Element | string): void {
    this.#client.sendRaw(stanza);
  }

  /** Calls `listener` with everything that arrives from now on; the result ends that. */
  listen(listener: (stanza: Stanza) => void): () => void {
    return this.#client.listen(listener);
  }

  /** The bare address. */
  get jid(): Jid {
    return Jid.parse(this.#client.jid).bare;
  }

  /** Their side of a chat with a bot, by name or address, or with an occupant of a room. */
  to(bot: string | Jid): Conversation {
    const jid = typeof bot === "string" ? (bot.includes("@") ? Jid.parse(bot) : this.#around.bot(bot)) : bot;
    return new Conversation(jid, "chat", this.#sending(undefined));
  }

  /** Their side of the conversation in a room, which they join when they say something first. */
  in(room: TestRoom | string): Conversation {
    const known = this.#around.room(room);
    return new Conversation(known.jid, "groupchat", this.#sending(known));
  }

  /** Says something to the bot. @returns when the handler is through, what came back. */
  async says(body: LocalizedText, ...payload: NodeInit[]): Promise<Replies> {
    return await this.#chat().says(body, ...payload);
  }

  /** Corrects what they said (XEP-0308). */
  async edits(said: SaidMessage, body: string): Promise<Replies> {
    return await this.#chat().edits(said, body);
  }

  /** Tells all reactions to a message at once (XEP-0444); with none, takes them back. */
  async reacts(to: SaidMessage, ...emojis: string[]): Promise<Replies> {
    return await this.#chat().reacts(to, ...emojis);
  }

  /** Answers a certain message (XEP-0461). */
  async replies(to: SaidMessage, body: string): Promise<Replies> {
    return await this.#chat().replies(to, body);
  }

  /** Takes back what they said (XEP-0424). */
  async retracts(said: SaidMessage): Promise<Replies> {
    return await this.#chat().retracts(said);
  }

  /** Uploads a file, and shares it (XEP-0363, XEP-0447). */
  async shares(file: FileToSend): Promise<Replies> {
    return await this.#chat().shares(file);
  }

  /** Submits a form (XEP-0004). */
  async submits(fields: Readonly<Record<string, string | readonly string[]>>): Promise<Replies> {
    return await this.#chat().submits(fields);
  }

  /** Sends any message or presence, to the bot unless it has an address. */
  async sends(stanza: Message | Presence): Promise<Replies> {
    return await this.#chat().sends(stanza);
  }

  /** Asks to see whether the bot is there. */
  async subscribes(): Promise<Replies> {
    return await this.#chat().subscribes();
  }

  /** Asks the bot by IQ. @returns the result. @throws StanzaError when the answer is an error. */
  async asks(payload: Element, options?: AskOptions): Promise<Iq> {
    return await this.#chat().asks(payload, options);
  }

  /** The commands that the bot has in its menu for them (XEP-0050), by name, with what is said of each. */
  async menu(): Promise<ReadonlyMap<string, string>> {
    return await this.#chat().menu();
  }

  /** Runs a command from the menu. @param filled what is filled into its form. @throws StanzaError when it is refused. */
  async runs(command: string, filled?: Filled): Promise<MenuStep> {
    return await this.#chat().runs(command, filled);
  }

  /** Has their client say that it has features (XEP-0030), such as that of a XEP; default: none but that it says so. */
  has(...features: string[]): void {
    this.#client.addFeatures(features);
  }

  /** Answers what bots ask of this person by IQ with a payload of this namespace. Default: `service-unavailable`. */
  answers(namespace: string, answer: IqAnswerer): void {
    this.#client.answer(namespace, answer);
  }

  /** Joins a room, or takes another nickname in it. @param nick default: their name. */
  async joins(room: TestRoom | string, nick: string = this.name): Promise<void> {
    const { jid, nickOf } = roomOf(this.#around.room(room));
    const isIn = nickOf(this.#client.jid) !== undefined;
    this.#client.send(presence({ to: jid.withResource(nick) }, isIn ? undefined : buildJoin()));
    await this.#around.through();
    if (nickOf(this.#client.jid) !== nick)
      throw this.#fail(
        `${this.name} could not be ${nick} in ${jid.local}: the nickname is taken, or they are banned`,
      );
  }

  /** Leaves a room. */
  async leaves(room: TestRoom | string): Promise<void> {
    const { jid, nickOf } = roomOf(this.#around.room(room));
    const nick = nickOf(this.#client.jid);
    if (nick === undefined) throw this.#fail(`${this.name} is not in ${jid.local}`);
    this.#client.send(presence({ to: jid.withResource(nick), type: "unavailable" }));
    await this.#around.through();
  }

  /**
   * Expects that a message has come, or comes while handlers are still at work, besides the replies that their own calls returned:
   * a reminder, what others said in a room. Each is heard once.
   *
   * @param wanted the whole words, a pattern that they match, or a test.
   * @throws TestbedError when it does not come, with the transcript.
   */
  async hears(wanted: Wanted = () => true): Promise<Received> {
    await this.#around.site.activity.settled();
    const found = this.#unheard.take(wanted);
    if (found !== undefined) return found;
    await this.#around.through();
    const late = this.#unheard.take(wanted);
    if (late !== undefined) return late;
    const what = typeof wanted === "function" ? "such a message" : String(wanted);
    throw this.#fail(
      `${this.name} did not hear ${what}, but ${this.#unheard.words.join(", ") || "nothing"}; what a call returned as replies is not heard again`,
    );
  }

  /** Expects that nothing has come which was not heard. @throws TestbedError when something has. */
  async hearsNothing(): Promise<void> {
    await this.#around.through();
    const { words } = this.#unheard;
    if (words.length > 0)
      throw this.#fail(`${this.name} should have heard nothing, and heard ${words.join(", ")}`);
  }

  #chat(): Conversation {
    return new Conversation(this.#around.bot(), "chat", this.#sending(undefined));
  }

  #sending(room: TestRoom | undefined): Sending {
    return {
      check: async () => {
        if (this.#around.site.away)
          throw this.#fail(
            `${this.name} can say nothing while Prosody is away: call bed.prosodyBack() first`,
          );
        if (room === undefined) return;
        if (!this.#around.hasBot(room))
          throw this.#fail(
            `no bot is in ${room.name}: it was kicked, left, or never joined; let it join, or name it in the bots of bed.room()`,
          );
        if (room.nickOf(this.#client.jid) === undefined) await this.joins(room);
      },
      id: () => {
        this.#said += 1;
        return `${this.name}-${this.#said}`;
      },
      send: (stanza) => this.#exchange(stanza),
      upload: (file) => this.#around.site.files.upload(file),
      ask: (request) => this.#ask(request),
      fail: (what) => this.#fail(`${this.name}: ${what}`),
    };
  }

  async #exchange(stanza: Message | Presence): Promise<Replies> {
    const replies = this.#unheard.from(stanza.to?.bare);
    this.#client.send(stanza);
    await this.#around.through();
    return new Replies(stanza, replies(), (what) => this.#fail(`${this.name}: ${what}`));
  }

  async #ask(request: Iq): Promise<Iq> {
    const answer = await this.#client.ask(request, () => this.#around.through());
    if (answer === undefined) throw this.#fail(`${this.name} got no answer to an IQ`);
    if (answer.error) throw answer.error;
    return answer;
  }

  #receive(stanza: Message | Presence): void {
    if (isFromRoom(stanza) && (stanza.kind === "presence" || this.#isOwn(stanza) || isOfRoom(stanza))) {
      if (stanza.type !== "error") return;
    }
    const received = new Received(stanza.element);
    if (received.isNews && !this.#isOwnPresence(stanza)) this.#unheard.add(received);
  }

  #isOwn(stanza: Stanza): boolean {
    const { from } = stanza;
    return (
      from?.resource !== undefined &&
      this.#around.room(from.local ?? "").nickOf(this.#client.jid) === from.resource
    );
  }

  #isOwnPresence(stanza: Stanza): boolean {
    return stanza.kind === "presence" && stanza.from?.bare.equals(this.jid) === true;
  }

  #fail(what: string): TestbedError {
    return this.#around.site.error(what);
  }
}

function isFromRoom({ from }: Stanza): boolean {
  return from?.domain === ROOMS;
}

function roomOf(room: TestRoom): { readonly jid: Jid; readonly nickOf: (jid: string) => string | undefined } {
  return { jid: room.jid, nickOf: (jid) => room.nickOf(jid) };
}

/** Whether a message tells of the room itself, such as its subject or its configuration, rather than of somebody in it. */
function isOfRoom(message: Message): boolean {
  return (
    message.body === undefined &&
    (message.subject !== undefined || message.child("x", NS_MUC_USER) !== undefined)
  );
}
