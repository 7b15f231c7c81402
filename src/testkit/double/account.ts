import { type Element, el, NS_CLIENT } from "../../stanza/index.ts";
import { Archive } from "./archive.ts";
import { type Contact, NO_CONTACT, subscriptionOf } from "./roster.ts";
import type { Session } from "./session.ts";

const NS_ROSTER = "jabber:iq:roster";

/** An account of a VirtualHost: its password, its sessions, whom it knows, and what was said. */
export class Account {
  readonly jid: string;
  readonly password: string;
  readonly sessions = new Map<string, Session>();
  readonly archive = new Archive();
  readonly #contacts = new Map<string, Contact>();

  constructor(jid: string, password: string) {
    this.jid = jid;
    this.password = password;
  }

  get available(): Session[] {
    return [...this.sessions.values()].filter((session) => session.presence !== undefined);
  }

  get interested(): Session[] {
    return [...this.sessions.values()].filter((session) => session.interested);
  }

  /** Those who get what is sent to the bare JID: the available ones of the highest priority that is not negative. */
  get top(): Session[] {
    const candidates = this.available.filter((session) => session.priority >= 0);
    const highest = Math.max(...candidates.map((session) => session.priority));
    return candidates.filter((session) => session.priority === highest);
  }

  contact(jid: string): Contact {
    return this.#contacts.get(jid) ?? NO_CONTACT;
  }

  /** The bare JIDs of contacts for which `test` holds. */
  contacts(test: (contact: Contact) => boolean): string[] {
    return [...this.#contacts].filter(([, contact]) => test(contact)).map(([jid]) => jid);
  }

  /** Changes a contact and pushes what that changes in the roster to the interested sessions (RFC 6121 §2.1.6). */
  change(jid: string, contact: Contact): void {
    const before = this.contact(jid);
    this.#contacts.set(jid, contact);
    // What they ask for is no part of the roster until it is granted.
    if (subscriptionOf(before) === subscriptionOf(contact) && before.asked === contact.asked) return;
    for (const session of this.interested) {
      session.send(
        el(
          "iq",
          { xmlns: NS_CLIENT, type: "set", id: "roster-push", to: session.jid },
          el("query", { xmlns: NS_ROSTER }, this.#item(jid, contact)),
        ),
      );
    }
  }

  /** The roster as it stands (RFC 6121 §2.1.3), for a session that is interested from now on. */
  roster(session: Session | undefined): Element {
    if (session !== undefined) session.interested = true;
    return el(
      "query",
      { xmlns: NS_ROSTER },
      [...this.#contacts]
        .filter(([, contact]) => subscriptionOf(contact) !== "none" || contact.asked)
        .map(([jid, contact]) => this.#item(jid, contact)),
    );
  }

  #item(jid: string, contact: Contact): Element {
    return el("item", {
      jid,
      subscription: subscriptionOf(contact),
      ask: contact.asked ? "subscribe" : undefined,
    });
  }
}
