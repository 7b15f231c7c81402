import { type JsonLimits, refuseDepth, refuseValues } from "./json-limits.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * @internal Refuses text whose JSON would be too deep or hold too much, before any of it is made: the parser takes ten
 * times as long for what is nested deeply. What is no JSON is left to the parser.
 *
 * @throws JsonStanzaError
 */
export function scanJson(text: string, limits: JsonLimits): void {
  // Everything nested, and every value, takes a character.
  if (text.length <= limits.depth && text.length <= limits.values) return;
  let depth = 0;
  let values = 0;
  let isEmpty = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code <= 0x20) continue;
    if (code === OPEN_LIST || code === OPEN_OBJECT) {
      if (isEmpty) values += 1;
      depth += 1;
      if (depth > limits.depth) refuseDepth(limits);
      isEmpty = true;
      continue;
    }
    if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth -= 1;
    else if (isEmpty || code === COMMA) values += 1;
    isEmpty = false;
    if (values > limits.values) refuseValues(limits);
    if (code === QUOTE) {
      index = endOfString(text, index);
      if (index === -1) return;
    }
  }
}

/** Where the closing quote is; -1 where there is none. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let before = end;
    while (text.charCodeAt(before - 1) === BACKSLASH) before -= 1;
    if ((end - before) % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return -1;
}
