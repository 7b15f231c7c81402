import type { Message, Presence, StanzaError } from "../../stanza/index.ts";
import type { TestbedError } from "./error.ts";
import type { Received } from "./received.ts";

/** What came back while something that a person sent was handled, oldest first. That a bot types is not among it. */
export class Replies implements Iterable<Received> {
  /** What was sent. */
  readonly sent: Message | Presence;
  readonly all: readonly Received[];
  readonly #fail: (what: string) => TestbedError;

  /** @internal */
  constructor(sent: Message | Presence, all: readonly Received[], fail: (what: string) => TestbedError) {
    this.sent = sent;
    this.all = all;
    this.#fail = fail;
  }

  get length(): number {
    return this.all.length;
  }

  /** The words of each reply that has any. */
  get bodies(): readonly string[] {
    return this.all.flatMap(({ body, error }) => (body === undefined || error ? [] : [body]));
  }

  /**
   * The words of the last reply that has any.
   *
   * @throws TestbedError when there is none.
   */
  get body(): string {
    const body = this.bodies.at(-1);
    if (body !== undefined) return body;
    const error = this.error;
    throw this.#fail(
      error
        ? `there was no reply with words, but the error ${error.condition}${error.text === undefined ? "" : ` (${error.text})`}`
        : "there was no reply with words: no handler took it, or the one that did returned nothing",
    );
  }

  /** The last reply. @throws TestbedError when there is none. */
  get last(): Received {
    const last = this.all.at(-1);
    if (last === undefined) throw this.#fail("there was no reply");
    return last;
  }

  /** The error that came back, if one did. */
  get error(): StanzaError | undefined {
    return this.all.find(({ error }) => error)?.error;
  }

  /**
   * Expects these replies and no others.
   *
   * @param expected of each the whole words, or a pattern that they match; nothing, where silence is expected.
   * @throws TestbedError when it was otherwise, with the transcript.
   */
  expect(...expected: readonly (string | RegExp)[]): this {
    const { bodies } = this;
    const isRight = (words: string | RegExp, index: number): boolean =>
      typeof words === "string" ? bodies[index] === words : words.test(bodies[index] ?? "");
    const others = this.all.length - bodies.length;
    if (expected.length === bodies.length && expected.every(isRight) && (bodies.length > 0 || others === 0))
      return this;
    throw this.#fail(`the replies should have been ${listed(expected)}, and were ${listed(bodies, others)}`);
  }

  [Symbol.iterator](): Iterator<Received> {
    return this.all[Symbol.iterator]();
  }
}

function listed(words: readonly (string | RegExp)[], others = 0): string {
  const shown = words.map((each) => (typeof each === "string" ? JSON.stringify(each) : String(each)));
  if (others > 0) shown.push(`${others} without words`);
  return shown.join(", ") || "none";
}
