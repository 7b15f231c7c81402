import { type Element, writeXml } from "../../../src/stanza/index.ts";
import type { Layout } from "./layout.ts";
import { Inbox } from "./waiting.ts";

/** A client that is online: raw stanzas out and in. It answers pings, and any other request with an error. */
export class TestClient {
  readonly jid: string;
  readonly inbox = new Inbox<Element>((stanza) => writeXml(stanza));
  readonly #send: (xml: string) => void;
  readonly #close: () => Promise<void>;

  constructor(jid: string, send: (xml: string) => void, close: () => Promise<void>) {
    this.jid = jid;
    this.#send = send;
    this.#close = close;
  }

  get bare(): string {
    return this.jid.replace(/\/.*/s, "");
  }

  send(xml: string): void {
    this.#send(xml);
  }

  /** The next stanza from an address (or from anywhere below a bare one). */
  nextFrom(from: string, wants: (stanza: Element) => boolean = () => true): Promise<Element> {
    return this.inbox.next((stanza) => isFrom(stanza, from) && wants(stanza), `a stanza from ${from}`);
  }

  /** What has come from there by now. */
  drainFrom(from: string): Element[] {
    return this.inbox.drain((stanza) => isFrom(stanza, from));
  }

  stop(): Promise<void> {
    return this.#close();
  }
}

function isFrom(stanza: Element, from: string): boolean {
  const actual = stanza.attr("from") ?? "";
  return actual === from || actual.startsWith(`${from}/`);
}

/** One of the servers that the contract is held against. */
export interface ServerUnderTest {
  readonly name: string;
  readonly version: "13.0.1" | "13.0.7";
  /** Whether it is a Prosody, and not the double. */
  readonly isReal: boolean;
  /** Where its HTTP port is; the `Host` header chooses the host. */
  readonly httpPort: number;
  /** Connects an account; the resource is any, and the client available. */
  client(account: string): Promise<TestClient>;
  /** What it has logged, where it logs at all. */
  log(): string;
  stop(): Promise<void>;
}

/** Starts a server with the hosts of a layout. */
export type StartServer = (layout: Layout) => Promise<ServerUnderTest>;
