import { type Element, NS_CLIENT } from "../../stanza/index.ts";
import { Account } from "./account.ts";
import { bareOf, eventOf, prepared } from "./addresses.ts";
import { errorReply } from "./answers.ts";
import { carbonsQuery, copyReceived, copySent } from "./carbons.ts";
import type { CallbackSide } from "./component.ts";
import { accountQuery, hostQuery } from "./host-queries.ts";
import { IqTracker } from "./iq-tracker.ts";
import type { Host, Network, Origin } from "./network.ts";
import { PresenceService } from "./presence-service.ts";
import { Session } from "./session.ts";

/** A VirtualHost: accounts, their sessions, and what the server itself answers for them. */
export class VirtualHost implements Host {
  readonly domain: string;
  readonly iqs = new IqTracker();
  readonly #accounts = new Map<string, Account>();
  readonly #network: Network;
  readonly #presence: PresenceService;
  readonly #callback: CallbackSide | undefined;

  constructor(
    domain: string,
    accounts: Readonly<Record<string, string>>,
    network: Network,
    callback: CallbackSide | undefined,
  ) {
    this.domain = domain;
    this.#network = network;
    this.#callback = callback;
    this.#presence = new PresenceService(network);
    for (const [localpart, password] of Object.entries(accounts)) this.addAccount(localpart, password);
  }

  /** @throws TypeError when the localpart cannot be one. */
  addAccount(localpart: string, password: string): void {
    const jid = prepared(`${localpart}@${this.domain}`);
    if (jid === undefined)
      throw new TypeError(`${JSON.stringify(localpart)} is no localpart, so it cannot name an account`);
    this.#accounts.set(jid, new Account(jid, password));
  }

  account(bare: string): Account | undefined {
    return this.#accounts.get(bare);
  }

  /** Binds a client to a full JID; one that had it before is cut off. */
  bind(jid: string, receive: (stanza: Element) => void): Session {
    const account = this.#accounts.get(bareOf(jid));
    if (account === undefined) {
      throw new TypeError(
        `${bareOf(jid)} has no account on the double; it has ${[...this.#accounts.keys()].join(", ") || "none"}`,
      );
    }
    const session = new Session(jid, receive);
    account.sessions.set(jid, session);
    return session;
  }

  /** Ends a session: whoever saw it as available is told that it is not any more. */
  unbind(session: Session): void {
    session.isGone = true;
    const account = this.#accounts.get(bareOf(session.jid));
    if (account?.sessions.get(session.jid) !== session) return;
    this.#presence.leave(account, session);
    account.sessions.delete(session.jid);
  }

  /** Takes a stanza from one of its clients. */
  accept(session: Session, sent: Element): void {
    const account = this.#accounts.get(bareOf(session.jid)) as Account;
    const stamped = sent.withAttrs({ from: session.jid, "xml:lang": sent.attr("xml:lang") ?? "en" });
    const to = prepared(sent.attr("to"));
    const refusal = refusalOf(stamped, to);
    if (refusal !== undefined) {
      session.send(refusal);
      return;
    }
    const stanza = stamped.withAttrs({ to });
    if (stanza.name === "message") {
      this.#remember(account, stanza);
      copySent(account, stanza, session);
    }
    if (stanza.name === "presence" && this.#presence.send(account, session, stanza)) return;
    this.#network.route(to === undefined ? stanza.withAttrs({ to: account.jid }) : stanza, session);
  }

  deliver(stanza: Element, origin: Origin): boolean {
    if (this.iqs.take(stanza)) return true;
    const to = stanza.attr("to") ?? this.domain;
    if (eventOf(to) === "host") return this.#deliverToHost(stanza, origin);
    const account = this.#accounts.get(bareOf(to));
    switch (stanza.name) {
      case "message":
        return this.#message(account, stanza, origin);
      case "presence":
        if (account !== undefined) this.#presence.receive(account, stanza, origin);
        return true;
      default:
        return this.#iq(account, stanza, origin);
    }
  }

  #deliverToHost(stanza: Element, origin: Origin): boolean {
    const type = stanza.attr("type");
    if (stanza.name === "iq" && (type === "get" || type === "set")) {
      const answer = hostQuery(stanza);
      if (answer !== undefined) {
        origin.send(answer);
        return true;
      }
    }
    if (stanza.name === "presence") {
      this.#presence.toHost(stanza);
      return true;
    }
    if (this.#callback?.wants(stanza) !== true) return false;
    this.#callback.handle(stanza, origin);
    return true;
  }

  #message(account: Account | undefined, stanza: Element, origin: Origin): boolean {
    const to = stanza.attr("to") ?? "";
    const type = stanza.attr("type");
    if (account !== undefined) {
      this.#remember(account, stanza);
      copyReceived(account, stanza);
    }
    const session = account?.sessions.get(to);
    if (session !== undefined) {
      session.send(stanza);
      return true;
    }
    if (type === "error") return true;
    const recipients =
      type === "groupchat" ? [] : type === "headline" ? this.#hearing(account) : (account?.top ?? []);
    for (const recipient of recipients) recipient.send(stanza);
    // For an account that is not there at the moment, the archive keeps the message.
    const kept = account !== undefined && type !== "groupchat";
    if (recipients.length === 0 && type !== "headline" && !kept) {
      origin.send(errorReply(stanza, "cancel", "service-unavailable"));
    }
    return true;
  }

  #hearing(account: Account | undefined): Session[] {
    return (account?.available ?? []).filter((session) => session.priority >= 0);
  }

  #iq(account: Account | undefined, stanza: Element, origin: Origin): boolean {
    const to = stanza.attr("to") ?? "";
    const type = stanza.attr("type");
    if (eventOf(to) === "full") {
      const session = account?.sessions.get(to);
      session?.send(stanza);
      return session !== undefined;
    }
    if (type !== "get" && type !== "set") {
      this.#presence.answered(stanza);
      return true;
    }
    const carbons = account && carbonsQuery(account, stanza);
    const answers = carbons === undefined ? account && accountQuery(account, stanza) : [carbons];
    for (const answer of answers ?? []) origin.send(answer);
    return answers !== undefined;
  }

  #remember(account: Account, stanza: Element): void {
    if (stanza.child("body", NS_CLIENT) !== undefined && stanza.attr("type") !== "groupchat") {
      account.archive.add(stanza);
    }
  }
}

/** The error that a client gets for a stanza which no server would pass on. */
function refusalOf(stanza: Element, to: string | undefined): Element | undefined {
  const problem = iqProblem(stanza);
  if (problem !== undefined) return errorReply(stanza, "modify", "bad-request", problem);
  const destination = stanza.attr("to");
  if (destination === undefined || to !== undefined) return undefined;
  const text = `The destination address is invalid: ${destination}`;
  return errorReply(stanza, "modify", "jid-malformed", text);
}

function iqProblem(stanza: Element): string | undefined {
  if (stanza.name !== "iq") return undefined;
  const type = stanza.attr("type");
  if (type !== "get" && type !== "set" && type !== "result" && type !== "error") return "Invalid IQ type";
  if (stanza.attr("id") === undefined) return "Missing required 'id' attribute";
  const request = type === "get" || type === "set";
  return request && stanza.elements.length !== 1 ? "Incorrect number of children for IQ stanza" : undefined;
}
