import type { Element } from "../../stanza/index.ts";
import { domainOf } from "./addresses.ts";
import { errorReply, isAnswerable } from "./answers.ts";

/** Where a stanza came from and where Prosody's direct answers to it go: a client, an HTTP request, a host. */
export interface Origin {
  /** Whether nothing that is sent to it arrives any more. */
  readonly isGone?: boolean;
  send(stanza: Element): void;
}

/** A domain of the server. */
export interface Host {
  readonly domain: string;
  /** Takes a stanza whose `to` is at this domain; returns false when nothing there wants it. */
  deliver(stanza: Element, origin: Origin): boolean;
}

/** Routing between the hosts of one server, as Prosody's `stanza_router` does it. */
export class Network {
  readonly #hosts = new Map<string, Host>();

  add(host: Host): void {
    if (this.#hosts.has(host.domain)) {
      throw new TypeError(`the double has two hosts named ${host.domain}; give each its own domain`);
    }
    this.#hosts.set(host.domain, host);
  }

  /** Puts a host in the place of that of its name, such as one that takes some of what comes and hands on the rest. */
  replace(host: Host): void {
    this.#hosts.set(host.domain, host);
  }

  get(domain: string): Host | undefined {
    return this.#hosts.get(domain);
  }

  /** Sends a stanza on its way. Without an origin, answers to it are routed to its sender's address. */
  route(stanza: Element, origin?: Origin): void {
    const to = stanza.attr("to");
    if (to === undefined) return;
    const host = this.#hosts.get(domainOf(to));
    const source = origin ?? this.routed();
    if (host === undefined) {
      // There are no other servers, and Prosody routes this error instead of handing it to the origin.
      if (isAnswerable(stanza)) {
        this.#routeError(
          errorReply(stanza, "cancel", "not-allowed", "Communication with remote domains is not enabled"),
        );
      }
      return;
    }
    if (!host.deliver(stanza, source) && isAnswerable(stanza)) {
      source.send(errorReply(stanza, "cancel", "service-unavailable"));
    }
  }

  /** An origin whose answers find their way by their address. */
  routed(): Origin {
    return { send: (stanza) => this.route(stanza) };
  }

  #routeError(error: Element): void {
    if (this.#hosts.has(domainOf(error.attr("to") ?? ""))) this.route(error);
  }
}
