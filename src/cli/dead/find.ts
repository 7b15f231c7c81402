import type { Store } from "../../store/index.ts";
import { complain, printable } from "../output.ts";
import { LETTER_QUEUES, type Letter, type LetterQueue, letterOf } from "./letter.ts";

const PAGE = 500;

/** Which letters are meant; what is left out holds for all. */
export interface LetterFilter {
  readonly queue?: LetterQueue | undefined;
  /** The name of a bot, or its address. */
  readonly bot?: string | undefined;
  /** What the error says, or a part of it, whatever its case. */
  readonly error?: string | undefined;
}

/** What was put aside, page by page: the inbox first, each queue oldest first. */
export async function* deadLetters(store: Store, filter: LetterFilter = {}): AsyncGenerator<Letter[], void> {
  for (const queue of filter.queue === undefined ? LETTER_QUEUES : [filter.queue]) {
    let after = 0;
    for (;;) {
      const page = await store.entries(queue, { state: "dead", after, limit: PAGE });
      const letters = page.map(letterOf).filter((letter) => isMeant(letter, filter));
      if (letters.length > 0) yield letters;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) break;
      after = last.sequence;
    }
  }
}

/** The letter of an id; where there is none, or one in either queue, the operator is told. */
export async function deadLetter(
  store: Store,
  id: string,
  queue: LetterQueue | undefined,
): Promise<Letter | undefined> {
  const found: Letter[] = [];
  for (const each of queue === undefined ? LETTER_QUEUES : [queue]) {
    const entry = await store.find(each, id);
    if (entry !== undefined) found.push(letterOf(entry));
  }
  const dead = found.filter(({ state }) => state === "dead");
  const [only, another] = dead;
  if (only !== undefined && another === undefined) return only;
  if (only !== undefined) {
    complain(
      `both the inbox and the outbox have put aside ${printable(id)}; add --queue inbox or --queue outbox`,
    );
  } else if (found[0] !== undefined) {
    complain(
      `${printable(id)} was not put aside: it waits in the ${found[0].queue}, and will be tried by itself`,
    );
  } else {
    complain(`nothing was put aside under ${printable(id)}; restanza dead list shows what was`);
  }
  return undefined;
}

function isMeant(letter: Letter, { bot, error }: LetterFilter): boolean {
  if (bot !== undefined && letter.bot !== bot && letter.bot !== letter.bot.replace(/^.*?@/, `${bot}@`))
    return false;
  return error === undefined || letter.error.toLowerCase().includes(error.toLowerCase());
}
