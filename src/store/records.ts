import type { JsonValue } from "../stanza/index.ts";

/** A value that is kept under a key of a collection. */
export interface StoredRecord {
  readonly key: string;
  readonly value: JsonValue;
  /**
   * Which write it is from. Every write to a record gives it a higher version than it has ever had, a deletion in between
   * notwithstanding; versions are not numbered without gaps.
   */
  readonly version: number;
  /** When it vanishes, in milliseconds since 1970; `undefined` for never. */
  readonly expires: number | undefined;
}

/** Which records to list. */
export interface ListOptions {
  /** Only keys that begin with this; default: all. */
  readonly prefix?: string;
  /** Only keys behind this one: the last of the page before. */
  readonly after?: string;
  /** How many at most; default 100. */
  readonly limit?: number;
}
