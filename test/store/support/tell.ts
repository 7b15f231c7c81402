import { writeSync } from "node:fs";

/** Tells whoever started this process, at once, as it may be killed the next moment; waits while they are too busy to listen. */
export function tell(line: string): void {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}
