/** How far the bots of a mount have come together: they are loaded, at work, or ending. */
export class Course {
  readonly #ending = new AbortController();
  #life: string | undefined;
  #hasBegun = false;

  /** Of restanza, on all its nodes: what names it, while the bots are at work. */
  get life(): string | undefined {
    return this.#life;
  }

  /** Whether they have been let begin. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Whether nothing is set up or begun any more. */
  get isEnding(): boolean {
    return this.#ending.signal.aborted;
  }

  /** Fires when nothing is set up or begun any more. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  begin(life: string): void {
    this.#life = life;
    this.#hasBegun = true;
  }

  end(): void {
    this.#life = undefined;
    this.#ending.abort();
  }
}
