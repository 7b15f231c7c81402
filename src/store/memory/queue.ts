import type { JsonValue } from "../../stanza/index.ts";
import { stateConflict } from "../conflicts.ts";
import { dueAt } from "../entry-times.ts";
import type { PreparedEntry, PreparedFence, PreparedWrite } from "../prepare.ts";
import type { EntryState, QueueEntry } from "../queues.ts";
import { change, type Undo } from "./undo.ts";

type Kept = Omit<QueueEntry, "payload"> & { readonly json: string };

/** @internal One queue of a {@link MemoryStore}. */
export class MemoryQueue {
  readonly #entries = new Map<string, Kept>();
  /** Of each key, what waits, in order. */
  readonly #lanes = new Map<string, Kept[]>();
  /** Until when the ids of entries that are gone are remembered. */
  readonly #remembered = new Map<string, number>();
  readonly #memory: number;

  constructor(memory: number) {
    this.#memory = memory;
  }

  heads(now: number, limit: number, isFree: (key: string) => boolean): QueueEntry[] {
    return [...this.#heads()]
      .filter((head) => dueAt(head.notBefore, head.expires) <= now && isFree(head.key))
      .sort((one, other) => other.priority - one.priority || one.sequence - other.sequence)
      .slice(0, limit)
      .map(shown);
  }

  head(key: string): QueueEntry | undefined {
    const head = this.#lanes.get(key)?.[0];
    return head && shown(head);
  }

  nextAt(now: number): number | undefined {
    let next: number | undefined;
    for (const { notBefore, expires } of this.#heads()) {
      const due = dueAt(notBefore, expires);
      if (due > now && (next === undefined || due < next)) next = due;
    }
    return next;
  }

  find(id: string): QueueEntry | undefined {
    const entry = this.#entries.get(id);
    return entry && shown(entry);
  }

  entries(state: EntryState | undefined, after: number, limit: number): QueueEntry[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.sequence > after && (state === undefined || entry.state === state))
      .sort((one, other) => one.sequence - other.sequence)
      .slice(0, limit)
      .map(shown);
  }

  counts(): Record<EntryState, number> {
    const counts = { waiting: 0, dead: 0 };
    for (const { state } of this.#entries.values()) counts[state] += 1;
    return counts;
  }

  /** @returns whether the sequence was taken. */
  enqueue(entry: PreparedEntry, sequence: number, now: number, undo: Undo): boolean {
    const { kind: _, ...kept } = entry;
    if (this.#entries.has(entry.id) || (this.#remembered.get(entry.id) ?? 0) > now) return false;
    const fresh: Kept = {
      ...kept,
      sequence,
      since: now,
      attempts: 0,
      error: undefined,
      state: "waiting",
    };
    this.#set(entry.id, fresh, undo);
    return true;
  }

  apply(
    write: Exclude<PreparedWrite, PreparedEntry | PreparedFence | { readonly collection: string }>,
    index: number,
    sequence: number,
    now: number,
    undo: Undo,
  ): void {
    const needed: EntryState = write.kind === "revive" || write.kind === "drop" ? "dead" : "waiting";
    const entry = this.#entries.get(write.id);
    if (entry?.state !== needed) throw stateConflict(index, write, needed, entry?.state);
    const attempts = entry.attempts + 1;
    switch (write.kind) {
      case "complete":
      case "drop":
        this.#set(write.id, undefined, undo);
        change(this.#remembered, write.id, now + this.#memory, undo);
        return;
      case "retry":
        this.#set(write.id, { ...entry, attempts, notBefore: write.notBefore, error: write.error }, undo);
        return;
      case "bury":
        this.#set(write.id, { ...entry, attempts, state: "dead", error: write.error }, undo);
        return;
      case "revive":
        this.#set(write.id, { ...entry, attempts: 0, state: "waiting", notBefore: 0, sequence }, undo);
    }
  }

  sweep(now: number): void {
    for (const [id, until] of this.#remembered) if (until <= now) this.#remembered.delete(id);
  }

  *#heads(): Generator<Kept, void> {
    for (const [head] of this.#lanes.values()) if (head) yield head;
  }

  #set(id: string, entry: Kept | undefined, undo: Undo): void {
    const before = this.#entries.get(id);
    change(this.#entries, id, entry, undo);
    this.#relane(before, entry);
    undo.push(() => this.#relane(entry, before));
  }

  #relane(before: Kept | undefined, entry: Kept | undefined): void {
    if (before?.state === "waiting") {
      const lane = this.#lanes.get(before.key)?.filter((kept) => kept !== before) ?? [];
      if (lane.length > 0) this.#lanes.set(before.key, lane);
      else this.#lanes.delete(before.key);
    }
    if (entry?.state !== "waiting") return;
    const lane = this.#lanes.get(entry.key);
    if (lane === undefined) this.#lanes.set(entry.key, [entry]);
    else {
      const at = lane.findLastIndex((kept) => kept.sequence < entry.sequence);
      lane.splice(at + 1, 0, entry);
    }
  }
}

function shown({ json, ...entry }: Kept): QueueEntry {
  return { ...entry, payload: JSON.parse(json) as JsonValue };
}
