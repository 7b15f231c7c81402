import { randomUUID } from "node:crypto";
import { Element, Message, message } from "../../stanza/index.ts";
import { NS_DATA } from "../../xep/index.ts";
import type { Answering, Draft, Sent } from "../answering.ts";
import { buildReply, type Reply } from "../reply.ts";
import type { MenuCall } from "./call.ts";

/** How much of what a command says is a part of the answer; the rest goes in messages. */
const MOST_NOTES = 10;
const LONGEST_NOTES = 20_000;

/**
 * Takes what a command says while it works, for the answer to a step in a menu. What is more than words or a form, and what comes when the answer
 * has been given, goes to the person in messages.
 */
export class MenuAnswering implements Answering {
  readonly #notes: string[] = [];
  /** What the result shows. */
  form: Element | undefined;
  /** Whether something has gone in a message. */
  sent = false;
  readonly #own: Answering;
  readonly #call: MenuCall;
  readonly #request: Message;
  #length = 0;

  constructor(own: Answering, call: MenuCall, request: Message) {
    this.#own = own;
    this.#call = call;
    this.#request = request;
  }

  /** What was said. */
  get words(): readonly string[] {
    return this.#notes.filter((text) => text !== "");
  }

  get signal(): AbortSignal {
    return this.#own.signal;
  }

  reply(reply: Reply): Promise<void> {
    const replying = this.#reply(reply);
    // It need not be awaited; what cannot be sent is logged.
    replying.catch(() => undefined);
    return replying;
  }

  async #reply(reply: Reply): Promise<void> {
    if (reply === "" || this.#keep(reply)) return;
    const stanza = buildReply(this.#request, reply);
    if (stanza.kind === "iq") return;
    this.sent = true;
    await this.#own.send(stanza);
  }

  async send(stanza: Parameters<Answering["send"]>[0]): Promise<Sent> {
    this.sent = true;
    return await this.#own.send(stanza);
  }

  elsewhere(send: Parameters<Answering["elsewhere"]>[0]): Promise<Sent> {
    return this.#own.elsewhere(send);
  }

  answerOnceKept(reply: Reply): void {
    this.#own.answerOnceKept(reply);
  }

  /** A text that grows is a note that grows; where the answer is given before its end, it is said once more, whole. */
  draft(): Draft {
    if (!this.#call.isOpen) return this.#own.draft();
    const place = this.#notes.push("") - 1;
    const write = ({ body = "" }: Message): void => {
      this.#length += body.length - (this.#notes[place] ?? "").length;
      this.#notes[place] = body;
    };
    return {
      id: randomUUID(),
      begin: async (stanza) => {
        write(stanza);
        return true;
      },
      correct: async (stanza) => write(stanza),
      end: async (stanza) => {
        if (this.#call.isOpen) write(stanza);
        else await this.reply(stanza.body ?? "");
      },
    };
  }

  #keep(reply: Reply): boolean {
    if (!this.#call.isOpen) return false;
    const content = contentOf(reply);
    if (content === undefined) return false;
    const { text, form } = content;
    if (form !== undefined && this.form !== undefined) return false;
    if (text !== undefined) {
      if (this.#notes.length >= MOST_NOTES || this.#length + text.length > LONGEST_NOTES) return false;
      this.#notes.push(text);
      this.#length += text.length;
    }
    this.form ??= form;
    return true;
  }
}

interface Content {
  readonly text: string | undefined;
  readonly form: Element | undefined;
}

/** What of a reply fits into an answer; `undefined` where there is more to it. */
function contentOf(reply: Reply): Content | undefined {
  if (typeof reply === "string") return { text: reply, form: undefined };
  const said = reply instanceof Element ? message({}, reply) : reply;
  if (!(said instanceof Message) || said.to !== undefined || said.subject !== undefined) return undefined;
  const { elements } = said.element;
  const forms = elements.filter((each) => each.is("x", NS_DATA));
  const others = elements.filter((each) => !forms.includes(each) && !each.is("body", said.element.ns));
  if (others.length > 0 || forms.length > 1) return undefined;
  return { text: said.body, form: forms[0]?.withAttrs({ type: "result" }) };
}
