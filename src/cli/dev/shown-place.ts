import { readFileSync } from "node:fs";
import { relative } from "node:path";
import type { SourcePlace } from "../../server/index.ts";
import { printable } from "../output.ts";

/** A place for an editor to open, with the lines around it. */
export function shownPlace({ file, line, column }: SourcePlace): string {
  const head = `  at ${relative(process.cwd(), file)}:${line}:${column}`;
  const lines = readLines(file);
  const from = Math.max(1, line - 1);
  const shown = lines.slice(from - 1, line + 1).map((text, index) => {
    const number = from + index;
    const cut = text.length > WIDEST ? `${text.slice(0, WIDEST)}…` : text;
    return `  ${number === line ? ">" : " "} ${String(number).padStart(4)} | ${printable(cut)}`.trimEnd();
  });
  return [head, ...shown].join("\n");
}

const WIDEST = 100;

/** The file may have been saved anew or be gone. */
function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return [];
  }
}
