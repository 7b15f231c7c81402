import type { LossLog } from "./loss-log.ts";
import { formatGeneral, isLuaInteger, LUA_DIGITS } from "./lua-number.ts";
import { isJsonObject, type JsonDraft, type JsonObject, type JsonValue, strangersRecord } from "./types.ts";

/** As deep as a tree of XML may be; a list within lists walks no deeper than its elements. */
const DEEPEST = 1000;

/**
 * @internal The key `payload`, whose text mod_rest takes for JSON. Without it, or with the `<json/>` element that XEP-0432
 * really wants, mod_rest makes nothing of the whole stanza.
 */
export function openPayload(payload: JsonDraft, log: LossLog): void {
  const data = parsed(payload["data"]);
  if (data === undefined || isTooDeep(data, 1)) {
    log.add("payload-json", "payload");
    return;
  }
  const mark = { changed: false };
  payload["data"] = asLuaWrites(data, mark);
  if (mark.changed) log.add("payload-numbers", "payload");
}

function parsed(text: JsonValue | undefined): JsonValue | undefined {
  try {
    return typeof text === "string" ? (JSON.parse(text) as JsonValue) : undefined;
  } catch {
    return undefined;
  }
}

function isTooDeep(value: JsonValue, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return depth > DEEPEST || Object.values(value).some((inner) => isTooDeep(inner as JsonValue, depth + 1));
}

function asLuaWrites(value: JsonValue, mark: { changed: boolean }): JsonValue {
  if (typeof value === "number") {
    const written = isLuaInteger(value) ? value : Number(formatGeneral(value, LUA_DIGITS));
    if (written !== value || (Number.isInteger(value) && !Number.isSafeInteger(value))) mark.changed = true;
    return written;
  }
  const table = isJsonObject(value) ? luaTable(value) : value;
  if (table !== value) mark.changed = true;
  if (Array.isArray(table)) return table.map((inner: JsonValue) => asLuaWrites(inner, mark));
  if (!isJsonObject(table)) return table;
  const copy = strangersRecord();
  for (const key of Object.keys(table)) copy[key] = asLuaWrites(table[key] as JsonValue, mark);
  return copy;
}

/**
 * @internal What Prosody makes of an object: the items of `__array` and the pairs of `__hash` become its own, and where
 * nothing but items is left it is a list.
 */
export function luaTable(object: JsonObject): JsonObject | readonly JsonValue[] {
  const { __array: list, __hash: hash } = object;
  const stays = Array.isArray(list) && list.length > 0 && Object.keys(object).length > 1;
  if (hash === undefined && (list === undefined || stays)) return object;
  const table = strangersRecord();
  for (const key of Object.keys(object)) table[key] = object[key] as JsonValue;
  const { __array: items, __hash: pairs } = table;
  if (Array.isArray(pairs)) {
    delete table["__hash"];
    for (let index = 0; index + 1 < pairs.length; index += 2) {
      if (typeof pairs[index] === "string") table[pairs[index]] = pairs[index + 1];
    }
  }
  if (!Array.isArray(items)) return table;
  delete table["__array"];
  if (items.length > 0 && Object.keys(table).length === 0) return items;
  if (items.length > 0) table["__array"] = items;
  return table;
}

/** @internal The text of a payload, with its data as JSON again. */
export function closePayload(payload: JsonObject): JsonObject {
  const { data } = payload;
  return data === undefined ? payload : { ...payload, data: JSON.stringify(data) };
}
