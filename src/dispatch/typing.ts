import type { Message, Presence, Stanza } from "../stanza/index.ts";
import type { Clock } from "../store/index.ts";
import { type ChatState, readChatState } from "../xep/index.ts";
import { wantsChatStates } from "./manners.ts";

/** How long a handler may be silent that is begun when the callback is answered, before it is seen typing, in milliseconds. */
const UNTIL_TYPING = 500;
/** After how long without a word a handler that is still at work is seen typing again, in milliseconds. */
const TYPING_AGAIN = 3_000;
/** How often a client is told that the bot is still typing, in milliseconds: some take it back after a while. */
const STILL_TYPING = 30_000;

/** Shows the sender of a stanza that the bot is typing, while its handler is at work and nothing answers the callback any more. */
export class Typing {
  readonly #request: Stanza;
  readonly #clock: Clock;
  readonly #show: (state: ChatState) => void;
  #allowed = false;
  /** Whether the handler is still at work, so that more may come. */
  #working = true;
  /** Whether it is what the sender sees. */
  #seen = false;
  #stopTimer: (() => void) | undefined;

  constructor(request: Stanza, clock: Clock, show: (state: ChatState) => void) {
    this.#request = request;
    this.#clock = clock;
    this.#show = show;
  }

  /** Says that the callback is answered, so that chat states may be sent. */
  allow(): void {
    this.#allowed = true;
  }

  /** Shows it, as there is nothing to say yet: at once, or a little later where the handler has yet to begin. */
  begin(isEarly: boolean): void {
    if (isEarly) this.#showAfter(UNTIL_TYPING);
    else if (wantsChatStates(this.#request)) this.#show("composing");
  }

  /** Notes what has been sent, with which every client takes the bot for not typing any more. */
  sent(stanza: Message | Presence): void {
    const state = stanza.kind === "message" ? readChatState(stanza) : undefined;
    if (state !== undefined) this.#seen = state === "composing";
    this.#showAfter(state === "composing" ? STILL_TYPING : TYPING_AGAIN);
  }

  /** The handler is through, so nobody has to be shown that it is not. */
  rest(): void {
    this.#working = false;
    this.#stopTimer?.();
  }

  /** The handler is run once more. */
  resume(): void {
    this.#working = true;
  }

  /** Takes it back where it is still seen. */
  stop(): void {
    if (this.#seen) this.#show("active");
  }

  /** Leaves it as it is seen, as somebody else will go on. */
  forsake(): void {
    this.#seen = false;
  }

  /** Shows it once so much time has passed in which the bot said nothing. */
  #showAfter(milliseconds: number): void {
    this.#stopTimer?.();
    if (!this.#working || !this.#allowed || !wantsChatStates(this.#request)) return;
    this.#stopTimer = this.#clock.after(milliseconds, () => this.#show("composing"));
  }
}
