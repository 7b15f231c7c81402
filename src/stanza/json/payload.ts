import type { LossLog } from "./loss-log.ts";
import { formatGeneral, isLuaInteger, LUA_DIGITS } from "./lua-number.ts";
import { isJsonObject, type JsonDraft, type JsonObject, type JsonValue } from "./types.ts";

/** As deep as a tree of XML may be; a list within lists walks no deeper than its elements. */
const DEEPEST = 1000;

/**
 * @internal The key `payload`, whose text mod_rest takes for JSON. Without it, or with the `<json/>` element that XEP-0432
 * really wants, mod_rest makes nothing of the whole stanza.
 */
export function openPayload(payload: JsonDraft, log: LossLog): void {
  const data = parsed(payload["data"]);
  const same = data === undefined ? undefined : survives(data, 0);
  if (data === undefined || same === undefined) {
    log.add("payload-json", "payload");
    return;
  }
  payload["data"] = data;
  if (!same) log.add("payload-numbers", "payload");
}

function parsed(text: JsonValue | undefined): JsonValue | undefined {
  try {
    return typeof text === "string" ? (JSON.parse(text) as JsonValue) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether Lua writes a value as it read it; `undefined` where it is too deep to tell. */
function survives(value: JsonValue, depth: number): boolean | undefined {
  if (depth > DEEPEST) return undefined;
  if (typeof value === "number") {
    return isLuaInteger(value) || Number(formatGeneral(value, LUA_DIGITS)) === value;
  }
  if (Array.isArray(value)) return all(value, depth);
  if (!isJsonObject(value)) return true;
  const inside = all(Object.values(value) as JsonValue[], depth);
  return inside && !Object.hasOwn(value, "__array") && !Object.hasOwn(value, "__hash");
}

function all(values: readonly JsonValue[], depth: number): boolean | undefined {
  let result = true;
  for (const value of values) {
    const one = survives(value, depth + 1);
    if (one === undefined) return undefined;
    result &&= one;
  }
  return result;
}

/** @internal The text of a payload, with its data as JSON again. */
export function closePayload(payload: JsonObject): JsonObject {
  const { data } = payload;
  return data === undefined ? payload : { ...payload, data: JSON.stringify(data) };
}
