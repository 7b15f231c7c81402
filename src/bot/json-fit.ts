/** @internal Where a value has something that JSON would lose, in words; `undefined` where it comes back as it is. */
export function misfit(value: unknown, path: string): string | undefined {
  return find(value, path, new Set());
}

function find(value: unknown, path: string, above: Set<object>): string | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return undefined;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : `${path} is ${value}`;
  if (typeof value !== "object") return `${path} is of type ${typeof value}`;
  if (above.has(value)) return `${path} holds itself`;
  if (!Array.isArray(value) && !isPlain(value)) return `${path} is a ${value.constructor?.name ?? "object"}`;
  above.add(value);
  for (const [key, part] of Object.entries(value)) {
    // A property that is undefined comes back as none, which reads the same; in a list it would come back as null.
    if (part === undefined && !Array.isArray(value)) continue;
    const problem = find(part, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`, above);
    if (problem !== undefined) return problem;
  }
  above.delete(value);
  return undefined;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
