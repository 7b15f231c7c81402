/** How long anything may take before a case fails, in milliseconds; nothing is ever waited for that long otherwise. */
export const PATIENCE = 30_000;

interface Waiter<T> {
  readonly wants: (item: T) => boolean;
  readonly take: (item: T) => void;
}

/** Things that arrive, and those who wait for them: each is handed out once, in order. */
export class Inbox<T> {
  readonly all: T[] = [];
  #unseen: T[] = [];
  readonly #waiters = new Set<Waiter<T>>();
  readonly #show: (item: T) => string;

  constructor(show: (item: T) => string) {
    this.#show = show;
  }

  add(item: T): void {
    this.all.push(item);
    const waiter = [...this.#waiters].find(({ wants }) => wants(item));
    if (waiter === undefined) this.#unseen.push(item);
    else waiter.take(item);
  }

  /** Takes out whatever is here and wanted. */
  drain(wants: (item: T) => boolean): T[] {
    const drained = this.#unseen.filter(wants);
    this.#unseen = this.#unseen.filter((item) => !drained.includes(item));
    return drained;
  }

  next(wants: (item: T) => boolean, what: string): Promise<T> {
    const index = this.#unseen.findIndex(wants);
    if (index !== -1) return Promise.resolve(this.#unseen.splice(index, 1)[0] as T);
    return new Promise((resolve, reject) => {
      const waiter: Waiter<T> = {
        wants,
        take: (item) => {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          resolve(item);
        },
      };
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        const seen = this.#unseen.slice(-5).map(this.#show).join("\n  ");
        reject(new Error(`${what} did not arrive; the last that did and nobody wanted:\n  ${seen}`));
      }, PATIENCE);
      this.#waiters.add(waiter);
    });
  }
}

/** The same promise, which fails with a word on what it was about when it takes longer than anything should. */
export async function within<T>(promise: Promise<T>, what: string, patience = PATIENCE): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const giveUp = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${patience} ms: ${what}`)), patience);
  });
  try {
    return await Promise.race([promise, giveUp]);
  } finally {
    clearTimeout(timer);
  }
}
