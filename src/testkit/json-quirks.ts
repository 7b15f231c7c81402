import type { Element } from "../stanza/element.ts";
import { Jid } from "../stanza/jid.ts";
import { expandArchive, IMPLIED_KINDS, kindOfType, luaTruthy } from "../stanza/json/kind.ts";
import { formatGeneral, isLuaInteger, LUA_DIGITS, luaNumber } from "../stanza/json/lua-number.ts";
import { luaTable } from "../stanza/json/payload.ts";
import { SCHEMA } from "../stanza/json/schema.ts";
import type { ChildProp, Prop, Scalar, Shape } from "../stanza/json/shape.ts";
import { isJsonObject, type JsonObject } from "../stanza/json/types.ts";
import { NS_CLIENT, NS_STANZAS } from "../stanza/namespaces.ts";
import { isTable, LuaStanza, ModRestCrash, member } from "./json-quirks-lua.ts";
import { specials } from "./json-quirks-specials.ts";

export { ModRestCrash } from "./json-quirks-lua.ts";

/** What mod_rest answers with HTTP 400: JSON that it takes for no stanza at all. */
export class ModRestRefusal extends Error {
  override name = "ModRestRefusal";
}

/**
 * Reads JSON into a stanza as mod_rest itself does, with all its defects (`docs/JSON.md` lists them): further fields of
 * a form end up inside the first, numbers where a text belongs vanish, and so on. Recorded pairs hold it to Prosody
 * 13.0.1 and 13.0.7. Only where Lua itself is at random, in the order of children, the order here is fixed.
 *
 * @param json what `JSON.parse` made of the body.
 * @returns the stanza before mod_rest sets its `from`, its `id` and, in a reply, its `to`.
 * @throws ModRestRefusal where mod_rest answers 400, or ignores a reply.
 * @throws ModRestCrash where its Lua code fails: HTTP 500, or a reply that nobody gets.
 * @example
 * ```ts
 * import { readAsModRest } from "restanza/testkit";
 *
 * const form = { fields: [{ var: "a", value: "1" }, { var: "b", value: "2" }] };
 * const element = readAsModRest({ kind: "message", dataform: form });
 * element.child("x", "jabber:x:data")?.elements.length; // 1: the second field is in the first
 * ```
 */
export function readAsModRest(json: unknown): Element {
  if (!isJsonObject(json) || Object.keys(json).length === 0) {
    throw new ModRestRefusal("mod_rest takes a JSON object with at least one key for a stanza");
  }
  let type = string(json["type"]);
  if (type === undefined && (luaTruthy(json["command"]) || luaTruthy(json["archive"]))) type = "set";
  const kind =
    string(json["kind"]) ??
    kindOfType(type) ??
    Object.entries(IMPLIED_KINDS).find(([key]) => luaTruthy(json[key]))?.[1];
  if (kind === "presence" && type === "available") type = undefined;
  else if (kind === "iq") type ??= "get";
  const shape = schemaOf(kind ?? "message");
  if (shape === undefined) throw new ModRestRefusal(`mod_rest knows no stanza ${JSON.stringify(kind)}`);

  const t = prepared(json, kind, type);
  const s = new LuaStanza(kind ?? "message", { xmlns: NS_CLIENT });
  unparse(shape, t, s, NS_CLIENT);
  const to = string(t["to"]);
  const from = string(t["from"]);
  s.set("type", type);
  s.set("to", to === undefined ? undefined : prep(to));
  s.set("from", to === undefined || from === undefined ? undefined : prep(from));

  if (isTable(t["error"])) return errorReply(s, type, t["error"]).toElement(NS_CLIENT);
  if (type === "error") {
    const code = t["error_code"];
    s.textTag("error", t["body"], { code: luaTruthy(code) ? String(code) : undefined });
    return s.toElement(NS_CLIENT);
  }
  for (const [key, value] of Object.entries(t)) {
    const special = Object.hasOwn(specials, key) ? specials[key] : undefined;
    if (special === undefined || value === undefined) continue;
    s.addChild(special(value)).up();
  }
  return s.toElement(NS_CLIENT);
}

function schemaOf(kind: string): Shape | undefined {
  return Object.hasOwn(SCHEMA, kind) ? SCHEMA[kind as keyof typeof SCHEMA] : undefined;
}

