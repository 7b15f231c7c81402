import { createInterface } from "node:readline";
import { styleText } from "node:util";

/** A terminal in which somebody types while something else writes; or a pipe, with nobody to prompt. */
export class Terminal {
  /** Whether somebody sits there. */
  readonly interactive: boolean = process.stdin.isTTY === true && process.stdout.isTTY === true;
  #prompting: { readonly prompt: (keepCursor: boolean) => void } | undefined;

  /** Writes whole lines, above what is being typed. */
  write(text: string): void {
    if (this.#prompting) process.stdout.write("\r\x1b[K");
    process.stdout.write(text);
    this.#prompting?.prompt(true);
  }

  /**
   * What is typed, a line each.
   *
   * @param prompt what stands before the next line.
   */
  async *lines(prompt: () => string): AsyncGenerator<string, void> {
    const reader = createInterface({
      input: process.stdin,
      ...(this.interactive ? { output: process.stdout } : {}),
    });
    const show = (keepCursor: boolean): void => {
      reader.setPrompt(styleText("bold", prompt()));
      reader.prompt(keepCursor);
    };
    if (this.interactive) {
      this.#prompting = { prompt: show };
      show(false);
    }
    try {
      for await (const line of reader) {
        yield line;
        if (this.interactive) show(false);
      }
    } finally {
      this.#prompting = undefined;
      reader.close();
    }
  }
}
