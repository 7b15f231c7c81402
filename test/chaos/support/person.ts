import { client, type XmppClient } from "@xmpp/client";
import type { Account } from "./accounts.ts";

/** Somebody who says one number after another. */
export interface Speaker {
  readonly account: Account;
  say(): void;
}

/** A person with an ordinary client, which connects again whenever the connection breaks, and goes on. */
export class Person implements Speaker {
  readonly account: Account;
  readonly #xmpp: XmppClient;
  readonly #ledger: string;
  #speaking: NodeJS.Timeout | undefined;

  private constructor(xmpp: XmppClient, account: Account, ledger: string) {
    this.#xmpp = xmpp;
    this.account = account;
    this.#ledger = ledger;
  }

  /**
   * @param jid a bare JID.
   * @param account where to note what is said and received.
   * @param ledger whom to speak to.
   */
  static async connect(
    port: number,
    jid: string,
    password: string,
    account: Account,
    ledger: string,
  ): Promise<Person> {
    const [username = "", domain = ""] = jid.split("@");
    const xmpp = client({
      service: `xmpp://127.0.0.1:${port}`,
      domain,
      username,
      resource: "phone",
      // SCRAM costs a second of key derivation for every client.
      credentials: (authenticate) => authenticate({ username, password }, "PLAIN"),
    });
    xmpp.reconnect.delay = 100;
    // While the server is away there are many, each of them told by what does not arrive.
    xmpp.on("error", () => undefined);
    xmpp.on("online", () => void xmpp.write("<presence/>").catch(() => undefined));
    xmpp.on("stanza", (stanza) => {
      if (stanza.name !== "message" || String(stanza.attrs["from"]).split("/")[0] !== ledger) return;
      const body = stanza.getChildText("body") ?? undefined;
      account.receive({ type: stanza.attrs["type"], id: stanza.attrs["id"], body });
    });
    await xmpp.start();
    return new Person(xmpp, account, ledger);
  }

  get online(): boolean {
    return this.#xmpp.status === "online";
  }

  /** Says the next number, if there is a connection. */
  say(): void {
    if (!this.online) return;
    const number = this.account.said++;
    this.#xmpp
      .write(`<message to='${this.#ledger}' type='chat' id='${number}'><body>${number}</body></message>`)
      .catch(() => undefined);
  }

  /** Says a number every so many milliseconds. */
  speak(every: number): void {
    this.#speaking = setInterval(() => this.say(), every);
  }

  hush(): void {
    clearInterval(this.#speaking);
  }

  async stop(): Promise<void> {
    this.hush();
    this.#xmpp.reconnect.stop();
    await this.#xmpp.stop();
  }
}
