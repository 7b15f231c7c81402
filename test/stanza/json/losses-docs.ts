import { LOSSES, type LossEntry } from "../../../src/stanza/index.ts";

/** The page that holds the table of losses. */
export const JSON_DOCS = new URL("../../../docs/JSON.md", import.meta.url);

const begin = "<!-- losses: written by test/stanza/json/write-docs.ts -->";
const end = "<!-- end of losses -->";

/** The page with the table in it as it is now. */
export function withLosses(page: string): string {
  const [before, rest] = cut(page, begin);
  const [, after] = cut(rest, end);
  return `${before}${begin}\n\n${table()}\n\n${end}${after}`;
}

function cut(text: string, mark: string): [before: string, after: string] {
  const index = text.indexOf(mark);
  if (index === -1) throw new Error(`docs/JSON.md has lost its mark ${mark}`);
  return [text.slice(0, index), text.slice(index + mark.length)];
}

function table(): string {
  return [
    "### From Prosody to you",
    section("to-json"),
    "### From you to Prosody",
    "Of what restanza sends, `stanzaToJson` reports these in `lost`, and the stanza then goes out as XML.",
    section("to-xml"),
  ].join("\n\n");
}

function section(direction: LossEntry["direction"]): string {
  const entries = Object.entries(LOSSES).filter(([, entry]) => entry.direction === direction);
  const rows = entries.map(
    ([id, { what, effect }]) =>
      `| \`${id}\` | ${what} | ${effect === "part" ? "this part" : "**the whole stanza**"} |`,
  );
  return [
    ["| | What happens | What is lost |", "|---|---|---|", ...rows].join("\n"),
    ...entries.map(([id, entry]) => example(id, entry)),
  ].join("\n\n");
}

function example(id: string, { direction, xml, json, read }: LossEntry): string {
  const blocks = [`#### ${id}`];
  if (direction === "to-json") {
    blocks.push(
      block("xml", xml),
      ...(json === undefined ? ["is no JSON at all."] : ["becomes", jsonBlock(json)]),
    );
  } else {
    if (json !== undefined) blocks.push(jsonBlock(json));
    blocks.push(...(read === undefined ? ["makes mod_rest fail."] : ["is read as", block("xml", read)]));
    if (xml !== undefined) blocks.push("where this was meant:", block("xml", xml));
  }
  return blocks.join("\n\n");
}

function jsonBlock(json: unknown): string {
  return block("json", JSON.stringify(json));
}

function block(language: string, text = ""): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
