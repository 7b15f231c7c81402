import {
  type Clock,
  ConflictError,
  type EntryId,
  type JsonValue,
  type Store,
  SYSTEM_CLOCK,
  type Write,
} from "../store/index.ts";

/** How to keep a value. */
export interface StorageOptions {
  /** After how many milliseconds it vanishes; default: never. */
  readonly ttl?: number | undefined;
}

/**
 * What a bot remembers, by keys of its own choosing.
 *
 * What a handler sets is kept when the handler is through, together with the note that its stanza is handled, all or
 * nothing: a handler that fails, or whose process ends, has set nothing, and one that is run again starts from what was before.
 * Handlers of one conversation run one after another, so a key that belongs to one conversation never loses an update;
 * of a key that several conversations share, the last one to be through wins.
 *
 * @example
 * ```ts
 * import { defineBot } from "restanza";
 *
 * defineBot({
 *   name: "counter",
 *   summary: "counts what you say",
 *   routes(bot) {
 *     bot.on("message:body", async (ctx) => {
 *       const key = String(ctx.from.bare);
 *       const count = ((await ctx.storage.get<number>(key)) ?? 0) + 1;
 *       ctx.storage.set(key, count);
 *       return `That was number ${count}.`;
 *     });
 *   },
 * });
 * ```
 */
export interface Storage {
  /** The value under a key, what this handler has set included; `undefined` where there is none. */
  get<Value extends JsonValue = JsonValue>(key: string): Promise<Value | undefined>;
  set(key: string, value: JsonValue, options?: StorageOptions): void;
  delete(key: string): void;
}

/** @internal What the handling of one stanza will have changed: all of it is committed together when it is through, or nothing is. */
export interface Effects {
  /**
   * A part of the bot's storage that has keys of its own, for a feature rather than for the author. The same name gives the
   * same view.
   */
  area(name: string, options?: AreaOptions): Storage;
  /** Adds a change of any other kind. */
  add(write: Write): void;
  /**
   * Takes an entry out of a queue. One that somebody else takes first meanwhile has the stanza handled anew.
   *
   * @returns whether it waits there.
   */
  dropQueued(entry: EntryId): Promise<boolean>;
  /**
   * Changes one record of an area at once, whatever becomes of the handling: for what has to count although a handler fails.
   *
   * @param change makes the new value of the one there is, and says when it vanishes, in milliseconds since 1970; `undefined` leaves it as it
   *   is. It is asked again where somebody else was faster.
   */
  changeNow(area: string, key: string, change: ChangeNow): Promise<void>;
  /** Runs just before all is committed, to change what is known only then; where it throws, the handling fails. */
  atEnd(work: () => void): void;
}

/** @internal What {@link Effects.changeNow} asks. */
export type ChangeNow = (
  value: JsonValue | undefined,
) => { readonly value: JsonValue; readonly expires: number } | undefined;

/** @internal How often somebody else may be faster with a record. */
export const MOST_TRIES = 20;

/** @internal Where it is kept what a bot remembers. */
export function storageOf(bot: string): string {
  return `bot ${bot}`;
}

/** @internal */
export interface AreaOptions {
  /**
   * Whether what is set must rest on what was read: where somebody else has changed it meanwhile, the stanza is handled
   * anew. Default: the last one to be through wins.
   */
  readonly guarded?: boolean;
}

/** @internal The storage of one bot, as the handling of one stanza sees it: what it changes waits until that is through. */
export class BufferedStorage implements Storage, Effects {
  readonly #store: Pick<Store, "get" | "commit"> & Partial<Pick<Store, "find">>;
  readonly #collection: string;
  readonly #clock: Clock;
  readonly #own: Area;
  readonly #areas = new Map<string, Area>();
  readonly #added: Write[] = [];
  readonly #atEnd: (() => void)[] = [];

