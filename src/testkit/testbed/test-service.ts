import {
  type Element,
  el,
  errorReply,
  type Iq,
  Jid,
  Message,
  type Stanza,
  StanzaError,
  toStanza,
} from "../../stanza/index.ts";
import type { Host, Origin } from "../double/network.ts";
import { PEOPLE, type Site } from "./site.ts";

/** What a {@link TestService} answers: the payload of the result, and messages that come before it, as an archive's do. */
export type ServiceAnswer =
  | Element
  | undefined
  | { readonly messages: readonly Message[]; readonly payload: Element | undefined };

/**
 * A service beside the bots, such as one for publish-subscribe, or the server of the people itself: it answers what the test says, and
 * tells bots things.
 */
export class TestService {
  /** Its address. */
  readonly jid: Jid;
  /** What it was asked so far. */
  readonly asked: Iq[] = [];
  readonly #site: Site;
  readonly #through: () => Promise<void>;
  readonly #answers = new Map<string, (request: Iq) => ServiceAnswer>();

  /** @internal */
  constructor(domain: string, site: Site, through: () => Promise<void>) {
    this.jid = Jid.of(undefined, domain);
    this.#site = site;
    this.#through = through;
    const server = domain === PEOPLE ? site.people : undefined;
    const host: Host = { domain, deliver: (stanza, origin) => this.#deliver(stanza, origin, server) };
    if (server === undefined) site.network.add(host);
    else site.network.replace(host);
  }

  /**
   * Answers what bots ask by IQ with a payload of this namespace. Default: `service-unavailable`; the server of the people
   * answers what it answers without a word of yours.
   *
   * @param answer throws a `StanzaError` to answer with one.
   */
  answers(namespace: string, answer: (request: Iq) => ServiceAnswer): void {
    this.#answers.set(namespace, answer);
  }

  /** Sends a message to a bot, such as what has happened at a node; resolves when all that follows from it has happened. */
  async tells(bot: string | Jid, content: Message | Element): Promise<void> {
    const element =
      content instanceof Message ? content.element : el("message", { type: "headline" }, content);
    const message = element.withAttrs({ from: this.jid.toString(), to: String(bot) });
    this.#site.activity.note();
    this.#site.transcript.add(message);
    this.#site.network.route(message);
    await this.#through();
  }

  #deliver(element: Element, origin: Origin, server: Host | undefined): boolean {
    const request = toStanza(element);
    if (server !== undefined && !this.#isForServer(request)) return server.deliver(element, origin);
    if (request.kind !== "iq" || (request.type !== "get" && request.type !== "set")) return true;
    this.#site.activity.note();
    this.asked.push(request);
    const from = this.jid.toString();
    const to = request.from?.toString();
    const result = el("iq", { type: "result", id: request.id, from, to });
    try {
      const answer = this.#answer(request);
      const { messages, payload } =
        answer !== undefined && "messages" in answer ? answer : { messages: [], payload: answer };
      for (const message of messages) origin.send(message.element.withAttrs({ from, to }));
      origin.send(result.append(payload));
    } catch (error) {
      if (!(error instanceof StanzaError)) throw error;
      origin.send(errorReply(request, error).element.withAttrs({ from, to }));
    }
    return true;
  }

  /** Whether the server itself is asked for what the test answers, and not somebody who has an account there. */
  #isForServer(stanza: Stanza): boolean {
    if (stanza.kind !== "iq" || (stanza.type !== "get" && stanza.type !== "set")) return false;
    return stanza.to?.equals(this.jid) === true && this.#answers.has(stanza.payload?.ns ?? "");
  }

  #answer(request: Iq): ServiceAnswer {
    const namespace = request.payload?.ns ?? "";
    const answer = this.#answers.get(namespace);
    if (answer !== undefined) return answer(request);
    const text = `${this.jid} does not answer ${namespace}; tell the test how: service.answers(…)`;
    throw new StanzaError("service-unavailable", { text });
  }
}
