import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import { connectionError } from "./connection-failure.ts";
import type { RestConnectionError } from "./errors.ts";

/** A whole HTTP response. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** How an {@link Exchange} is held. */
export interface ExchangeOptions {
  readonly maxBytes: number;
  /** From the beginning of the answer to its end, in milliseconds. */
  readonly bodyTimeout: number;
  readonly signal: AbortSignal | undefined;
  /**
   * Whether an abort leaves a request alone that is on the wire already, and only stops waiting for it. Prosody goes on
   * with an IQ whatever happens to the connection; as long as it does, the connection is not free for another.
   */
  readonly letRun: boolean;
}

/**
 * One request and its answer, as undici's dispatch tells it: bounded in size and time, stopped by a signal at every
 * stage, and knowing whether anything has been written, on which it hangs whether a stanza may have been delivered.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  /** The answer; rejects with a {@link RestConnectionError} or the reason of the signal. */
  readonly answer: Promise<HttpAnswer>;
  readonly #options: ExchangeOptions;
  readonly #resolve: (answer: HttpAnswer) => void;
  readonly #reject: (reason: unknown) => void;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #controller: Dispatcher.DispatchController | undefined;
  #aborted = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    const answer = Promise.withResolvers<HttpAnswer>();
    this.answer = answer.promise;
    this.#resolve = answer.resolve;
    this.#reject = answer.reject;
    options.signal?.addEventListener("abort", this.#abort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Thrown, it ends the request alone; controller.abort() would take the connection along.
    if (this.#aborted) throw new Error("aborted");
    this.#controller = controller;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    this.#timer = setTimeout(() => {
      controller.abort(Object.assign(new Error("body timeout"), { code: "UND_ERR_BODY_TIMEOUT" }));
    }, this.#options.bodyTimeout);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#options.maxBytes) {
      const error = new Error("response too large");
      controller.abort(Object.assign(error, { code: "UND_ERR_RES_EXCEEDED_MAX_SIZE" }));
      return;
    }
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#finish();
    this.#resolve({ status: this.#status, headers: this.#headers, body: Buffer.concat(this.#chunks) });
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#finish();
    this.#reject(connectionError(error, this.#controller !== undefined));
  }

  readonly #abort = (): void => {
    this.#aborted = true;
    this.#reject(this.#options.signal?.reason);
    if (!this.#options.letRun) this.#controller?.abort(new Error("aborted"));
  };

  #finish(): void {
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener("abort", this.#abort);
  }
}
