import type { Stanza } from "../to-stanza.ts";
import { stanzaOf } from "./from-json.ts";
import { JsonStanzaError } from "./json-error.ts";
import { type JsonLimits, jsonLimits } from "./json-limits.ts";
import { luaNumber } from "./lua-number.ts";
import { SCHEMA } from "./schema.ts";
import { sourceText } from "./source.ts";
import { type JsonDraft, strangersRecord } from "./types.ts";

/**
 * Reads one stanza of `application/x-www-form-urlencoded`, in which mod_rest sends those keys of its JSON whose value is a
 * text, a number or `true`; everything else is gone.
 *
 * @param input text, or bytes.
 * @param limits `bytes` and `values`; default {@link DEFAULT_JSON_LIMITS}.
 * @throws {@link JsonStanzaError} when it is no form, has a key twice, is no stanza, or is over a limit.
 * @throws RangeError when a limit is no limit.
 * @example
 * ```ts
 * import { readForm } from "restanza/stanza";
 *
 * const stanza = readForm("kind=message&type=chat&from=juliet%40example.com&body=Hi+there");
 * ```
 */
export function readForm(input: string | Uint8Array, limits?: Partial<JsonLimits>): Stanza {
  const all = jsonLimits(limits);
  const text = sourceText(input, all);
  const pairs = text === "" ? [] : text.split("&", Math.min(all.values + 1, 2 ** 32 - 1));
  if (pairs.length > all.values) {
    throw new JsonStanzaError(
      "",
      `it holds more than ${all.values} keys; send fewer, or raise the limit values`,
    );
  }
  const form = strangersRecord();
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    if (equals === -1) throw new JsonStanzaError("", 'a part of the form has no "="; write key=value');
    const key = decode(pair.slice(0, equals), "");
    if (key in form) throw new JsonStanzaError(key, "the form has this key twice; send it once");
    form[key] = decode(pair.slice(equals + 1), key);
  }
  return stanzaOf(typed(form));
}

function decode(text: string, path: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch (cause) {
    throw new JsonStanzaError(path, "it is not percent-encoded UTF-8", { cause });
  }
}

/** Gives each text the type that its key wants, as far as a form can carry it. */
function typed(form: JsonDraft): JsonDraft {
  const json: JsonDraft = strangersRecord();
  for (const key in form) {
    const text = form[key] as string;
    const number = numbers.has(key) ? luaNumber(text) : undefined;
    json[key] = number ?? (text === "" && flags.has(key) ? true : text);
  }
  return json;
}

const props = Object.values(SCHEMA).flatMap((shape) => shape.props);
const numbers = new Set(
  props.filter((prop) => prop.where === "text-child" && prop.type !== "string").map((prop) => prop.key),
);
// A query without a node is written like a flag.
const flags = new Set([
  "disco",
  "items",
  ...props.filter((prop) => prop.where === "flag").map((prop) => prop.key),
]);
