import { type DestinationStream, type Logger, pino } from "pino";
import pretty from "pino-pretty";
import type { CheckedConfig } from "./config.ts";

/**
 * The log: JSON, a line each, or words where somebody watches a terminal.
 *
 * @param stream where it goes; default: the standard output.
 */
export function createLog(level: CheckedConfig["logLevel"], stream?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    // Nothing here is logged on purpose; this catches what somebody logs without thinking.
    redact: {
      paths: [
        "authorization",
        "token",
        "secret",
        "password",
        "*.authorization",
        "*.token",
        "*.secret",
        "*.password",
      ],
      censor: "[redacted]",
    },
  };
  if (stream) return pino(options, stream);
  return process.stdout.isTTY
    ? pino(options, pretty({ translateTime: "SYS:HH:MM:ss", sync: true }))
    : pino(options);
}
