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

  /** Takes a message of the other process. What is none is passed over: bots, and libraries, may say `process.send("ready")` too. */
  receive(message: unknown): void {
    if (!isMessage(message)) return;
    if ("call" in message) return void this.#run(message.call, message.number, message.args);
    const number = "done" in message ? message.done : message.failed;
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    if ("done" in message) waiting?.resolve(message.value);
    else waiting?.reject(failureOf(message.error));
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
      if (!Object.hasOwn(this.#procedures, name)) throw new TypeError(`the other process cannot ${name}`);
      const procedure = this.#procedures[name] as (...args: readonly unknown[]) => unknown;
      answer = { done: number, value: await procedure(...args) };
    } catch (error) {
      answer = { failed: number, error: writeFailure(error) };
    }
    if (this.#over === undefined) this.#post(answer);
  }
}

function isMessage(message: unknown): message is Message {
  if (typeof message !== "object" || message === null) return false;
  const { call, number, args, done, failed } = message as Record<string, unknown>;
  if (call !== undefined)
    return typeof call === "string" && typeof number === "number" && Array.isArray(args);
  return typeof done === "number" || typeof failed === "number";
}

function failureOf(written: WrittenFailure): Error {
  try {
    return readFailure(written);
  } catch (error) {
    return new TypeError("the other process has failed, and what it tells of that makes no sense", {
      cause: error,
    });
  }
}
