import { type Logger, pino } from "pino";
import type { Transcript } from "./transcript.ts";

/** Something that was logged as an error. */
export interface Failure {
  readonly message: string;
  readonly error: unknown;
}

const ERROR = 50;

/** The log of a process, which goes to the transcript; errors are told of besides. */
export function transcriptLog(
  transcript: Transcript,
  isOver: () => boolean,
  onFailure: (failure: Failure) => void,
): Logger {
  return pino({
    level: "warn",
    hooks: {
      logMethod: (args, _method, level) => {
        if (isOver()) return;
        const [first, second] = args as unknown[];
        const error = typeof first === "object" && first !== null && "err" in first ? first.err : undefined;
        const message = String(typeof first === "string" ? first : second);
        const why =
          error === undefined
            ? ""
            : `: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
        transcript.note(`${message}${why}`);
        if (level >= ERROR) onFailure({ message, error });
      },
    },
  });
}
