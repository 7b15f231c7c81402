import { resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** A line of somebody's own code. */
export interface SourcePlace {
  /** The absolute path. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/**
 * Finds where in the bots an error comes from: the innermost frame of its stack that is neither the framework's nor a package's.
 *
 * @param folder the folder of the bots.
 */
export function placeInBots(stack: string, folder: string): SourcePlace | undefined {
  const root = `${resolve(folder)}${sep}`;
  for (const [, where = "", line, column] of stack.matchAll(FRAME)) {
    const file = where.startsWith("file:") ? fileURLToPath(where) : where;
    if (!file.startsWith(root) || file.includes(`${sep}node_modules${sep}`)) continue;
    return { file, line: Number(line), column: Number(column) };
  }
  return undefined;
}

/** A frame, or what a compiler says in front of its complaint; a bot that was reloaded has a query behind its file. */
const FRAME = /((?:file:\/\/|\/|[A-Za-z]:\\)[^\s():?]+)(?:\?[^\s():]*)?:(\d+):(\d+)/g;
