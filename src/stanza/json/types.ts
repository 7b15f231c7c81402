/** What JSON can hold. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** An object of JSON. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

/** A stanza in the JSON of mod_rest: besides `kind`, the keys of its schema. */
export interface JsonStanza extends JsonObject {
  readonly kind: "message" | "presence" | "iq";
}

/** @internal An object of JSON while it is being made. */
export type JsonDraft = Record<string, JsonValue>;

/** @internal Whether a value is an object of JSON: no list, no `null`. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @internal An object whose keys come from strangers: without a prototype, `__proto__` is a key like any other. */
export function strangersRecord(): JsonDraft {
  return Object.create(null) as JsonDraft;
}
