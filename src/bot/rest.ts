/**
 * @internal What comes after a handler. It knows whether anybody waits for it, so that a handler may forget to: it is waited for
 * all the same, and its errors are not lost.
 */
export class Rest extends Promise<void> {
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  awaited = false;

  constructor(executor: (resolve: (value: void | PromiseLike<void>) => void) => void) {
    super(executor);
    super.then(undefined, () => undefined);
  }

  // biome-ignore lint/suspicious/noThenProperty: how a promise learns that it is awaited
  override then<A = void, B = never>(
    // biome-ignore lint/suspicious/noConfusingVoidType: as Promise<void> has it
    onFulfilled?: ((value: void) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.awaited = true;
    return super.then(onFulfilled, onRejected);
  }
}
