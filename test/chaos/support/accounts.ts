import assert from "node:assert/strict";
import { readStanza } from "../../../src/stanza/index.ts";
import type { Store } from "../../../src/store/index.ts";
import { readBook } from "./book.ts";
import type { Passed } from "./tap.ts";

/** What is known of what one person said to the ledger, each by its number. */
export class Account {
  /** How many the person has said: 0 to this, exclusive. */
  said = 0;
  /** Those that restanza has acknowledged: a whole answer 200, 202 or 204 left it, and no error was in it. */
  readonly acknowledged = new Set<number>();
  /** How often one came again that had been acknowledged already, and was acknowledged again. */
  repeated = 0;
  /** Those of which the person was told that they did not arrive. */
  readonly refused = new Set<number>();
  /** Those whose confirmation Prosody has taken from the outbox with a whole 2xx, in this order, repetitions included. */
  readonly taken: number[] = [];
  /** Those whose confirmation the person has seen, in this order, repetitions included. */
  readonly seen: number[] = [];

  /** Notes what the person receives. */
  receive(stanza: {
    readonly type: string | undefined;
    readonly id: string | undefined;
    readonly body: string | undefined;
  }): void {
    if (stanza.type === "error") this.refused.add(Number(stanza.id));
    else if (stanza.body !== undefined) this.seen.push(noted(stanza.body));
  }
}

/** The outcome of a run, added up over all persons; the first three have to be 0. */
export interface Verdict {
  /** Acknowledged, and not in the book, or in the book and its confirmation never handed to Prosody. */
  lost: number;
  /** In the book, or handed to Prosody, after one that was said later. */
  inverted: number;
  /** In the book more than once. */
  doubled: number;
  said: number;
  acknowledged: number;
  /** Acknowledged when they came again. */
  repeated: number;
  /** Said, and never acknowledged, nor was the person told: what Prosody itself has lost. */
  lostByProsody: number;
  refused: number;
  /** Confirmations that a person has seen more than once. */
  seenTwice: number;
  /** Confirmations that Prosody took, and the person has never seen. */
  notSeen: number;
}

/** Books about what was said, by bare JID. */
export class Accounts {
  readonly #ledger: string;
  readonly #accounts = new Map<string, Account>();

  constructor(ledger: string) {
    this.#ledger = ledger;
  }

  of(person: string): Account {
    const account = this.#accounts.get(person) ?? new Account();
    this.#accounts.set(person, account);
    return account;
  }

  /** How many have been said in all. */
  get said(): number {
    return [...this.#accounts.values()].reduce((sum, { said }) => sum + said, 0);
  }

  /** How many were acknowledged whose confirmation Prosody has not taken yet. */
  get pending(): number {
    return [...this.#accounts.values()].reduce(
      (sum, { acknowledged, taken }) => sum + without(acknowledged, new Set(taken)).length,
      0,
    );
  }

  /** Notes what restanza answered to a callback. */
  readonly callback = ({ body, status, answer }: Passed): void => {
    if (body === "" || ![200, 202, 204].includes(status) || /^<\w+[^>]* type=['"]error['"]/.test(answer))
      return;
    const { kind, from, ...stanza } = message(body);
    if (kind !== "message" || from === undefined || stanza.to !== this.#ledger || stanza.body === undefined)
      return;
    const account = this.of(from);
    const number = Number(stanza.body);
    if (account.acknowledged.has(number)) account.repeated += 1;
    account.acknowledged.add(number);
  };

  /** Notes what Prosody answered to a POST of restanza's. */
  readonly post = ({ body, status }: Passed): void => {
    if (body === "" || status < 200 || status > 299) return;
    const stanza = message(body);
    if (stanza.kind === "message" && stanza.to !== undefined && stanza.body !== undefined)
      this.of(stanza.to).taken.push(noted(stanza.body));
  };

  /** Compares what was acknowledged with the books, fails where a promise was broken, and tells the rest. */
  async settle(store: Store): Promise<Verdict> {
    const verdict: Verdict = {
      lost: 0,
      inverted: 0,
      doubled: 0,
      said: 0,
      acknowledged: 0,
      repeated: 0,
      lostByProsody: 0,
      refused: 0,
      seenTwice: 0,
      notSeen: 0,
    };
    for (const [person, account] of this.#accounts) {
      const book = (await readBook(store, this.#ledger, person)).map(Number);
      const effects = new Set(book);
      const taken = new Set(account.taken);
      const seen = new Set(account.seen);
      const { acknowledged, refused } = account;
      verdict.lost += without(acknowledged, effects).length + without(effects, taken).length;
      verdict.inverted += inversions(book) + inversions([...taken]);
      verdict.doubled += book.length - effects.size;
      verdict.said += account.said;
      verdict.acknowledged += acknowledged.size;
      verdict.repeated += account.repeated;
      verdict.refused += refused.size;
      verdict.lostByProsody += Array.from({ length: account.said }, (_, number) => number).filter(
        (number) => !acknowledged.has(number) && !refused.has(number) && !effects.has(number),
      ).length;
      verdict.seenTwice += account.seen.length - seen.size;
      verdict.notSeen += without(taken, seen).length;
    }
    const { lost, inverted, doubled } = verdict;
    assert.deepEqual(
      { lost, inverted, doubled },
      { lost: 0, inverted: 0, doubled: 0 },
      JSON.stringify(verdict),
    );
    return verdict;
  }
}

function noted(body: string): number {
  return Number(body.replace(/^noted /, ""));
}

function message(xml: string): {
  kind: string;
  from: string | undefined;
  to: string | undefined;
  body: string | undefined;
} {
  const stanza = readStanza(xml);
  const body = stanza.kind === "message" ? stanza.body : undefined;
  return { kind: stanza.kind, from: stanza.from?.bare.toString(), to: stanza.to?.bare.toString(), body };
}

function without(numbers: Iterable<number>, others: ReadonlySet<number>): number[] {
  return [...numbers].filter((number) => !others.has(number));
}

/** How many come before one that is less, each counted once. */
function inversions(numbers: readonly number[]): number {
  return numbers.filter((number, index) => index > 0 && number < (numbers[index - 1] as number)).length;
}
