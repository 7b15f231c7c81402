/** A function whose only parameter, if any, is a plain name or a pattern without defaults. */
const ONE_PARAMETER =
  /^(?:async\b\s*)?(?:function\b\s*[\w$]*\s*)?(?:\(\s*(?:[\w$]+|\{[\w$\s,:]*\})?\s*,?\s*\)|[\w$]+\s*=>)/;

/**
 * @internal Whether a handler can be seen to never hand a stanza on: it takes no `next`, and has no other way to it. Where that is
 * not certain it may.
 */
export function neverCallsNext(handler: (...args: never[]) => unknown): boolean {
  if (handler.length > 1) return false;
  const source = Function.prototype.toString.call(handler);
  return ONE_PARAMETER.test(source) && !/\barguments\b|\[native code\]/.test(source);
}
