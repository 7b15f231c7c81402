import { type Element, Message } from "../../stanza/index.ts";
import type { Clock } from "../../store/index.ts";
import { buildCorrection } from "../../xep/index.ts";
import type { Draft } from "../answering.ts";
import { correctionIdOf } from "../messages/correction-id.ts";
import { splitText } from "./split.ts";

/** What a {@link GrowingMessage} takes. */
export interface GrowingMessageOptions {
  readonly draft: Draft;
  /** The id of a message from before whose place it takes from its first words on. */
  readonly replaces?: string | undefined;
  /** Makes a message to the person or the room. */
  readonly make: (body: string, ...content: Element[]) => Message;
  /** Whether it is shown before it is complete. */
  readonly shows: Promise<boolean>;
  /** In milliseconds. */
  readonly interval: number;
  readonly clock: Clock;
  /** Fires when nothing can be said any more. */
  readonly signal: AbortSignal;
}

/** A message that is sent as soon as there are some words, and corrected every now and then until it is complete. */
export class GrowingMessage {
  readonly #options: GrowingMessageOptions;
  #text = "";
  #shown = "";
  #shows = false;
  /** Whether the first words have gone. */
  #begun = false;
  #over = false;
  #sending: Promise<void> | undefined;
  #stopTimer: (() => void) | undefined;

  constructor(options: GrowingMessageOptions) {
    this.#options = options;
    void options.shows.then((shows) => {
      this.#shows = shows;
      this.#next();
    });
    options.signal.addEventListener("abort", () => this.#stop(), { once: true });
  }

  /** Takes what there is so far. */
  show(text: string): void {
    this.#text = text;
    this.#next();
  }

  /** Sends what stays. */
  async end(text: string): Promise<void> {
    this.#stop();
    await this.#sending;
    if (this.#begun && text === this.#shown) return;
    const { draft } = this.#options;
    if (!this.#begun && (await draft.begin(this.#first(text)))) return;
    // Where an earlier run has sent something, the last of it may be no more than the first words.
    if (this.#begun || (await this.#options.shows)) await draft.end(this.#correction(text));
  }

  #stop(): void {
    this.#over = true;
    this.#stopTimer?.();
  }

  /** From now on nobody knows what is shown, until it is complete. */
  #stopShowing(): void {
    this.#stop();
    this.#shown = "";
  }

  #next(): void {
    if (this.#over || !this.#shows || this.#sending !== undefined || this.#stopTimer !== undefined) return;
    const [words = ""] = splitText(this.#text);
    if (words.trim() === "" || words === this.#shown) return;
    this.#shown = words;
    this.#stopTimer = this.#options.clock.after(this.#options.interval, () => {
      this.#stopTimer = undefined;
      this.#next();
    });
    this.#sending = this.#send(words)
      // The last words are tried all the same, and their failure is told.
      .catch(() => this.#stopShowing())
      .finally(() => {
        this.#sending = undefined;
        this.#next();
      });
  }

  async #send(words: string): Promise<void> {
    const { draft } = this.#options;
    if (this.#begun) return await draft.correct(this.#correction(words));
    const isNews = await draft.begin(this.#first(words));
    this.#begun = true;
    // What an earlier run has said may be further than this.
    if (!isNews) this.#stopShowing();
  }

  #first(words: string): Message {
    const { draft, make, replaces } = this.#options;
    const content = replaces === undefined ? [] : [buildCorrection(replaces)];
    return new Message(make(words, ...content).element.withAttrs({ id: draft.id }));
  }

  #correction(words: string): Message {
    const { draft, make, replaces } = this.#options;
    // What corrects a correction names the first of all (XEP-0308 §5).
    const first = replaces ?? draft.id;
    const { element } = make(words, buildCorrection(first));
    return new Message(element.withAttrs({ id: correctionIdOf(first) }));
  }
}
