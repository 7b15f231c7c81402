import { sep } from "node:path";
import { styleText } from "node:util";
import type { DestinationStream } from "pino";
import { placeInBots } from "../../server/index.ts";
import { printable } from "../output.ts";
import { shownPlace } from "./shown-place.ts";

/** What pino writes of an entry, as far as a person wants to read it. */
interface Entry {
  readonly level: number;
  readonly msg?: string;
  /** What it is about: a bot by its name or its address, all of them, a room. */
  readonly bot?: string;
  readonly bots?: readonly string[];
  readonly room?: string;
  readonly err?: { readonly type?: string; readonly message?: string; readonly stack?: string };
}

const ERROR = 50;
const WARN = 40;

/**
 * The log for somebody who writes bots: what happened in a line, then the error, and the place in the bots that it comes from
 * instead of a stack through the framework.
 *
 * @param folder the folder of the bots.
 * @param write takes whole lines.
 */
export function devLog(folder: string, write: (text: string) => void): DestinationStream {
  return { write: (line) => write(entryText(JSON.parse(line) as Entry, folder)) };
}

/** One entry of the log, as whole lines. */
export function entryText(entry: Entry, folder: string): string {
  const { level, msg = "", err, bots = [] } = entry;
  const mark =
    level >= ERROR
      ? styleText("red", "✗")
      : level >= WARN
        ? styleText("yellow", "!")
        : styleText("green", "✓");
  const lines = [`${mark} ${printable(`${msg}${about(entry)}`)}`];
  if (bots.length > 0) lines.push(indented(printable(bots.join(" "))));
  if (err !== undefined) lines.push(...errorLines(err, folder));
  return `${lines.join("\n")}\n`;
}

/** What the words do not name themselves. */
function about({ msg = "", bot, room }: Entry): string {
  const unnamed = [bot, room].filter((name) => name !== undefined && !msg.includes(name.replace(/@.*/, "")));
  return unnamed.length === 0 ? "" : ` (${unnamed.join(", ")})`;
}

function errorLines({ type, message = "", stack = "" }: NonNullable<Entry["err"]>, folder: string): string[] {
  const name = type === undefined || type === "BotLoadError" ? "" : `${type}: `;
  const words = indented(printable(`${name}${fromHere(once(message))}`));
  const place = placeInBots(`${message}\n${stack}`, folder);
  if (place !== undefined) return [words, shownPlace(place)];
  // Nothing of the bots is to blame, so the whole way there may tell what is.
  const frames = stack.slice(Math.max(0, stack.indexOf("\n    at ")));
  return frames === "" ? [words] : [words, printable(frames.replace(/^\n/, ""))];
}

function indented(text: string): string {
  return text.replace(/^/gm, "  ");
}

/** The log repeats what the cause says, also where the message has said that. */
function once(message: string): string {
  for (let at = message.indexOf(": "); at !== -1; at = message.indexOf(": ", at + 1)) {
    if (message.slice(0, at).endsWith(message.slice(at + 2))) return message.slice(0, at);
  }
  return message;
}

/** Files as they are called from where the person is, and without what marks a bot that was loaded anew. */
function fromHere(text: string): string {
  return text.replaceAll(`${process.cwd()}${sep}`, "").replace(/\?restanza-generation=\d+/g, "");
}
