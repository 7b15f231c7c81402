import type { Jid } from "../../stanza/index.ts";
import type { Clock, JsonValue, Store, StoredRecord, Write } from "../../store/index.ts";

/** What the bot has said in a room. */
export interface Word {
  /** The bot's id of it; of a correction, that of the first message. */
  readonly own: string;
  readonly isCorrection: boolean;
}

/** What {@link KeptWords} takes. */
export interface KeptWordsOptions {
  readonly bot: Jid;
  readonly store: Pick<Store, "get" | "list" | "commit">;
  readonly clock: Clock;
}

/** How many are kept of a room, and for how long, in milliseconds. */
const MOST = 500;
const LIFETIME = 30 * 24 * 60 * 60_000;
/** After how many more it is looked whether there are too many. */
const SWEEP = 50;
/** How many are read at once: more than there can be, unless many nodes have begun at the same time. */
const PAGE = 1_000;
/** How many the store may have yet to be told. */
const MOST_UNSAVED = 1_000;

/** What the bot has said in rooms, by the ids that these have given it, in a store that may be several nodes'. */
export class KeptWords {
  readonly #store: KeptWordsOptions["store"];
  readonly #collection: string;
  readonly #clock: Clock;
  /** What the store is to be told, by its keys. */
  readonly #unsaved = new Map<string, { readonly room: string; readonly value: JsonValue }>();
  /** The rooms that the bot is through with. */
  readonly #ended = new Set<string>();
  /** How many were added to a room since it was swept; a room that is not there was not swept by this process. */
  readonly #added = new Map<string, number>();

  constructor({ bot, store, clock }: KeptWordsOptions) {
    this.#store = store;
    this.#collection = `words of ${bot}`;
    this.#clock = clock;
  }

  get isChanged(): boolean {
    return this.#unsaved.size > 0 || this.#ended.size > 0;
  }

  /** Adds one, which the store is told by {@link KeptWords.save}. */
  add(room: string, given: string, { own, isCorrection }: Word): void {
    const value = { own, at: this.#clock.now(), ...(isCorrection && { isCorrection }) };
    this.#unsaved.set(keyOf(room, given), { room, value });
    const [oldest] = this.#unsaved.keys();
    if (this.#unsaved.size > MOST_UNSAVED && oldest !== undefined) this.#unsaved.delete(oldest);
  }

  /** One of them. @throws StoreError */
  async get(room: string, given: string): Promise<Word | undefined> {
    const record = await this.#store.get(this.#collection, keyOf(room, given));
    return record && wordOf(record);
  }

  /** Under which id a room knows what the bot has said first under its own. @throws StoreError */
  async find(room: string, own: string): Promise<string | undefined> {
    const found = (await this.#in(room)).find((record) => {
      const word = wordOf(record);
      return word.own === own && !word.isCorrection;
    });
    return found?.key.slice(keyOf(room, "").length);
  }

  /** The bot is through with a room, so that all is deleted, unless it is {@link KeptWords.resume | back} before that was saved. */
  end(room: string): void {
    for (const [key, word] of this.#unsaved) if (word.room === room) this.#unsaved.delete(key);
    this.#added.delete(room);
    this.#ended.add(room);
  }

  /** The bot is not through with a room. */
  resume(room: string): void {
    this.#ended.delete(room);
  }

  /**
   * Tells the store what has changed.
   *
   * @throws StoreError where it cannot be told; then it can be tried again.
   */
  async save(): Promise<void> {
    if (!this.isChanged) return;
    const ended = [...this.#ended];
    const unsaved = [...this.#unsaved];
    this.#ended.clear();
    this.#unsaved.clear();
    try {
      await this.#store.commit(await this.#writes(ended, unsaved));
    } catch (error) {
      for (const room of ended) this.#ended.add(room);
      for (const [key, word] of unsaved) if (!this.#unsaved.has(key)) this.#unsaved.set(key, word);
      throw error;
    }
  }

  async #writes(
    ended: readonly string[],
    unsaved: readonly (readonly [key: string, word: { readonly room: string; readonly value: JsonValue }])[],
  ): Promise<Write[]> {
    const collection = this.#collection;
    const expires = this.#clock.now() + LIFETIME;
    const gone: StoredRecord[] = [];
    for (const room of ended) gone.push(...(await this.#in(room)));
    for (const room of new Set(unsaved.map(([, { room }]) => room)))
      if (this.#isToSweep(room)) gone.push(...excessOf(await this.#in(room)));
    return [
      ...gone.map(({ key }) => ({ delete: { collection, key } })),
      ...unsaved.map(([key, { value }]) => ({ put: { collection, key, value, expires } })),
    ];
  }

  #isToSweep(room: string): boolean {
    const added = (this.#added.get(room) ?? SWEEP) + 1;
    this.#added.set(room, added > SWEEP ? 0 : added);
    return added > SWEEP;
  }

  async #in(room: string): Promise<readonly StoredRecord[]> {
    return await this.#store.list(this.#collection, { prefix: keyOf(room, ""), limit: PAGE });
  }
}

function keyOf(room: string, given: string): string {
  return `${room} ${given}`;
}

function wordOf({ value }: StoredRecord): Word & { readonly at: number } {
  return { isCorrection: false, ...(value as unknown as { readonly own: string; readonly at: number }) };
}

/** Those too many: first the corrections that another one has followed, then the oldest. */
function excessOf(records: readonly StoredRecord[]): StoredRecord[] {
  if (records.length <= MOST) return [];
  const words = records
    .map((record) => ({ record, ...wordOf(record) }))
    .toSorted((one, other) => one.at - other.at);
  const latest = new Map(words.map((word) => [word.own, word]));
  const isOver = (word: (typeof words)[number]): boolean =>
    word.isCorrection && latest.get(word.own) !== word;
  return [...words.filter(isOver), ...words.filter((word) => !isOver(word))]
    .slice(0, records.length - MOST)
    .map(({ record }) => record);
}
