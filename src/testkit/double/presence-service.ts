import { type Element, el, NS_CLIENT } from "../../stanza/index.ts";
import type { Account } from "./account.ts";
import { bareOf, domainOf } from "./addresses.ts";
import { errorReply } from "./answers.ts";
import { CapsQuestions } from "./caps-questions.ts";
import type { Network, Origin } from "./network.ts";
import { afterReceiving, afterSending, isSubscriptionType, type SubscriptionType } from "./roster.ts";
import type { Session } from "./session.ts";

/** Presence of accounts (RFC 6121 §3 and §4): broadcast, directed, subscriptions and probes. */
export class PresenceService {
  readonly #network: Network;
  readonly #questions = new CapsQuestions();

  constructor(network: Network) {
    this.#network = network;
  }

  /** Takes presence from a client; returns false when it only has to be routed on. */
  send(account: Account, session: Session, stanza: Element): boolean {
    const to = stanza.attr("to");
    const type = stanza.attr("type");
    if (to === undefined) {
      if (type === undefined || type === "unavailable") this.#broadcast(account, session, stanza);
      else session.send(errorReply(stanza, "modify", "bad-request", "Invalid presence type"));
      return true;
    }
    if (isSubscriptionType(type)) {
      this.#sendSubscription(account, bareOf(to), type, session, stanza);
      return true;
    }
    if (type === undefined) session.directed.add(to);
    else if (type !== "probe") session.directed.delete(to);
    return false;
  }

  /** Takes presence for an account. */
  receive(account: Account, stanza: Element, origin: Origin): void {
    const type = stanza.attr("type");
    const from = bareOf(stanza.attr("from") ?? "");
    if (type === "probe") {
      this.#probed(account, stanza.attr("from") ?? "", origin);
    } else if (isSubscriptionType(type)) {
      this.#receiveSubscription(account, from, stanza, type);
    } else {
      const to = stanza.attr("to") ?? "";
      const isShown = type === undefined && to === account.jid && account.contact(from).from;
      const question = isShown ? this.#questions.about(stanza) : undefined;
      if (question !== undefined) origin.send(question);
      const recipients = to.includes("/") ? [account.sessions.get(to)] : account.available;
      for (const session of recipients) session?.send(stanza);
    }
  }

  /** Takes an answer for an account. */
  answered(result: Element): void {
    this.#questions.learn(result);
  }

  /** Takes presence for the domain, which is everybody's friend. */
  toHost(stanza: Element): void {
    const type = stanza.attr("type");
    const answer = { from: domainOf(stanza.attr("to") ?? ""), to: bareOf(stanza.attr("from") ?? "") };
    if (type === "subscribe") this.#network.route(presence(answer.from, answer.to, "subscribed"));
    if (type === "subscribe" || type === "probe") this.#network.route(presence(answer.from, answer.to));
  }

  /** The session ends. */
  leave(account: Account, session: Session): void {
    if (session.presence === undefined && session.directed.size === 0) return;
    const unavailable = presence(session.jid, undefined, "unavailable");
    this.#broadcast(account, session, unavailable);
  }

  #broadcast(account: Account, session: Session, stanza: Element): void {
    const gone = stanza.attr("type") === "unavailable";
    const initial = session.presence === undefined && !gone;
    session.presence = gone ? undefined : stanza;
    for (const other of account.available) {
      other.send(stanza.withAttrs({ to: other.jid }));
      if (initial && other !== session)
        session.send((other.presence as Element).withAttrs({ to: session.jid }));
    }
    const audience = new Set(account.contacts((contact) => contact.from));
    if (gone) {
      for (const jid of session.directed) audience.add(jid);
      session.directed.clear();
    }
    for (const jid of audience) this.#network.route(stanza.withAttrs({ to: jid }), session);
    if (!gone) session.presence = stanza.append(delayed(domainOf(session.jid)));
    if (!initial) return;
    for (const jid of account.contacts((contact) => contact.to)) {
      this.#network.route(presence(session.jid, jid, "probe"), session);
    }
    for (const jid of account.contacts((contact) => contact.asked)) {
      this.#network.route(presence(account.jid, jid, "subscribe"), session);
    }
    for (const jid of account.contacts((contact) => contact.pending)) {
      session.send(presence(jid, account.jid, "subscribe"));
    }
  }

  #sendSubscription(
    account: Account,
    to: string,
    type: SubscriptionType,
    origin: Origin,
    stanza: Element = presence(account.jid, to, type),
  ): void {
    const before = account.contact(to);
    const after = afterSending(before, type);
    account.change(to, after);
    const isVain =
      (type === "subscribed" && !after.from) || (type === "unsubscribed" && !before.from && !before.pending);
    if (isVain) return;
    this.#network.route(stanza.withAttrs({ from: account.jid, to }), origin);
    if (type === "subscribed") {
      this.#showAvailable(account, to, origin);
      if (after.to) this.#network.route(presence(account.jid, to, "probe"), origin);
    }
    if (type !== "unsubscribed" || !before.from) return;
    for (const { jid } of account.available) this.#network.route(presence(jid, to, "unavailable"), origin);
  }

  #receiveSubscription(account: Account, from: string, stanza: Element, type: SubscriptionType): void {
    const before = account.contact(from);
    if (type === "subscribe" && before.from) {
      // Prosody shows the presence with its approval, and then once more.
      this.#sendSubscription(account, from, "subscribed", this.#network.routed());
      this.#show(account, from, this.#network.routed());
      return;
    }
    const after = afterReceiving(before, type);
    if (type === "subscribe") this.#network.route(presence(account.jid, from, "unavailable"));
    if (sameContact(before, after)) return;
    const recipients = type === "subscribe" ? account.available : account.interested;
    for (const session of recipients) session.send(stanza.withAttrs({ to: account.jid }));
    account.change(from, after);
  }

  #probed(account: Account, from: string, origin: Origin): void {
    if (account.contact(bareOf(from)).from) this.#show(account, from, origin);
    else this.#sendSubscription(account, bareOf(from), "unsubscribed", origin);
  }

  #show(account: Account, to: string, origin: Origin): void {
    const shown = this.#showAvailable(account, to, origin);
    if (!shown) this.#network.route(presence(account.jid, to, "unavailable"));
  }

  #showAvailable(account: Account, to: string, origin: Origin): boolean {
    const shown = account.available.flatMap((session) => session.presence ?? []);
    for (const available of shown) this.#network.route(available.withAttrs({ to }), origin);
    return shown.length > 0;
  }
}

function presence(from: string, to: string | undefined, type?: string): Element {
  return el("presence", { xmlns: NS_CLIENT, from, to, type });
}

function sameContact(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** When a presence that is shown later was sent (XEP-0203). */
function delayed(from: string): Element {
  return el("delay", { xmlns: "urn:xmpp:delay", from, stamp: new Date().toISOString() });
}
