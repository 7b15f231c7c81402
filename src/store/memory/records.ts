import type { JsonValue } from "../../stanza/index.ts";
import { byCodePoint } from "../code-points.ts";
import { expectVersion } from "../conflicts.ts";
import type { PreparedWrite } from "../prepare.ts";
import type { StoredRecord } from "../records.ts";
import { change, type Undo } from "./undo.ts";

interface Kept {
  readonly json: string;
  readonly version: number;
  readonly expires: number | undefined;
}

/** @internal The records of a {@link MemoryStore}. */
export class MemoryRecords {
  readonly #collections = new Map<string, Map<string, Kept>>();

  get(collection: string, key: string, now: number): StoredRecord | undefined {
    const kept = this.#alive(collection, key, now);
    return kept && shown(key, kept);
  }

  list(
    collection: string,
    prefix: string,
    after: string | undefined,
    limit: number,
    now: number,
  ): StoredRecord[] {
    const records: StoredRecord[] = [];
    for (const key of [...(this.#collections.get(collection)?.keys() ?? [])].sort(byCodePoint)) {
      if (records.length === limit) break;
      if (!key.startsWith(prefix) || (after !== undefined && byCodePoint(key, after) <= 0)) continue;
      const kept = this.#alive(collection, key, now);
      if (kept) records.push(shown(key, kept));
    }
    return records;
  }

  apply(
    write: Extract<PreparedWrite, { readonly collection: string }>,
    index: number,
    version: number,
    now: number,
    undo: Undo,
  ): void {
    const { collection, key } = write;
    const found = this.#alive(collection, key, now)?.version ?? 0;
    expectVersion(index, write, write.kind === "check" ? write.version : write.ifVersion, found);
    if (write.kind === "check") return;
    const records = this.#collections.get(collection) ?? new Map<string, Kept>();
    this.#collections.set(collection, records);
    const { kind } = write;
    change(
      records,
      key,
      kind === "put" ? { json: write.json, version, expires: write.expires } : undefined,
      undo,
    );
  }

  sweep(now: number): void {
    for (const [collection, records] of this.#collections) {
      for (const [key, { expires }] of records)
        if (expires !== undefined && expires <= now) records.delete(key);
      if (records.size === 0) this.#collections.delete(collection);
    }
  }

  #alive(collection: string, key: string, now: number): Kept | undefined {
    const kept = this.#collections.get(collection)?.get(key);
    return kept?.expires !== undefined && kept.expires <= now ? undefined : kept;
  }
}

function shown(key: string, { json, version, expires }: Kept): StoredRecord {
  return { key, value: JSON.parse(json) as JsonValue, version, expires };
}
