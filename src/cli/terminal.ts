import { createInterface, type Interface } from "node:readline";
import { styleText } from "node:util";

/** A terminal in which somebody types while something else writes; or a pipe, with nobody to prompt. */
export class Terminal {
  /** Whether somebody sits there. */
  readonly interactive: boolean = process.stdin.isTTY === true && process.stdout.isTTY === true;
  #prompting: { readonly reader: Interface; readonly show: (keepCursor: boolean) => void } | undefined;

  /** Writes whole lines, above what is being typed. */
  write(text: string): void {
    if (this.#prompting === undefined) {
      process.stdout.write(text);
      return;
    }
    const { reader, show } = this.#prompting;
    const { rows } = reader.getCursorPos();
    const up = rows > 0 ? `\x1b[${rows}A` : "";
    // What is typed may be longer than a line; showing it again goes up as many as the cursor was below its first.
    process.stdout.write(`${up}\r\x1b[J${text}${"\n".repeat(rows)}`);
    show(true);
  }

  /**
   * What is typed, a line each.
   *
   * @param prompt what stands before the next line.
   * @param completions what the tabulator may make of a line.
   */
  async *lines(
    prompt: () => string,
    completions: (line: string) => readonly string[] = () => [],
  ): AsyncGenerator<string, void> {
    const reader = createInterface({
      input: process.stdin,
      ...(this.interactive ? { output: process.stdout } : {}),
      completer: (line: string) => [completions(line).filter((each) => each.startsWith(line)), line],
    });
    const show = (keepCursor: boolean): void => {
      reader.setPrompt(styleText("bold", prompt()));
      reader.prompt(keepCursor);
    };
    if (this.interactive) {
      this.#prompting = { reader, show };
      reader.on("SIGINT", () => {
        // As in a shell: the first throws away what is typed.
        if (reader.line === "") reader.close();
        else reader.write(null, { ctrl: true, name: "e" });
        if (reader.line !== "") reader.write(null, { ctrl: true, name: "u" });
      });
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
      if (this.interactive) process.stdout.write("\n");
    }
  }
}
