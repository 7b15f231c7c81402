/** Thrown when JSON is no stanza, or not one that may be taken. The message says what was wrong, where, and what to do. */
export class JsonStanzaError extends Error {
  override name = "JsonStanzaError";
  /** Where: `reactions.reactions[1]`; empty for the whole. */
  readonly path: string;

  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(
      path === "" ? `the JSON is refused: ${problem}` : `the JSON is refused at ${path}: ${problem}`,
      options,
    );
    this.path = path;
  }
}
