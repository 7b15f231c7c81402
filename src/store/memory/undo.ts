/** @internal How to take back the changes of a commit, the last one first. */
export type Undo = (() => void)[];

/** @internal Sets or deletes what is under a key, and notes how to take that back. */
export function change<Value>(
  map: Map<string, Value>,
  key: string,
  value: Value | undefined,
  undo: Undo,
): void {
  const before = map.get(key);
  set(map, key, value);
  undo.push(() => set(map, key, before));
}

function set<Value>(map: Map<string, Value>, key: string, value: Value | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}
