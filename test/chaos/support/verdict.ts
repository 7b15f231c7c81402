import assert from "node:assert/strict";
import type { Store } from "../../../src/store/index.ts";
import type { Accounts } from "./accounts.ts";
import { readBook } from "./book.ts";

/** The outcome of a run, added up over all persons. */
export interface Verdict {
  said: number;
  /** Acknowledged by restanza. */
  acknowledged: number;
  /** Acknowledged, and not in the book; or in the book, and its confirmation never handed to Prosody. */
  lost: number;
  /** In the book, or handed to Prosody, after one that was said later. */
  inverted: number;
  /** In the book more than once. */
  doubled: number;
  /** Acknowledged when they came again. */
  repeated: number;
  /** Their sender was told. */
  refused: number;
  /** Neither acknowledged nor refused, nor in the book: what Prosody itself has lost. */
  lostByProsody: number;
  /** Confirmations that a person has seen more than once. */
  seenTwice: number;
  /** Confirmations that Prosody got, and the person has never seen. */
  notSeen: number;
}

/**
 * Compares what was acknowledged with the books, and tells the rest.
 *
 * @throws AssertionError where something was lost, inverted or doubled, or something is left in a queue.
 */
export async function settle(accounts: Accounts, store: Store): Promise<Verdict> {
  const verdict: Verdict = {
    said: accounts.said,
    acknowledged: 0,
    lost: 0,
    inverted: 0,
    doubled: 0,
    repeated: 0,
    refused: 0,
    lostByProsody: 0,
    seenTwice: 0,
    notSeen: 0,
  };
  for (const [person, account] of accounts) {
    const book = (await readBook(store, accounts.ledger, person)).map(Number);
    const effects = new Set(book);
    const taken = new Set(account.taken);
    const seen = new Set(account.seen);
    const { acknowledged, refused } = account;
    verdict.acknowledged += acknowledged.size;
    verdict.lost += without(acknowledged, effects).length + without(effects, taken).length;
    verdict.inverted += inversions(book) + inversions([...taken]);
    verdict.doubled += book.length - effects.size;
    verdict.repeated += account.repeated;
    verdict.refused += refused.size;
    verdict.lostByProsody += Array.from({ length: account.said }, (_, number) => number).filter(
      (number) => !acknowledged.has(number) && !refused.has(number) && !effects.has(number),
    ).length;
    verdict.seenTwice += account.seen.length - seen.size;
    verdict.notSeen += without(taken, seen).length;
  }
  const { lost, inverted, doubled } = verdict;
  const left = { inbox: await store.entries("inbox"), outbox: await store.entries("outbox") };
  assert.deepEqual(
    { lost, inverted, doubled, ...left },
    { lost: 0, inverted: 0, doubled: 0, inbox: [], outbox: [] },
    JSON.stringify(verdict),
  );
  return verdict;
}

function without(numbers: Iterable<number>, others: ReadonlySet<number>): number[] {
  return [...numbers].filter((number) => !others.has(number));
}

/** How many come after one that is greater, each place counted once. */
function inversions(numbers: readonly number[]): number {
  return numbers.filter((number, index) => index > 0 && number < (numbers[index - 1] as number)).length;
}
