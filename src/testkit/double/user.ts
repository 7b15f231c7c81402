import { type BaseStanza, Element, readXml, type Stanza, writeXml } from "../../stanza/index.ts";
import type { Session } from "./session.ts";
import { viewOf } from "./view.ts";

/** What {@link ModRestUser.next} takes besides a predicate. */
export interface NextOptions {
  /** Give up when it aborts; without one, the wait has no end. */
  readonly signal?: AbortSignal | undefined;
}

/** Thrown when {@link ModRestUser.next} gave up. The message lists what has arrived in its stead. */
export class NothingArrivedError extends Error {
  override name = "NothingArrivedError";
}

interface Waiter {
  readonly wants: (stanza: Stanza) => boolean;
  readonly take: (stanza: Stanza) => void;
}

/** A person with a client that is connected to the double. */
export class ModRestUser {
  /** The full JID. */
  readonly jid: string;
  /** Everything that has arrived, oldest first, answered IQs included. */
  readonly stanzas: Stanza[] = [];
  readonly #accept: (stanza: Element) => void;
  readonly #close: () => void;
  readonly #listeners = new Set<(stanza: Stanza) => void>();
  readonly #waiters = new Set<Waiter>();
  #unseen: Stanza[] = [];

  /** @internal Made by {@link ModRestDouble.user}. */
  constructor(
    jid: string,
    bind: (receive: (stanza: Element) => void) => Session,
    accept: (session: Session, stanza: Element) => void,
    unbind: (session: Session) => void,
  ) {
    this.jid = jid;
    const session = bind((stanza) => this.#receive(stanza));
    this.#accept = (stanza) => accept(session, stanza);
    this.#close = () => unbind(session);
  }

  /**
   * Sends a stanza as this user; `from` is stamped by the server.
   *
   * @param stanza a stanza, an element, or XML.
   * @throws XmlReadError when XML is not well-formed.
   */
  send(stanza: BaseStanza | Element | string): void {
    if (typeof stanza === "string") this.#accept(readXml(stanza));
    else this.#accept(stanza instanceof Element ? stanza : stanza.element);
  }

  /**
   * The next stanza for which `wants` holds, be it here already or still to come. Each stanza is given out once;
   * those passed over stay for later calls.
   *
   * @example
   * ```ts
   * import { ModRestDouble } from "restanza/testkit";
   *
   * const prosody = await ModRestDouble.start({
   *   virtualHosts: [{ domain: "localhost", accounts: { alice: "secret" } }],
   * });
   * const alice = await prosody.user("alice@localhost/phone");
   * alice.send("<message to='alice@localhost/phone'><body>Note to self</body></message>");
   * const note = await alice.next((stanza) => stanza.kind === "message", { signal: AbortSignal.timeout(5_000) });
   * await prosody.stop();
   * ```
   * @throws {@link NothingArrivedError} when the signal aborts first; its message is a transcript of what did arrive.
   */
  next(wants: (stanza: Stanza) => boolean = () => true, { signal }: NextOptions = {}): Promise<Stanza> {
    const index = this.#unseen.findIndex(wants);
    if (index !== -1) return Promise.resolve(this.#unseen.splice(index, 1)[0] as Stanza);
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        wants,
        take: (stanza) => {
          this.#waiters.delete(waiter);
          signal?.removeEventListener("abort", giveUp);
          resolve(stanza);
        },
      };
      const giveUp = () => {
        this.#waiters.delete(waiter);
        reject(new NothingArrivedError(this.#transcript(), { cause: signal?.reason }));
      };
      if (signal?.aborted === true) {
        giveUp();
        return;
      }
      signal?.addEventListener("abort", giveUp, { once: true });
      this.#waiters.add(waiter);
    });
  }

  /** Calls `listener` with everything that arrives from now on; the result ends that. */
  listen(listener: (stanza: Stanza) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Disconnects; contacts and rooms see the user leave. */
  disconnect(): void {
    this.#close();
  }

  #receive(element: Element): void {
    const stanza = viewOf(element);
    this.stanzas.push(stanza);
    for (const listener of this.#listeners) listener(stanza);
    const waiter = [...this.#waiters].find(({ wants }) => wants(stanza));
    if (waiter === undefined) this.#unseen.push(stanza);
    else waiter.take(stanza);
  }

  #transcript(): string {
    const seen = this.stanzas.map(({ element }) => `  ${writeXml(element)}`);
    const all = seen.length === 0 ? "nothing at all" : `these ${seen.length}:\n${seen.join("\n")}`;
    return `${this.jid} waited for a stanza that did not come; what arrived was ${all}`;
  }
}
