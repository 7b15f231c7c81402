import { availableParallelism, cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { type Spread, showRatio } from "./stats.ts";

/** What a benchmark has found out. */
export interface Finding {
  readonly what: string;
  readonly ratio: Spread;
  /** What the median should be: at least this, or at most, where more is worse. */
  readonly aim?: { readonly least: number } | { readonly most: number };
}

/** Writes a table of findings, each with its aim and whether it is met. */
export function printFindings(findings: readonly Finding[]): void {
  printTable(
    ["", "ratio", "aim", ""],
    findings.map(({ what, ratio, aim }) => [what, showRatio(ratio), ...showAim(ratio.median, aim)]),
  );
}

function showAim(median: number, aim: Finding["aim"]): [string, string] {
  if (aim === undefined) return ["", ""];
  if ("least" in aim) return [`≥ ${aim.least.toFixed(2)}`, median >= aim.least ? "met" : "missed"];
  return [`≤ ${aim.most.toFixed(2)}`, median <= aim.most ? "met" : "missed"];
}

/** Writes a line. */
export function print(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** Writes a table, the first column to the left, the others to the right. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ");
  print(line(head));
  for (const row of rows) print(line(row));
}

/** The machine, so that numbers are not read without it. */
export function machine(): string {
  const load = loadavg().map((value) => value.toFixed(1));
  return `${cpus()[0]?.model ?? "unknown CPU"}, ${availableParallelism()} CPUs, load ${load.join(" ")}, Node ${process.version}`;
}

/**
 * Options of the command line, each with its default.
 *
 * @throws Error when one of them is no whole number from 1 up.
 */
export function numbers<Name extends string>(defaults: Readonly<Record<Name, number>>): Record<Name, number> {
  const names = Object.keys(defaults) as Name[];
  const { values } = parseArgs({
    options: Object.fromEntries(names.map((name) => [name, { type: "string" as const }])),
    strict: false,
  });
  const given: Record<Name, number> = { ...defaults };
  for (const name of names) {
    const text = values[name];
    if (text === undefined) continue;
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1)
      throw new Error(`--${name} takes a whole number from 1 up, not ${text}`);
    given[name] = value;
  }
  return given;
}

/**
 * An option of the command line that takes one of several words.
 *
 * @throws Error when it is another one.
 */
export function choice<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
  const { values } = parseArgs({ options: { [name]: { type: "string" } }, strict: false });
  const given = values[name];
  if (given === undefined) return undefined;
  const word = words.find((each) => each === given);
  if (word === undefined) throw new Error(`--${name} takes one of ${words.join(", ")}, not ${given}`);
  return word;
}
