import { fileMessage } from "../../bot/index.ts";
import type { FileToSend } from "../../outbound/index.ts";
import {
  type Element,
  el,
  type Iq,
  iq,
  type Jid,
  type LocalizedText,
  Message,
  message,
  type NodeInit,
  type Presence,
  presence,
} from "../../stanza/index.ts";
import {
  buildChatState,
  buildCorrection,
  buildDiscoItemsQuery,
  buildReactions,
  buildReplyTo,
  buildRetraction,
  NS_COMMANDS,
  readDiscoItems,
  readReferenceId,
  type SharedFile,
} from "../../xep/index.ts";
import type { TestbedError } from "./error.ts";
import { type Filled, type Menu, MenuStep } from "./menu-step.ts";
import { Received } from "./received.ts";
import { Replies } from "./replies.ts";

/** A message in a test: what somebody said, what they got, or its id. */
export type SaidMessage = Replies | Received | string;

/** What can be said of a question. */
export interface AskOptions {
  /** Default `get`. */
  readonly type?: "get" | "set" | undefined;
}

/** @internal How a conversation sends. */
export interface Sending {
  /** Checks that it can be said there. */
  check(): Promise<void>;
  id(): string;
  send(stanza: Message | Presence): Promise<Replies>;
  upload(file: FileToSend): Promise<SharedFile>;
  ask(request: Iq): Promise<Iq>;
  fail(what: string): TestbedError;
}

/** A person's side of a conversation: with a bot, in a room, or with one occupant of it. */
export class Conversation {
  readonly #to: Jid;
  readonly #type: "chat" | "groupchat";
  readonly #sending: Sending;

  /** @internal */
  constructor(to: Jid, type: "chat" | "groupchat", sending: Sending) {
    this.#to = to;
    this.#type = type;
    this.#sending = sending;
  }

  /** Says something. @returns when the handler is through, what came back. */
  async says(body: LocalizedText, ...payload: NodeInit[]): Promise<Replies> {
    return await this.#send({ body }, ...payload);
  }

  /** Corrects what they said (XEP-0308). */
  async edits(said: SaidMessage, body: string): Promise<Replies> {
    return await this.#send({ body }, buildCorrection(idOfSent(said)));
  }

  /** Tells all reactions to a message at once (XEP-0444); with none, takes them back. */
  async reacts(to: SaidMessage, ...emojis: string[]): Promise<Replies> {
    return await this.#send({}, buildReactions({ to: idOfReceived(to), emojis }));
  }

  /** Answers a certain message (XEP-0461). */
  async replies(to: SaidMessage, body: string): Promise<Replies> {
    return await this.#send({ body }, buildReplyTo({ id: idOfReceived(to), jid: this.#to }));
  }

  /** Takes back what they said (XEP-0424). */
  async retracts(said: SaidMessage): Promise<Replies> {
    return await this.#send({}, buildRetraction(idOfSent(said)));
  }

  /** Uploads a file, and shares it (XEP-0363, XEP-0447). */
  async shares(file: FileToSend): Promise<Replies> {
    return await this.sends(
      new Message(fileMessage(await this.#sending.upload(file)).element.withAttrs({ type: this.#type })),
    );
  }

  /** Submits a form (XEP-0004). */
  async submits(fields: Readonly<Record<string, string | readonly string[]>>): Promise<Replies> {
    const filled = Object.entries(fields).map(([name, value]) =>
      el(
        "field",
        { var: name },
        [value].flat().map((each) => el("value", {}, each)),
      ),
    );
    return await this.#send({}, el("x", { xmlns: "jabber:x:data", type: "submit" }, filled));
  }

  /** Sends any message or presence; its address is that of this conversation unless it has one. */
  async sends(stanza: Message | Presence): Promise<Replies> {
    await this.#sending.check();
    const to = stanza.element.attr("to") ?? this.#to.toString();
    const id = stanza.id ?? this.#sending.id();
    const element = stanza.element.withAttrs({ to, id });
    return await this.#sending.send(
      new (stanza.constructor as new (element: Element) => Message | Presence)(element),
    );
  }

  /** Asks to see whether the bot is there. */
  async subscribes(): Promise<Replies> {
    await this.#sending.check();
    return await this.#sending.send(
      presence({ type: "subscribe", to: this.#to.bare, id: this.#sending.id() }),
    );
  }

  /** Asks by IQ. @returns the result. @throws StanzaError when the answer is an error. */
  async asks(payload: Element, { type = "get" }: AskOptions = {}): Promise<Iq> {
    await this.#sending.check();
    return await this.#sending.ask(iq({ type, to: this.#to, id: this.#sending.id() }, payload));
  }

  /** The commands that the bot has in its menu for them (XEP-0050), by name, with what is said of each. */
  async menu(): Promise<ReadonlyMap<string, string>> {
    const { payload } = await this.asks(buildDiscoItemsQuery(NS_COMMANDS));
    const items = payload === undefined ? [] : readDiscoItems(payload);
    return new Map(items.map(({ node = "", name = "" }) => [node, name]));
  }

  /**
   * Runs a command from the menu.
   *
   * @param filled what is filled into its form; without it, only the form is asked for.
   * @throws StanzaError when it is refused.
   */
  async runs(command: string, filled?: Filled): Promise<MenuStep> {
    const menu: Menu = {
      ask: async (payload) => (await this.asks(payload, { type: "set" })).payload,
      fail: (what) => this.#sending.fail(what),
    };
    return await MenuStep.begin(menu, command, filled);
  }

  async #send(init: { readonly body?: LocalizedText }, ...payload: NodeInit[]): Promise<Replies> {
    await this.#sending.check();
    const typing = init.body === undefined ? undefined : buildChatState("active");
    return await this.#sending.send(
      message({ ...init, to: this.#to, type: this.#type, id: this.#sending.id() }, typing, ...payload),
    );
  }
}

function idOfSent(said: SaidMessage): string {
  if (typeof said === "string") return said;
  return (said instanceof Received ? said.id : said.sent.id) ?? "";
}

function idOfReceived(received: SaidMessage): string {
  if (typeof received === "string") return received;
  const { stanza } = received instanceof Replies ? received.last : received;
  return (stanza.kind === "message" ? readReferenceId(stanza) : undefined) ?? stanza.id ?? "";
}
