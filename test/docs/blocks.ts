import { globSync, readFileSync } from "node:fs";

/** A piece of TypeScript that stands in the documentation. */
export interface Block {
  /** The file it stands in, from the root of the repository. */
  readonly file: string;
  /** The line of its first line, from 1. */
  readonly line: number;
  readonly code: string;
}

/** The comments and pages that hold examples. */
const SOURCES = ["src/**/*.ts", "README.md", "docs/**/*.md"];

/** Every example of the documentation but those marked `nocheck`. */
export function documentationBlocks(root: string): Block[] {
  return globSync(SOURCES, { cwd: root })
    .sort()
    .flatMap((file) => codeBlocks(file, readFileSync(`${root}/${file}`, "utf8")));
}

/**
 * The blocks between ` ```ts ` and ` ``` ` in a page, or in the TSDoc comments of a module.
 *
 * @throws Error when a block has no end.
 */
export function codeBlocks(file: string, text: string): Block[] {
  const blocks: Block[] = [];
  const prefix = file.endsWith(".md") ? /^\s*/ : /^\s*\* ?/;
  let open:
    | { readonly line: number; readonly indent: string; readonly lines: string[]; readonly info: string }
    | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const content = line.replace(file.endsWith(".md") ? "" : prefix, "");
    if (open === undefined) {
      const fence = /^(\s*)```(\w.*)$/.exec(content);
      if (fence) open = { line: index + 2, indent: fence[1] as string, lines: [], info: fence[2] as string };
    } else if (content.trim() === "```") {
      if (/^ts\s*$/.test(open.info)) blocks.push({ file, line: open.line, code: open.lines.join("\n") });
      open = undefined;
    } else open.lines.push(content.startsWith(open.indent) ? content.slice(open.indent.length) : content);
  }
  if (open !== undefined) throw new Error(`${file}:${open.line}: the block has no end`);
  return blocks;
}