  constructor(
    store: Pick<Store, "get" | "commit"> & Partial<Pick<Store, "find">>,
    bot: string,
    clock: Clock = SYSTEM_CLOCK,
  ) {
    this.#store = store;
    this.#collection = storageOf(bot);
    this.#clock = clock;
    this.#own = new Area(store, this.#collection, clock, false);
  }

  get<Value extends JsonValue>(key: string): Promise<Value | undefined> {
    return this.#own.get<Value>(key);
  }

  set(key: string, value: JsonValue, options?: StorageOptions): void {
    this.#own.set(key, value, options);
  }

  delete(key: string): void {
    this.#own.delete(key);
  }

  area(name: string, { guarded = false }: AreaOptions = {}): Storage {
    const known = this.#areas.get(name);
    if (known !== undefined) return known;
    const area = new Area(this.#store, this.#collectionOf(name), this.#clock, guarded);
    this.#areas.set(name, area);
    return area;
  }

  add(write: Write): void {
    this.#added.push(write);
  }

  async dropQueued(entry: EntryId): Promise<boolean> {
    const found = await this.#store.find?.(entry.queue, entry.id);
    if (found?.state !== "waiting") return false;
    this.#added.push({ complete: entry });
    return true;
  }

  async changeNow(area: string, key: string, change: ChangeNow): Promise<void> {
    const collection = this.#collectionOf(area);
    for (let tries = 1; ; tries += 1) {
      const record = await this.#store.get(collection, key);
      const changed = change(record?.value);
      if (changed === undefined) return;
      try {
        await this.#store.commit([{ put: { collection, key, ...changed, ifVersion: record?.version ?? 0 } }]);
        return;
      } catch (error) {
        if (!(error instanceof ConflictError) || tries === MOST_TRIES) throw error;
      }
    }
  }

  atEnd(work: () => void): void {
    this.#atEnd.push(work);
  }

  #collectionOf(area: string): string {
    // No address has a space in it, so no other bot's collection is called that.
    return `${this.#collection} ${area}`;
  }

  /** Ends it: what has been changed, to be committed. */
  conclude(): readonly Write[] {
    for (const work of this.#atEnd) work();
    return [this.#own, ...this.#areas.values()].flatMap((area) => area.writes).concat(this.#added);
  }
}

/** One collection, and what is to be changed in it. */
class Area implements Storage {
  readonly #store: Pick<Store, "get">;
  readonly #collection: string;
  readonly #clock: Clock;
  readonly #changes = new Map<string, Write>();
  /** Which version of each key was read; `undefined` where it does not matter. */
  readonly #versions: Map<string, number> | undefined;

  constructor(store: Pick<Store, "get">, collection: string, clock: Clock, guarded: boolean) {
    this.#store = store;
    this.#collection = collection;
    this.#clock = clock;
    this.#versions = guarded ? new Map() : undefined;
  }

  async get<Value extends JsonValue>(key: string): Promise<Value | undefined> {
    const change = this.#changes.get(key);
    if (change === undefined) {
      const record = await this.#store.get(this.#collection, key);
      // What was decided on the first reading must hold for it, whatever a later one found.
      if (this.#versions?.has(key) === false) this.#versions.set(key, record?.version ?? 0);
      return record?.value as Value | undefined;
    }
    // A copy, as the store would give: what is set is what it was at that moment.
    return "put" in change ? (structuredClone(change.put.value) as Value) : undefined;
  }

  set(key: string, value: JsonValue, { ttl }: StorageOptions = {}): void {
    const expires = ttl === undefined ? undefined : this.#clock.now() + ttl;
    this.#changes.set(key, {
      put: { ...this.#record(key), value: structuredClone(value), expires },
    });
  }

  delete(key: string): void {
    this.#changes.set(key, { delete: this.#record(key) });
  }

  get writes(): readonly Write[] {
    return [...this.#changes.values()];
  }

  #record(key: string): { collection: string; key: string; ifVersion: number | undefined } {
    return { collection: this.#collection, key, ifVersion: this.#versions?.get(key) };
  }
}
