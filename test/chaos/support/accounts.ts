import { type Message, readStanza } from "../../../src/stanza/index.ts";
import type { Passed } from "./tap.ts";

/** What is known of what one person said to the ledger, each by its number. */
export class Account {
  /** How many the person has said: 0 to this, exclusive. */
  said = 0;
  /** Those that restanza has acknowledged: a whole answer 200, 202 or 204 left it, with a confirmation or empty. */
  readonly acknowledged = new Set<number>();
  /** How often one came again that had been acknowledged already, and was acknowledged again. */
  repeated = 0;
  /** Those that were answered with an error or an apology, by restanza or in its place. */
  readonly refused = new Set<number>();
  /**
   * Those whose confirmation Prosody has got, from the outbox with a whole 2xx or in the answer to the callback, in this
   * order, repetitions included.
   */
  readonly taken: number[] = [];
  /** Those whose confirmation the person has seen, in this order, repetitions included. */
  readonly seen: number[] = [];

  #answered = -1;

  /** How many were said after the latest one that was answered. */
  get ahead(): number {
    return this.said - 1 - this.#answered;
  }

  /** Notes what the person receives. */
  receive({ type, id, body }: Pick<Message, "id" | "body"> & { readonly type: string | undefined }): void {
    const number = type === "error" ? Number(id) : noted(body);
    if (number === undefined) return;
    if (type === "error") this.refused.add(number);
    else this.seen.push(number);
    this.#answered = Math.max(this.#answered, number);
  }
}

/** Accounts of what people have said, by their bare JID, and of what taps have seen of it. */
export class Accounts implements Iterable<readonly [string, Account]> {
  readonly ledger: string;
  readonly #accounts = new Map<string, Account>();

  /** @param ledger the address of the bot to whom they speak. */
  constructor(ledger: string) {
    this.ledger = ledger;
  }

  of(person: string): Account {
    const account = this.#accounts.get(person) ?? new Account();
    this.#accounts.set(person, account);
    return account;
  }

  [Symbol.iterator](): Iterator<readonly [string, Account]> {
    return this.#accounts.entries();
  }

  /** How many have been said in all. */
  get said(): number {
    return [...this.#accounts.values()].reduce((sum, { said }) => sum + said, 0);
  }

  /** How many have been acknowledged in all. */
  get acknowledged(): number {
    return [...this.#accounts.values()].reduce((sum, { acknowledged }) => sum + acknowledged.size, 0);
  }

  /** How many were acknowledged whose confirmation Prosody has not got yet. */
  get pending(): number {
    return [...this.#accounts.values()].reduce((sum, { acknowledged, taken }) => {
      return sum + acknowledged.size - new Set(taken.filter((number) => acknowledged.has(number))).size;
    }, 0);
  }

  /** Notes what restanza answered to a callback. */
  readonly callback = ({ body, status, answer }: Passed): void => {
    const said = message(body);
    if (said?.from === undefined || said.body === undefined) return;
    if (said.to?.bare.toString() !== this.ledger) return;
    const account = this.of(said.from.bare.toString());
    const number = Number(said.body);
    const confirmed = noted(message(answer)?.body);
    // With 503 our module keeps it, and brings it again.
    if (status === 503) return;
    if (status > 204 || (answer !== "" && confirmed === undefined)) {
      account.refused.add(number);
      return;
    }
    if (confirmed !== undefined) account.taken.push(confirmed);
    if (account.acknowledged.has(number)) account.repeated += 1;
    account.acknowledged.add(number);
  };

  /** Notes what Prosody answered to a POST of restanza's. */
  readonly post = ({ body, status }: Passed): void => {
    const sent = message(body);
    const number = noted(sent?.body);
    if (status >= 200 && status < 300 && sent?.to !== undefined && number !== undefined)
      this.of(sent.to.bare.toString()).taken.push(number);
  };
}

/** The number that a confirmation of the ledger confirms. */
function noted(body: string | undefined): number | undefined {
  const number = /^noted (\d+)$/.exec(body ?? "")?.[1];
  return number === undefined ? undefined : Number(number);
}

function message(xml: string): Message | undefined {
  if (xml === "") return undefined;
  const stanza = readStanza(xml);
  return stanza.kind === "message" ? stanza : undefined;
}
