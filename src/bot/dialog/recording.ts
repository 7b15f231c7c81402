import { type Entry, MOST_BYTES, MOST_ENTRIES } from "./flight.ts";

/** What a dialog has been through: it is gone through again from its start, and then goes on. */
export class Recording {
  readonly #entries: Entry[];
  /** How many entries are from before. */
  readonly #recorded: number;
  #position = 0;
  #bytes: number;

  constructor(entries: readonly Entry[]) {
    this.#entries = [...entries];
    this.#recorded = entries.length;
    this.#bytes = Buffer.byteLength(JSON.stringify(entries));
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Whether all that is from before has been gone through. */
  get isReplayed(): boolean {
    return this.#position >= this.#recorded;
  }

  /** Goes on by one entry from before; `undefined` where there is none left, `"changed"` where it is another one. */
  next(kind: Entry["kind"], name: string): Entry | "changed" | undefined {
    if (this.isReplayed) return undefined;
    const entry = this.#entries[this.#position];
    if (entry?.kind !== kind || entry.name !== name) return "changed";
    this.#position += 1;
    return entry;
  }

  /** @returns whether there is room for it. */
  add(entry: Entry): boolean {
    this.#entries.push(entry);
    this.#bytes += Buffer.byteLength(JSON.stringify(entry)) + 1;
    return this.#entries.length <= MOST_ENTRIES && this.#bytes <= MOST_BYTES;
  }

  /** What a dialog that has failed goes on from; `undefined` where it has done no step since it was left, so that it can go back to there. */
  get sinceLeft(): readonly Entry[] | undefined {
    const entries = this.#entries.at(-1)?.error === undefined ? this.#entries : this.#entries.slice(0, -1);
    return entries.slice(this.#recorded).some(({ kind }) => kind === "step") ? entries : undefined;
  }
}
