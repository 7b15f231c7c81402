/** Writes a line for whoever reads the result, be it a program. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes a line for the person at the terminal alone. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Tells what went wrong; the command ends with status 1. */
export function complain(line: string): void {
  note(line);
  process.exitCode = 1;
}

/**
 * A text from the network as it may stand in a terminal: control characters, which could rewrite the screen, and marks that
 * turn the direction of writing are spelt out. Line breaks stay.
 */
export function printable(text: string): string {
  return text.replace(
    /(?!\n)[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

/** JSON in which everything stands spelt out that {@link printable} would spell out. */
export function jsonText(value: object, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(
    /[\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A word as a shell takes it. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A moment, to the second, in UTC. */
export function moment(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}

/** How long ago something was. */
export function ago(milliseconds: number, now: number = Date.now()): string {
  const seconds = Math.max(0, Math.floor((now - milliseconds) / 1000));
  if (seconds < 120) return `${seconds} s ago`;
  if (seconds < 2 * 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} days ago`;
}

/** A number of bytes for people. */
export function size(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  let value = bytes;
  for (; value >= 1024 && unit < units.length - 1; unit += 1) value /= 1024;
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** A number of things. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** Rows as columns of even width, the last as wide as it is. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  return rows
    .map((row) => row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))))
    .map((cells) => cells.join("  ").trimEnd())
    .join("\n");
}
