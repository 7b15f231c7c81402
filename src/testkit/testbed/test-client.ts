import {
  type Element,
  errorReply,
  Iq,
  type Iq as IqStanza,
  iq,
  Jid,
  type Stanza,
  StanzaError,
} from "../../stanza/index.ts";
import { buildDiscoInfo, NS_DISCO_INFO } from "../../xep/index.ts";
import { ModRestUser } from "../double/user.ts";
import { BOTS, PEOPLE, type Site } from "./site.ts";

/** Answers a question, or has it answered with an empty result. */
export type IqAnswerer = (request: IqStanza) => Element | undefined;

/** The client of a person in a test: it sends, asks, answers what bots ask, and tells what else comes. */
export class TestClient {
  readonly #name: string;
  readonly #site: Site;
  readonly #user: ModRestUser;
  readonly #answerers = new Map<string, IqAnswerer>();
  readonly #features = new Set<string>();

  /** @param onReceived told of every message and presence. */
  constructor(name: string, site: Site, onReceived: (stanza: Exclude<Stanza, IqStanza>) => void) {
    this.#name = name;
    this.#site = site;
    const { people } = site;
    people.addAccount(name, "");
    const jid = Jid.of(name, PEOPLE).withResource("phone").toString();
    this.#user = new ModRestUser(
      jid,
      (receive) => people.bind(jid, receive),
      (session, stanza) => people.accept(session, stanza),
      (session) => people.unbind(session),
    );
    this.#user.listen((stanza) => {
      site.activity.note();
      if (stanza.type === "error" && stanza.from?.domain !== BOTS) site.transcript.add(stanza.element);
      if (stanza.kind === "iq") this.#take(stanza);
      else onReceived(stanza);
    });
  }

  /** Says that it is there. */
  begin(): void {
    // As clients do: without it they would not be told that a subscription was granted.
    this.#user.send("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>");
    this.#user.send("<presence/>");
  }

  /** The full JID. */
  get jid(): string {
    return this.#user.jid;
  }

  /** Has it say that it has features. */
  addFeatures(features: readonly string[]): void {
    for (const feature of features) this.#features.add(feature);
  }

  /** Has it answer what is asked with a payload of a namespace. */
  answer(namespace: string, answerer: IqAnswerer): void {
    this.#answerers.set(namespace, answerer);
  }

  /** Calls `listener` with everything that arrives; the result ends that. */
  listen(listener: (stanza: Stanza) => void): () => void {
    return this.#user.listen(listener);
  }

  /** Sends what nobody reads in the transcript. */
  sendRaw(stanza: Stanza | Element | string): void {
    this.#site.activity.note();
    this.#user.send(stanza);
  }

  send(stanza: Stanza): void {
    this.#site.transcript.add(stanza.element.withAttrs({ from: this.jid }));
    this.sendRaw(stanza);
  }

  /**
   * Sends a question.
   *
   * @param through resolves when the answer has to be there.
   * @returns the answer; `undefined` where there is none.
   */
  async ask(request: IqStanza, through: () => Promise<void>): Promise<IqStanza | undefined> {
    let answer: IqStanza | undefined;
    const stop = this.#user.listen((stanza) => {
      if (stanza.kind === "iq" && stanza.id === request.id && !isRequest(stanza)) answer ??= stanza;
    });
    this.send(request);
    await through();
    stop();
    return answer;
  }

  #take(stanza: IqStanza): void {
    if (isRequest(stanza) && stanza.payload?.ns !== "jabber:iq:roster")
      queueMicrotask(() => this.#answer(stanza));
  }

  #answer(request: IqStanza): void {
    const { from, id, payload } = request;
    const namespace = payload?.ns ?? "";
    const answerer = this.#answerers.get(namespace) ?? (namespace === NS_DISCO_INFO ? this.#info : undefined);
    if (answerer !== undefined) {
      this.send(iq({ to: from, id, type: "result" }, answerer(request)));
      return;
    }
    const text = `${this.#name} does not answer ${namespace}; tell the test how: ${this.#name}.answers(…)`;
    const refusal = errorReply(request, new StanzaError("service-unavailable", { text }));
    this.send(new Iq(refusal.element.withAttrs({ to: from?.toString() })));
  }

  readonly #info = (): Element =>
    buildDiscoInfo([{ category: "client", type: "phone" }], [NS_DISCO_INFO, ...this.#features]);
}

function isRequest({ type }: IqStanza): boolean {
  return type === "get" || type === "set";
}
