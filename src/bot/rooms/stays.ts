import type { Jid } from "../../stanza/index.ts";
import type { Store } from "../../store/index.ts";
import { readStay, type Stay, writeStay } from "./stay.ts";

/** How many rooms are read at once. */
const PAGE = 1_000;

/** The collection in which it is kept which rooms a bot is in. */
export function staysOf(bot: Jid): string {
  return `rooms of ${bot}`;
}

/** Where one bot is with each of its rooms, by their bare JIDs: in memory, and in a store that may be several nodes'. */
export class Stays {
  readonly #collection: string;
  readonly #store: Pick<Store, "get" | "list" | "commit"> | undefined;
  readonly #stays = new Map<string, Stay>();
  /** What the store is to be told. */
  readonly #changed = new Set<string>();
  readonly #onRead: (room: string) => void;

  /** @param onRead told of a room of which the store knows something new. */
  constructor(
    bot: Jid,
    store: Pick<Store, "get" | "list" | "commit"> | undefined,
    onRead: (room: string) => void,
  ) {
    this.#collection = staysOf(bot);
    this.#store = store;
    this.#onRead = onRead;
  }

  get isKept(): boolean {
    return this.#store !== undefined;
  }

  get isChanged(): boolean {
    return this.#changed.size > 0;
  }

  get size(): number {
    return this.#stays.size;
  }

  get(room: string): Stay | undefined {
    return this.#stays.get(room);
  }

  get all(): readonly (readonly [room: string, stay: Stay])[] {
    return [...this.#stays];
  }

  /** Changes what is known, which the store is told by {@link Stays.save}. */
  set(room: string, stay: Stay | undefined): void {
    const before = this.#stays.get(room);
    this.#put(room, stay);
    if (before !== undefined && stay !== undefined && isSame(before, stay)) return;
    if (this.#store !== undefined) this.#changed.add(room);
  }

  /** Reads all of it. */
  async load(): Promise<void> {
    if (this.#store === undefined) return;
    const found = new Map<string, Stay | undefined>();
    for (let after: string | undefined; ; ) {
      const page = await this.#store.list(this.#collection, {
        limit: PAGE,
        ...(after !== undefined && { after }),
      });
      for (const { key, value } of page) found.set(key, readStay(value));
      after = page.at(-1)?.key;
      if (page.length < PAGE) break;
    }
    for (const room of new Set([...this.#stays.keys(), ...found.keys()])) this.#read(room, found.get(room));
  }

  /** Reads what there is of one room. */
  async refresh(room: string): Promise<void> {
    if (this.#store === undefined) return;
    const record = await this.#store.get(this.#collection, room);
    this.#read(room, readStay(record?.value));
  }

  /** Reads what there is of one room, and gives up what the store has yet to be told of it; unless it knows nothing. */
  async giveIn(room: string): Promise<void> {
    const record = await this.#store?.get(this.#collection, room);
    if (record === undefined) return;
    this.#changed.delete(room);
    this.#read(room, readStay(record.value));
  }

  /**
   * Tells the store what has changed.
   *
   * @throws StoreError where it cannot be told; then it can be tried again.
   */
  async save(): Promise<void> {
    const rooms = [...this.#changed];
    this.#changed.clear();
    if (this.#store === undefined || rooms.length === 0) return;
    const collection = this.#collection;
    try {
      await this.#store.commit(
        rooms.map((key) => {
          const stay = this.#stays.get(key);
          return stay === undefined
            ? { delete: { collection, key } }
            : { put: { collection, key, value: writeStay(stay) } };
        }),
      );
    } catch (error) {
      for (const room of rooms) this.#changed.add(room);
      throw error;
    }
  }

  /** What the store says of a room goes for what is known here, unless it has yet to be told that. */
  #read(room: string, stay: Stay | undefined): void {
    if (this.#changed.has(room)) return;
    const before = this.#stays.get(room);
    this.#put(room, stay);
    if (before === undefined || stay === undefined ? before !== stay : !isSame(before, stay))
      this.#onRead(room);
  }

  #put(room: string, stay: Stay | undefined): void {
    if (stay === undefined) this.#stays.delete(room);
    else this.#stays.set(room, stay);
  }
}

function isSame(one: Stay, other: Stay): boolean {
  return JSON.stringify(writeStay(one)) === JSON.stringify(writeStay(other));
}
