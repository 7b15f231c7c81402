import { client, type XmppClient } from "@xmpp/client";
import type { Account, Accounts } from "./accounts.ts";
import { LEDGER, PASSWORD } from "./installation.ts";

/** Somebody who says one number after another. */
export interface Speaker {
  readonly account: Account;
  say(): void;
}

/** A person with an ordinary client, which connects again whenever the connection breaks, and goes on. */
export class Person implements Speaker {
  readonly account: Account;
  readonly #xmpp: XmppClient;

  private constructor(xmpp: XmppClient, account: Account) {
    this.#xmpp = xmpp;
    this.account = account;
  }

  /**
   * @param jid a bare JID.
   * @param account where to note what is said and received.
   */
  static async connect(port: number, jid: string, account: Account): Promise<Person> {
    const [username = "", domain = ""] = jid.split("@");
    const xmpp = client({
      service: `xmpp://127.0.0.1:${port}`,
      domain,
      username,
      resource: "phone",
      // SCRAM costs a second of key derivation for every client.
      credentials: (authenticate) => authenticate({ username, password: PASSWORD }, "PLAIN"),
    });
    xmpp.reconnect.delay = 100;
    // While the server is away there are many, each of them told by what does not arrive.
    xmpp.on("error", () => undefined);
    xmpp.on("online", () => void xmpp.write("<presence/>").catch(() => undefined));
    xmpp.on("stanza", (stanza) => {
      if (stanza.name !== "message" || String(stanza.attrs["from"]).split("/")[0] !== LEDGER) return;
      const body = stanza.getChildText("body") ?? undefined;
      account.receive({ type: stanza.attrs["type"], id: stanza.attrs["id"], body });
    });
    await xmpp.start();
    return new Person(xmpp, account);
  }

  get online(): boolean {
    return this.#xmpp.status === "online";
  }

  /** Says the next number, if there is a connection. */
  say(): void {
    if (!this.online) return;
    const number = this.account.said++;
    this.#xmpp
      .write(`<message to='${LEDGER}' type='chat' id='${number}'><body>${number}</body></message>`)
      .catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.#xmpp.reconnect.stop();
    await this.#xmpp.stop();
  }
}

/** Connects them all, and disconnects them when the stack is disposed of. */
export async function connectAll(
  port: number,
  jids: readonly string[],
  accounts: Accounts,
  stack: AsyncDisposableStack,
): Promise<readonly Person[]> {
  const people: Person[] = [];
  for (const jid of jids) {
    const person = await Person.connect(port, jid, accounts.of(jid));
    stack.defer(() => person.stop());
    people.push(person);
  }
  return people;
}
