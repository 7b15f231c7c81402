import { readFailure, type WrittenFailure, writeFailure } from "./failures.ts";

/** What one process does for the other, by name. */
export type Procedures = Readonly<Record<string, (...args: never[]) => unknown>>;

type Message =
  | { readonly call: string; readonly number: number; readonly args: readonly unknown[] }
  | { readonly done: number; readonly value: unknown }
  | { readonly failed: number; readonly error: WrittenFailure };

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Calls between two processes: what is sent is a structured clone, in order, and a call that fails rejects with the same kind of error. */
export class Channel {
  readonly #post: (message: unknown) => void;
  readonly #procedures: Procedures;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;
  #over: Error | undefined;

  /** @param post hands a message to the other process. */
  constructor(post: (message: unknown) => void, procedures: Procedures) {
    this.#post = post;
    this.#procedures = procedures;
  }

  /** Has the other process do something. @throws whatever that throws; the reason with which the channel ended. */
  call<Result = void>(procedure: string, ...args: readonly unknown[]): Promise<Result> {
    if (this.#over !== undefined) return Promise.reject(this.#over);
    this.#calls += 1;
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.#waiting.set(this.#calls, { resolve: resolve as (value: unknown) => void, reject });
    this.#post({ call: procedure, number: this.#calls, args } satisfies Message);
    return promise;
  }

  /** Takes a message of the other process. */
  receive(message: unknown): void {
    const received = message as Message;
    if ("call" in received) return void this.#run(received.call, received.number, received.args);
    const number = "done" in received ? received.done : received.failed;
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    if ("done" in received) waiting?.resolve(received.value);
    else waiting?.reject(readFailure(received.error));
  }

  /** Nothing comes any more: what waits for an answer is told why. */
  end(reason: Error): void {
    this.#over = reason;
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }

  async #run(name: string, number: number, args: readonly unknown[]): Promise<void> {
    let answer: Message;
    try {
      const procedure = this.#procedures[name] as ((...args: readonly unknown[]) => unknown) | undefined;
      if (procedure === undefined) throw new TypeError(`the other process cannot ${name}`);
      answer = { done: number, value: await procedure(...args) };
    } catch (error) {
      answer = { failed: number, error: writeFailure(error) };
    }
    if (this.#over === undefined) this.#post(answer);
  }
}
