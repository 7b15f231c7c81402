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
  if (Array.isArray(value)) return value.map((inner: JsonValue) => asLuaWrites(inner, mark));
  if (!isJsonObject(value)) return value;
  const copy = strangersRecord();
  for (const key of Object.keys(value)) {
    if (key === "__array" || key === "__hash") mark.changed = true;
    copy[key] = asLuaWrites(value[key] as JsonValue, mark);
  }
  return copy;
}

/** @internal The text of a payload, with its data as JSON again. */
export function closePayload(payload: JsonObject): JsonObject {
  const { data } = payload;
  return data === undefined ? payload : { ...payload, data: JSON.stringify(data) };
}
