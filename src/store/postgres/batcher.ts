interface Waiting<Ask, Answer> {
  readonly ask: Ask;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** @internal What came of one of the questions of a batch. */
export type Outcome<Answer> = { readonly answer: Answer } | { readonly error: Error };

/** @internal How questions are sent together. */
export interface Batching<Ask, Answer> {
  /** Whether a question may join those that are to go; those which may not go in one of the next batches. */
  readonly joins: (ask: Ask, batch: readonly Ask[], held: readonly Ask[]) => boolean;
  /** Answers a batch, each question by its own outcome, and never throws. */
  readonly send: (batch: readonly Ask[]) => Promise<readonly Outcome<Answer>[]>;
}

/** @internal Sends questions one batch at a time: those that come while one is under way make the next. */
export class Batcher<Ask, Answer> {
  readonly #batching: Batching<Ask, Answer>;
  #waiting: Waiting<Ask, Answer>[] = [];
  #running = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(batching: Batching<Ask, Answer>) {
    this.#batching = batching;
  }

  ask(ask: Ask): Promise<Answer> {
    const asked = new Promise<Answer>((resolve, reject) => {
      this.#waiting.push({ ask, resolve, reject });
    });
    this.#last = Promise.allSettled([this.#last, asked]);
    if (!this.#running) {
      this.#running = true;
      // What is asked for in this turn goes together.
      queueMicrotask(() => void this.#run());
    }
    return asked;
  }

  /** Resolves once everything that was asked for before has its answer. */
  settled(): Promise<unknown> {
    return this.#last;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch: Waiting<Ask, Answer>[] = [];
      const asks: Ask[] = [];
      const held: Waiting<Ask, Answer>[] = [];
      const heldAsks: Ask[] = [];
      for (const each of this.#waiting) {
        const joins = batch.length === 0 || this.#batching.joins(each.ask, asks, heldAsks);
        (joins ? batch : held).push(each);
        (joins ? asks : heldAsks).push(each.ask);
      }
      this.#waiting = held;
      const outcomes = await this.#batching.send(asks);
      for (const [index, outcome] of outcomes.entries()) {
        if ("answer" in outcome) batch[index]?.resolve(outcome.answer);
        else batch[index]?.reject(outcome.error);
      }
    }
    this.#running = false;
  }
}