function string(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function prep(jid: string): string | undefined {
  try {
    return Jid.parse(jid).toString();
  } catch {
    return undefined;
  }
}

/** The conveniences for those who write JSON by hand. */
function prepared(json: JsonObject, kind: string | undefined, type: string | undefined): JsonObject {
  const t: Record<string, unknown> = { ...json };
  const { archive, payload, upload_request: request } = json;
  if (kind === "iq" && type === "set" && isJsonObject(archive))
    t["archive"] = expandArchive(archive, luaNumber);
  if (isTable(payload)) t["payload"] = { ...(payload as object), data: luaJson(member(payload, "data")) };
  if (isJsonObject(request) && typeof request["size"] === "string") {
    t["upload_request"] = { ...request, size: luaNumber(request["size"]) };
  }
  if (kind === "presence" && json["join"] === true && json["muc"] === undefined) t["muc"] = {};
  return t as JsonObject;
}

function luaJson(value: unknown): string {
  if (typeof value === "number")
    return isLuaInteger(value) ? String(value) : formatGeneral(value, LUA_DIGITS);
  const table = isJsonObject(value) ? luaTable(value) : value;
  if (Array.isArray(table)) return `[${table.map(luaJson).join(",")}]`;
  if (!isJsonObject(table)) return JSON.stringify(table ?? null);
  return `{${Object.entries(table).map(([key, inner]) => `${JSON.stringify(key)}:${luaJson(inner)}`)}}`;
}

function errorReply(s: LuaStanza, type: string | undefined, error: unknown): LuaStanza {
  const replyType = s.name === "iq" ? "result" : type;
  if (replyType === "error") throw new ModRestCrash("an error must not be replied to");
  const t = new LuaStanza(s.name, {});
  for (const name of ["to", "from", "id"]) t.set(name, s.attrs[name]);
  t.set("type", "error");
  const by = string(member(error, "by"));
  t.tag("error", { type: string(member(error, "type")), by: by === s.attrs["from"] ? undefined : by });
  t.tag(string(member(error, "condition")), { xmlns: NS_STANZAS }).up();
  const text = string(member(error, "text"));
  if (text !== undefined) t.textTag("text", text, { xmlns: NS_STANZAS });
  return t.up();
}

function unparse(shape: Shape, t: unknown, out: LuaStanza, ns: string | undefined): void {
  for (const prop of shape.props) {
    const value = member(t, prop.key);
    if (value !== undefined) unparseProp(prop, value, out, ns);
  }
}

function unparseProp(prop: Prop, value: unknown, out: LuaStanza, ns: string | undefined): void {
  switch (prop.where) {
    case "attribute":
      out.set(prop.name, xmlString(prop.type, value));
      return;
    case "text":
      out.text(xmlString("string", value));
      return;
    case "attribute-child":
      out.tag(prop.name, { ...xmlns(prop), [prop.attribute]: xmlString("string", value) }).up();
      return;
    case "text-child":
      out.textTag(prop.name, xmlString(prop.type, value), xmlns(prop));
      return;
    case "flag":
      if (value === true) out.tag(prop.name, xmlns(prop)).up();
      return;
    case "choice":
      if (typeof value === "string") out.tag(value, xmlns(prop)).up();
      return;
    case "object":
      unparseItem(prop.name, prop.ns, prop.shape, value, out);
      return;
    case "list":
      unparseList(prop, value, out, ns);
  }
}

function unparseList(
  prop: ChildProp & { where: "list" },
  value: unknown,
  out: LuaStanza,
  ns: string | undefined,
): void {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  const { wrapper } = prop;
  if (wrapper !== undefined) {
    const inside = new LuaStanza(wrapper.name, { xmlns: wrapper.ns ?? ns });
    for (const item of items) unparseItem(prop.name, prop.ns, prop.shape, item, inside);
    out.addDirectChild(inside);
  } else if (!isTable(value)) out.textTag(prop.key, undefined, {});
  else for (const item of items) unparseItem(prop.name, prop.ns, prop.shape, item, out);
}

function unparseItem(
  name: string,
  ns: string | undefined,
  shape: (() => Shape) | undefined,
  value: unknown,
  out: LuaStanza,
): void {
  const text = shape === undefined ? xmlString("string", value) : undefined;
  if (shape === undefined || !isTable(value)) {
    out.textTag(name, text, { xmlns: ns });
    return;
  }
  const child = new LuaStanza(name, { xmlns: ns });
  unparse(shape(), value, child, ns);
  out.addDirectChild(child);
}

function xmlns(prop: { readonly ns: string | undefined }): Record<string, string | undefined> {
  return { xmlns: prop.ns };
}

function xmlString(type: Scalar, value: unknown): string | undefined {
  if (type === "boolean") return luaTruthy(value) ? "1" : "0";
  if (type === "string") return string(value);
  if (typeof value !== "number") return undefined;
  if (type === "number") return formatGeneral(value, 6);
  if (!isLuaInteger(value)) throw new ModRestCrash("a number has no integer representation");
  return String(BigInt(value));
}
