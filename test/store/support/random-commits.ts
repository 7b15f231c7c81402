import fc from "fast-check";
import type { QueueName, Write } from "../../../src/store/index.ts";

/** What a random commit is made from; versions and times are filled in when it is its turn. */
export type Draft = (versionOf: (collection: string, key: string) => number, now: number) => Write;

/** A step of a random history: time passes, then something is committed. */
export interface Step {
  readonly pause: number;
  readonly drafts: readonly Draft[];
}

const collection = fc.constantFrom("one", "two");
// Beyond U+FFFF and just below it, where the order of UTF-16 is not that of code points.
const key = fc.constantFrom("a", "b", "ab", "\u{1f600}", "\uffee", "");
const queue = fc.constantFrom<QueueName[]>("inbox", "outbox");
const id = fc.constantFrom("1", "2", "3", "4", "5", "6", "7", "8");
const lane = fc.constantFrom("juliet", "romeo", "nurse");
const later = fc.option(fc.integer({ min: -20, max: 120 }), { nil: undefined, freq: 1 });
const condition = fc.constantFrom("any", "any", "same", "missing", "wrong");

function expected(kind: string, version: number): number | undefined {
  if (kind === "any") return undefined;
  if (kind === "missing") return 0;
  // So far off that no write of the same commit can be given it.
  return kind === "same" ? version : version + 1_000_000_000;
}

const record: fc.Arbitrary<Draft> = fc.oneof(
  fc.tuple(collection, key, fc.jsonValue({ maxDepth: 2 }), later, condition).map(
    ([collection, key, value, expires, kind]): Draft =>
      (versionOf, now) => {
        const ifVersion = expected(kind, versionOf(collection, key));
        const until = expires === undefined ? undefined : now + expires;
        // Through JSON, as that is what a value is: -0 is 0 there.
        const plain = JSON.parse(JSON.stringify(value));
        return { put: { collection, key, value: plain, expires: until, ifVersion } };
      },
  ),
  fc.tuple(collection, key, condition).map(
    ([collection, key, kind]): Draft =>
      (versionOf) => ({
        delete: { collection, key, ifVersion: expected(kind, versionOf(collection, key)) },
      }),
  ),
  fc.tuple(collection, key, fc.constantFrom("same", "same", "missing")).map(
    ([collection, key, kind]): Draft =>
      (versionOf) => ({
        check: { collection, key, version: expected(kind, versionOf(collection, key)) ?? 0 },
      }),
  ),
);

function entry(run: string): fc.Arbitrary<Draft> {
  const ids = id.map((name) => `${run}/${name}`);
  const target = fc.record({ queue, id: ids });
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(queue, ids, lane, fc.integer({ min: -1, max: 1 }), later, later).map(
        ([queue, id, key, priority, notBefore, expires]): Draft =>
          (_, now) => ({
            enqueue: {
              ...{ queue, id, key, priority, payload: { id } },
              notBefore: notBefore === undefined ? undefined : now + notBefore,
              expires: expires === undefined ? undefined : now + expires,
            },
          }),
      ),
    },
    {
      weight: 2,
      arbitrary: target.map(
        (each): Draft =>
          () => ({ complete: each }),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(target, fc.integer({ min: -10, max: 60 })).map(
        ([each, wait]): Draft =>
          (_, now) => ({
            retry: { ...each, notBefore: now + wait, error: "again" },
          }),
      ),
    },
    {
      weight: 2,
      arbitrary: target.map(
        (each): Draft =>
          () => ({ bury: { ...each, error: "for good" } }),
      ),
    },
    {
      weight: 2,
      arbitrary: target.map(
        (each): Draft =>
          () => ({ revive: each }),
      ),
    },
    {
      weight: 1,
      arbitrary: target.map(
        (each): Draft =>
          () => ({ drop: each }),
      ),
    },
  );
}

/** Random histories. Each has ids of its own, as a store remembers them. */
export function histories(): fc.Arbitrary<readonly Step[]> {
  return fc.uuid().chain((run) =>
    fc.array(
      fc.record({
        pause: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60 })),
        drafts: fc.array(fc.oneof(record, entry(run)), { minLength: 1, maxLength: 3 }),
      }),
      { minLength: 5, maxLength: 40 },
    ),
  );
}
