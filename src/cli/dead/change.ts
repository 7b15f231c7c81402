import { ConflictError, type EntryId, type Store, type Write } from "../../store/index.ts";
import { confirm } from "../confirm.ts";
import { complain, count, note, printable, shellWord } from "../output.ts";
import { deadLetter, deadLetters, type LetterFilter } from "./find.ts";
import { type LetterQueue, reasonOf } from "./letter.ts";

/** What can be done with letters: they are handled or sent again, or given up. */
export type Change = "replay" | "drop";

/** In one commit. */
const CHUNK = 200;

const WORDS = {
  replay: {
    done: "given another chance; a running server takes it up within seconds",
    failed: "replayed",
    write: (entry: EntryId): Write => ({ revive: entry }),
  },
  drop: {
    done: "given up",
    failed: "dropped",
    write: (entry: EntryId): Write => ({ drop: entry }),
  },
} as const;

/** Changes the letters of these ids. */
export async function changeSome(
  store: Store,
  change: Change,
  ids: readonly string[],
  queue: LetterQueue | undefined,
): Promise<void> {
  for (const id of ids) {
    const letter = await deadLetter(store, id, queue);
    if (letter === undefined) continue;
    if (await apply(store, change, [letter])) note(`${printable(shellWord(id))}: ${WORDS[change].done}`);
    else complain(`${printable(shellWord(id))}: somebody else was faster, and it is not there any more`);
  }
}

/** Changes all letters that are meant, once the operator has agreed. */
export async function changeAll(
  store: Store,
  change: Change,
  filter: LetterFilter,
  agreed: boolean,
): Promise<void> {
  // Known by name before the first is changed: one that is replayed and fails again must not be met a second time.
  const entries: EntryId[] = [];
  const reasons = new Map<string, number>();
  for await (const letters of deadLetters(store, filter)) {
    for (const letter of letters) {
      entries.push({ queue: letter.queue, id: letter.id });
      const reason = reasonOf(letter);
      if (reasons.has(reason) || reasons.size < MOST_REASONS)
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
  }
  if (entries.length === 0) return note("nothing that was put aside is meant by that");
  const many = count(entries.length, "stanza");
  if (!agreed && !(await isAgreed(change, many, reasons))) return;
  let changed = 0;
  for (let at = 0; at < entries.length; at += CHUNK)
    changed += await apply(store, change, entries.slice(at, at + CHUNK));
  note(`${count(changed, "stanza")}: ${WORDS[change].done}`);
  if (changed < entries.length)
    complain(`${count(entries.length - changed, "other was", "others were")} gone meanwhile`);
}

/** Reasons that are told apart in a question. */
const MOST_REASONS = 100;
const SHOWN_REASONS = 5;

async function isAgreed(
  change: Change,
  many: string,
  reasons: ReadonlyMap<string, number>,
): Promise<boolean> {
  const frequent = [...reasons].sort(([, one], [, other]) => other - one).slice(0, SHOWN_REASONS);
  for (const [reason, times] of frequent) note(`  ${times} × ${printable(reason)}`);
  if (reasons.size > SHOWN_REASONS) note("  and others");
  const answer = await confirm(`${change === "replay" ? "Replay" : "Drop"} ${many}?`);
  if (answer === undefined)
    complain(`${many} would be ${WORDS[change].failed}; add --yes to do so, nothing was changed`);
  else if (!answer) complain("nothing was changed");
  return answer === true;
}

/** @returns how many were changed; the others are gone. */
async function apply(store: Store, change: Change, entries: readonly EntryId[]): Promise<number> {
  const writes = entries.map(({ queue, id }) => WORDS[change].write({ queue, id }));
  try {
    await store.commit(writes);
    return entries.length;
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    const others = entries.filter((_, index) => index !== error.index);
    return others.length === 0 ? 0 : await apply(store, change, others);
  }
}
