import type { Store } from "../../../src/store/index.ts";

/** How many lines a page of the ledger's books has. */
export const LINES = 100;

/** What the ledger has written down for one person, in its order: the effects of what that person said. */
export async function readBook(store: Store, ledger: string, person: string): Promise<string[]> {
  const value = async (key: string) => (await store.get(`bot ${ledger}`, `${person} ${key}`))?.value;
  const count = ((await value("count")) as number | undefined) ?? 0;
  const book: string[] = [];
  for (let page = 0; page * LINES < count; page += 1) {
    book.push(...((await value(`page ${page}`)) as string[]));
  }
  return book;
}
