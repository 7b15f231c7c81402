import type { Storage } from "restanza";
import { FeedError, fetchFeed } from "./fetch-feed.ts";
import type { Feed } from "./parse-feed.ts";

/** What is known of a feed: the same for all who have subscribed to it. */
export type Known = {
  readonly feed: Feed | null;
  readonly etag: string | null;
  readonly modified: string | null;
  /** When it was fetched last, or tried to, in milliseconds since 1970. */
  readonly tried: number;
  /** How often that has failed since it last went well, and why. */
  readonly failures: number;
  readonly problem: string | null;
};

const UNKNOWN: Known = { feed: null, etag: null, modified: null, tried: 0, failures: 0, problem: null };

const DAY = 24 * 60 * 60_000;

/** How many feeds are remembered without a look at the store. */
const MOST_FRESH = 1_000;

/** Who wants to read a feed, and when. */
export interface Reading {
  readonly storage: Storage;
  readonly now: number;
  readonly signal: AbortSignal;
}

/** The feeds, each fetched once for all of its subscribers. */
export class Library {
  readonly #interval: number;
  readonly #trusted: readonly string[];
  /** What was fetched last: the store knows it only when whoever fetched it is through. */
  readonly #fresh = new Map<string, Promise<Known>>();

  /** @param interval how old a feed may be, in milliseconds. */
  constructor(interval: number, trusted: readonly string[]) {
    this.#interval = interval;
    this.#trusted = trusted;
  }

  /** What there is at an address: as it was where that is new enough, or has failed of late. */
  async read(url: string, reading: Reading): Promise<Known> {
    const held = this.#fresh.get(url);
    const before = await (held ?? stored(url, reading.storage));
    // Subscribers who come a moment before the first is due must not fetch again for themselves.
    if (reading.now < before.tried + 0.9 * this.#patience(before)) return before;
    const meanwhile = this.#fresh.get(url);
    if (meanwhile !== undefined && meanwhile !== held) return await meanwhile;
    const fetching = this.#fetch(url, before, reading);
    this.#fresh.delete(url);
    this.#fresh.set(url, fetching);
    const [oldest] = this.#fresh.keys();
    if (this.#fresh.size > MOST_FRESH && oldest !== undefined) this.#fresh.delete(oldest);
    const known = await fetching;
    reading.storage.set(keyOf(url), known, { ttl: 30 * DAY });
    return known;
  }

  #patience({ failures }: Known): number {
    return failures === 0 ? this.#interval : Math.min(DAY, this.#interval * 2 ** Math.min(failures, 20));
  }

  async #fetch(url: string, before: Known, { now, signal }: Reading): Promise<Known> {
    try {
      const { feed, etag, modified } = await fetchFeed(url, before, { trusted: this.#trusted, signal });
      const validators =
        feed === undefined ? { etag: before.etag, modified: before.modified } : { etag, modified };
      return { feed: feed ?? before.feed, ...validators, tried: now, failures: 0, problem: null };
    } catch (error) {
      if (!(error instanceof FeedError)) throw error;
      return { ...before, tried: now, failures: before.failures + 1, problem: error.message };
    }
  }
}

async function stored(url: string, storage: Storage): Promise<Known> {
  return (await storage.get<Known>(keyOf(url))) ?? UNKNOWN;
}

function keyOf(url: string): string {
  return `feed ${url}`;
}
