import { relative, resolve, sep } from "node:path";
import { z } from "zod";
import { placeInBots } from "./source-place.ts";

/** An error in a line for the operator. */
function whatIsWrong(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error).replaceAll(/\s*\n\s*/g, " ");
  return error instanceof Error ? error.message : String(error);
}

/** Why a bot cannot be set up, in a line; of its configuration by the names that the settings have in the configuration of restanza. */
export function whatKeepsFromSetup(error: unknown, bot: string): string {
  if (!(error instanceof z.ZodError)) return `cannot be set up: ${whatIsWrong(error)}`;
  const wrong = error.issues.map(
    ({ path, message }) => `${z.core.toDotPath(["bots", bot, ...path])}: ${message}`,
  );
  return `cannot be set up: its configuration does not fit: ${wrong.join("; ")}`;
}

/**
 * What made a bot fail to load or to start, and where in the bots that is, in a line.
 *
 * @param folder the folder of the bots; files are called from there.
 */
export function whatIsWrongInBots(error: unknown, folder: string): string {
  let source = error;
  while (source instanceof Error && source.cause instanceof Error) source = source.cause;
  const root = resolve(folder);
  const words = whatIsWrong(source)
    .replaceAll(`${root}${sep}`, "")
    .replace(/\?restanza-generation=\d+/g, "")
    .replaceAll(/\s*\n\s*/g, " ");
  if (!(source instanceof Error)) return words;
  const place = placeInBots(`${source.message}\n${source.stack}`, root);
  if (place === undefined) return words;
  const where = `${relative(root, place.file)}:${place.line}:${place.column}`;
  return words.includes(where) ? words : `${words} (${where})`;
}
