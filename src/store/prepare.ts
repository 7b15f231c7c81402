import type { JsonValue } from "../stanza/index.ts";
import type { Lease } from "./leases.ts";
import { QUEUES, type QueueName } from "./queues.ts";
import type { Check, Delete, EntryFailure, EntryId, Write } from "./writes.ts";

/** @internal A write that was checked, its value as JSON and its defaults filled in: the same for each engine. */
export type PreparedWrite =
  | ({ readonly kind: "put"; readonly json: string; readonly expires: number | undefined } & Delete)
  | ({ readonly kind: "delete" } & Delete)
  | ({ readonly kind: "check" } & Check)
  | PreparedEntry
  | PreparedFence
  | ({ readonly kind: "complete" } & EntryId)
  | ({ readonly kind: "retry"; readonly notBefore: number } & EntryFailure)
  | ({ readonly kind: "bury" } & EntryFailure)
  | ({ readonly kind: "revive" } & EntryId)
  | ({ readonly kind: "drop" } & EntryId);

/** @internal */
export interface PreparedFence extends Lease {
  readonly kind: "fence";
}

/** @internal */
export interface PreparedEntry {
  readonly kind: "enqueue";
  readonly queue: QueueName;
  readonly id: string;
  readonly key: string;
  readonly json: string;
  readonly priority: number;
  readonly notBefore: number;
  readonly expires: number | undefined;
}

/**
 * @internal Checks the writes of a commit before an engine sees them.
 *
 * @throws TypeError or RangeError naming the first that is malformed.
 */
export function prepareWrites(writes: readonly Write[]): PreparedWrite[] {
  return writes.map(prepareWrite);
}

function prepareWrite(write: Write): PreparedWrite {
  if ("put" in write) {
    const { collection, key, value, expires, ifVersion } = write.put;
    return {
      kind: "put",
      collection: checkText("a collection", collection),
      key: checkText("a key", key),
      json: toJson(value),
      expires: checkTime("expires", expires),
      ifVersion: ifVersion === undefined ? undefined : checkCount("ifVersion", ifVersion),
    };
  }
  if ("enqueue" in write) {
    const { queue, id, key, payload, priority = 0, notBefore = 0, expires } = write.enqueue;
    if (!Number.isSafeInteger(priority)) throw new RangeError(`priority is ${priority}; give a whole number`);
    return {
      kind: "enqueue",
      queue: checkQueue(queue),
      id: checkText("an id", id),
      key: checkText("a key", key),
      json: toJson(payload),
      priority,
      notBefore: checkTime("notBefore", notBefore),
      expires: checkTime("expires", expires),
    };
  }
  if ("delete" in write) {
    const { collection, key, ifVersion } = write.delete;
    checkText("a collection", collection);
    return {
      kind: "delete",
      collection,
      key: checkText("a key", key),
      ifVersion: ifVersion === undefined ? undefined : checkCount("ifVersion", ifVersion),
    };
  }
  if ("check" in write) {
    const { collection, key, version } = write.check;
    checkText("a collection", collection);
    return {
      kind: "check",
      collection,
      key: checkText("a key", key),
      version: checkCount("version", version),
    };
  }
  if ("fence" in write) {
    const { queue, key, token } = write.fence;
    return {
      kind: "fence",
      queue: checkQueue(queue),
      key: checkText("a key", key),
      token: checkCount("token", token),
    };
  }
  if ("complete" in write) return { kind: "complete", ...entryId(write.complete) };
  if ("retry" in write) {
    const notBefore = checkTime("notBefore", write.retry.notBefore);
    return { kind: "retry", ...entryId(write.retry), notBefore, error: keepable(write.retry.error) };
  }
  if ("bury" in write) return { kind: "bury", ...entryId(write.bury), error: keepable(write.bury.error) };
  if ("revive" in write) return { kind: "revive", ...entryId(write.revive) };
  if ("drop" in write) return { kind: "drop", ...entryId(write.drop) };
  throw new TypeError(`a write has none of the changes a store knows, but ${Object.keys(write).join(", ")}`);
}

function entryId({ queue, id }: EntryId): EntryId {
  return { queue: checkQueue(queue), id: checkText("an id", id) };
}

function checkQueue(queue: QueueName): QueueName {
  if (QUEUES.includes(queue)) return queue;
  throw new TypeError(`there is no queue ${JSON.stringify(queue)}; there are ${QUEUES.join(", ")}`);
}

/** @internal A text that each engine can keep as it is, and that orders alike in each. */
export function checkText(name: string, text: string): string {
  if (typeof text !== "string") throw new TypeError(`${name} must be a string, not ${typeof text}`);
  // PostgreSQL has no U+0000 in a text, and UTF-8 no half of a surrogate pair: two keys would become one.
  if (text.includes("\0") || !text.isWellFormed()) {
    throw new TypeError(
      `${name} holds U+0000 or half of a surrogate pair: ${JSON.stringify(text.slice(0, 80))}`,
    );
  }
  return text;
}

/** An error tells of a failure: it must not become the next one. */
function keepable(error: string): string {
  return error.replaceAll("\0", "\ufffd").toWellFormed();
}

function toJson(value: JsonValue): string {
  const json = JSON.stringify(value) as string | undefined;
  if (json === undefined) throw new TypeError(`a value must be JSON, not ${typeof value}; use null for none`);
  return json;
}

function checkTime<Time extends number | undefined>(name: string, time: Time): Time {
  if (time === undefined) return time;
  const whole = Math.ceil(time);
  if (Number.isSafeInteger(whole)) return whole as Time;
  throw new RangeError(`${name} is ${time}; give milliseconds since 1970`);
}

/** @internal Refuses what counts nothing. */
export function checkCount(name: string, count: number): number {
  if (Number.isSafeInteger(count) && count >= 0) return count;
  throw new RangeError(`${name} is ${count}; give a whole number from 0 up`);
}

/** @internal How many rows a page may have. */
export function checkLimit(limit = 100): number {
  return checkCount("limit", limit);
}
