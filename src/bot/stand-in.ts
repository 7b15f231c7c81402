/**
 * @internal Stands in for the resources of a bot whose routes are looked at and never run: it has every property, can be called,
 * constructed, awaited and iterated, and nothing comes of it.
 */
export function standIn(): unknown {
  const self: unknown = new Proxy(function standIn() {}, {
    get: (_, key) => {
      // An awaited one is itself, not something to wait for.
      if (key === "then") return undefined;
      if (key === Symbol.toPrimitive) return () => "";
      if (key === Symbol.iterator) return [][Symbol.iterator];
      return self;
    },
    apply: () => self,
    construct: () => self as object,
    set: () => true,
  });
  return self;
}
