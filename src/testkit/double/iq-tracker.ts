import type { Element } from "../../stanza/index.ts";
import { type Clock, SYSTEM_CLOCK } from "../../store/index.ts";
import { eventOf } from "./addresses.ts";
import { RestError, type RestErrorName } from "./rest-error.ts";

/** How many requests one module waits for; the oldest gives way. */
const CAPACITY = 256;

interface Pending {
  readonly from: string;
  readonly to: string;
  readonly resolve: (answer: Element) => void;
  readonly reject: (error: RestError) => void;
  readonly stopTimer: () => void;
}

/** Requests (IQ get and set) that went out over HTTP and wait for their answer. */
export class IqTracker {
  readonly #pending = new Map<string, Pending>();
  readonly #clock: Clock;

  /** @param clock what its timeouts go by. Default: the real time. */
  constructor(clock: Clock = SYSTEM_CLOCK) {
    this.#clock = clock;
  }

  /**
   * Waits for the answer to a request.
   *
   * @param timeout in seconds.
   * @throws RestError `iqConflict` when one with that id is in flight. As in Prosody, that one is then forgotten: its
   *   request hangs.
   */
  wait(stanza: Element, timeout: number): { answer: Promise<Element>; resolve: (answer: Element) => void } {
    const from = stanza.attr("from") ?? "";
    const key = keyOf(from, stanza.attr("id"));
    const earlier = this.#pending.get(key);
    if (earlier !== undefined) {
      earlier.stopTimer();
      this.#pending.delete(key);
      throw new RestError("iqConflict");
    }
    this.#makeRoom();
    const { promise, resolve, reject } = Promise.withResolvers<Element>();
    const stopTimer = this.#clock.after(timeout * 1000, () => this.#end(key, "iqTimeout"));
    this.#pending.set(key, { from, to: stanza.attr("to") ?? "", resolve, reject, stopTimer });
    return {
      answer: promise.finally(() => {
        stopTimer();
        this.#pending.delete(key);
      }),
      resolve,
    };
  }

  /** Takes an answer that was routed here; returns false when nobody waits for it. */
  take(stanza: Element): boolean {
    const type = stanza.attr("type");
    if (stanza.name !== "iq" || (type !== "result" && type !== "error")) return false;
    const to = stanza.attr("to") ?? "";
    const pending = this.#pending.get(keyOf(to, stanza.attr("id")));
    if (pending === undefined || pending.to !== stanza.attr("from") || pending.from !== to) return false;
    pending.resolve(stanza);
    return true;
  }

  stop(): void {
    for (const { stopTimer } of this.#pending.values()) stopTimer();
    this.#pending.clear();
  }

  #makeRoom(): void {
    const [oldest] = this.#pending.keys();
    if (this.#pending.size >= CAPACITY && oldest !== undefined) this.#end(oldest, "iqEvicted");
  }

  #end(key: string, reason: RestErrorName): void {
    this.#pending.get(key)?.reject(new RestError(reason));
    this.#pending.delete(key);
  }
}

function keyOf(from: string, id: string | undefined): string {
  return `${eventOf(from)}/${id ?? ""}`;
}
