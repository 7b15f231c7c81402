import { dirname, sep } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url)) + sep;

/** Something did not go as the test has it; the message ends with the conversation as a transcript. Its stack begins with the test's own line. */
export class TestbedError extends Error {
  override name = "TestbedError";

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    const [, ...frames] = (this.stack ?? "").slice(`${this.name}: ${message}`.length).split("\n");
    const outside = frames.filter((frame) => !frame.includes(HERE) && !frame.includes("(node:internal"));
    this.stack = [`${this.name}: ${message}`, ...outside].join("\n");
  }
}
