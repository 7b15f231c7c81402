import { DEFAULT_XML_LIMITS } from "../limits.ts";
import { stripControls } from "../write.ts";
import { JsonStanzaError } from "./json-error.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "./types.ts";

/** @internal Refuses a value that is not what its key wants. */
export function refuse(path: string, wanted: string, value: unknown): never {
  throw new JsonStanzaError(path, `it must be ${wanted}, not ${kindOf(value)}`);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "number" || typeof value === "boolean" ? String(value) : `a ${typeof value}`;
}

/** @internal A text that XML can carry. */
export function expectText(value: unknown, path: string): string {
  if (typeof value !== "string") refuse(path, "a string", value);
  if (stripControls(value) !== value) {
    throw new JsonStanzaError(path, "it holds a character that XML 1.0 §2.2 does not allow; remove it");
  }
  return value;
}

/** @internal A text, or nothing where the key is missing or `null`. */
export function optionalText(json: JsonObject, key: string, path: string): string | undefined {
  const value = json[key];
  return value === undefined || value === null ? undefined : expectText(value, `${path}${key}`);
}

/** @internal An object. */
export function expectObject(value: unknown, path: string): JsonObject {
  return isJsonObject(value) ? value : refuse(path, "an object", value);
}

/** @internal A list; Lua writes an empty one as `{}`. */
export function expectList(value: unknown, path: string): readonly JsonValue[] {
  if (Array.isArray(value)) return value;
  if (isJsonObject(value) && Object.keys(value).length === 0) return [];
  return refuse(path, "a list", value);
}

/**
 * @internal The parts of a text that stands for many elements. An element has no more children than one that was read from XML.
 */
export function expectParts(text: string, separator: string, path: string): readonly string[] {
  const { children } = DEFAULT_XML_LIMITS;
  const parts = text.split(separator, children + 1);
  if (parts.length <= children) return parts;
  throw new JsonStanzaError(path, `it has more than ${children} parts; send fewer`);
}
