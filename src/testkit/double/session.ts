import type { Element } from "../../stanza/index.ts";
import type { Origin } from "./network.ts";

/** A client that is bound to a full JID. */
export class Session implements Origin {
  readonly jid: string;
  readonly #receive: (stanza: Element) => void;
  /** The last presence it sent to everybody; `undefined` while it is not available. */
  presence: Element | undefined;
  /** Whether it has asked for the roster: only then does it hear of changes (RFC 6121 §2.2). */
  interested = false;
  /** Whether it wants copies of what the account's other clients send and get (XEP-0280). */
  wantsCarbons = false;
  isGone = false;
  /** Whom it showed its presence without a subscription. */
  readonly directed = new Set<string>();

  constructor(jid: string, receive: (stanza: Element) => void) {
    this.jid = jid;
    this.#receive = receive;
  }

  get priority(): number {
    const priority = Number(this.presence?.childText("priority") ?? 0);
    return Number.isInteger(priority) ? priority : 0;
  }

  send(stanza: Element): void {
    this.#receive(stanza);
  }
}
