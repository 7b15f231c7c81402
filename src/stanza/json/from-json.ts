import { Element, type Node } from "../element.ts";
import { IQ_TYPES, Iq } from "../iq.ts";
import { Message } from "../message.ts";
import { NS_CLIENT } from "../namespaces.ts";
import { PRESENCE_TYPES, Presence } from "../presence.ts";
import type { Stanza } from "../to-stanza.ts";
import { contentFromJson } from "./element-from-json.ts";
import { errorFromJson } from "./error.ts";
import { expectParts, optionalText, refuse } from "./expect.ts";
import { formFromMap } from "./formdata.ts";
import { JsonStanzaError } from "./json-error.ts";
import { checkDepth, type JsonLimits, jsonLimits } from "./json-limits.ts";
import { expandArchive, IMPLIED_KINDS, kindOfType, luaTruthy } from "./kind.ts";
import { luaNumber } from "./lua-number.ts";
import { oobUrlIsKnown } from "./oob.ts";
import { closePayload } from "./payload.ts";
import { SCHEMA } from "./schema.ts";
import { SPECIALS } from "./specials.ts";
import { isJsonObject, type JsonObject } from "./types.ts";

/**
 * Reads the JSON of mod_rest, such as the body of a callback, into a stanza: the inverse of {@link stanzaToJson} as far
 * as JSON tells. What mod_rest itself would mangle (`docs/JSON.md`) is read as it was meant.
 *
 * Keys that are not known are not looked at, so that a newer mod_rest may add some; `null` stands for a missing key. An
 * IQ whose payload JSON did not carry has none: answer it with `service-unavailable`.
 *
 * @param json what `JSON.parse` made of it; {@link readJson} takes text and bytes.
 * @param limits `depth` and `values`; default {@link DEFAULT_JSON_LIMITS}.
 * @throws {@link JsonStanzaError} naming the place where a value is of a wrong type, or holds what XML cannot carry.
 * @example
 * ```ts
 * import { jsonToStanza } from "restanza/stanza";
 *
 * const stanza = jsonToStanza({ kind: "message", type: "chat", from: "juliet@example.com", body: "Hi" });
 * if (stanza.kind === "message") stanza.body; // "Hi"
 * ```
 */
export function jsonToStanza(json: unknown, limits?: Partial<JsonLimits>): Stanza {
  checkDepth(json, jsonLimits(limits));
  return stanzaOf(json);
}

/** @internal {@link jsonToStanza} of what is within the limits already. */
export function stanzaOf(json: unknown): Stanza {
  if (!isJsonObject(json)) refuse("", "an object", json);
  const type = optionalText(json, "type", "");
  const kind = kindOf(json, type);
  const { attrs, children } = contentFromJson(normalised(json, kind, type), SCHEMA[kind], NS_CLIENT, "");
  specialsFromJson(children, json, kind, type);
  const { error } = json;
  if (error !== undefined && error !== null) {
    const element = errorFromJson(error, "error");
    if (element !== undefined) children.push(element);
    attrs["type"] = "error";
  }
  const element = (): Element => new Element(kind, NS_CLIENT, attrs, children);
  switch (kind) {
    case "message":
      return new Message(element());
    case "presence":
      if (attrs["type"] === "available") delete attrs["type"];
      else if (attrs["type"] !== undefined) expectType(attrs["type"], PRESENCE_TYPES);
      return new Presence(element());
    case "iq":
      attrs["type"] ??= impliedIqType(json);
      expectType(attrs["type"], IQ_TYPES);
      if (attrs["id"] === undefined)
        throw new JsonStanzaError("id", "an iq must have an id (RFC 6120 §8.2.3)");
      return new Iq(element());
  }
}

function kindOf(json: JsonObject, type: string | undefined): "message" | "presence" | "iq" {
  const { kind } = json;
  if (kind === "message" || kind === "presence" || kind === "iq") return kind;
  if (kind !== undefined && kind !== null) refuse("kind", '"message", "presence" or "iq"', kind);
  const byType = kindOfType(type);
  if (byType !== undefined) return byType;
  const implied = new Set(
    Object.keys(IMPLIED_KINDS)
      .filter((key) => luaTruthy(json[key]))
      .map((key) => IMPLIED_KINDS[key]),
  );
  const [first] = implied;
  if (implied.size !== 1 || first === undefined) {
    throw new JsonStanzaError(
      "kind",
      'nothing tells the kind of the stanza; give "message", "presence" or "iq"',
    );
  }
  return first;
}

function expectType(type: string, known: readonly string[]): void {
  if (!known.includes(type)) throw new JsonStanzaError("type", `it must be one of ${known.join(", ")}`);
}

function impliedIqType(json: JsonObject): "get" | "set" {
  return luaTruthy(json["command"]) || luaTruthy(json["archive"]) ? "set" : "get";
}

/** Short forms that people write by hand become what mod_rest itself would write. */
function normalised(json: JsonObject, kind: string, type: string | undefined): JsonObject {
  const { payload, archive, join, muc, upload_request: request } = json;
  const changes: Record<string, JsonObject[string]> = {};
  let changed = false;
  if (isJsonObject(payload) && type !== "error") {
    changes["payload"] = closePayload(payload);
    changed = true;
  }
  if (kind === "iq" && isJsonObject(archive) && (type === "set" || type === undefined)) {
    if (typeof archive["ids"] === "string") expectParts(archive["ids"], ",", "archive.ids");
    changes["archive"] = expandArchive(archive, luaNumber);
    changed = true;
  }
  // As the query of a URL has it, where everything is text.
  if (isJsonObject(request) && typeof request["size"] === "string") {
    changes["upload_request"] = { ...request, size: luaNumber(request["size"]) ?? request["size"] };
    changed = true;
  }
  if (kind === "presence" && join === true && muc === undefined) {
    changes["muc"] = {};
    changed = true;
  }
  return changed ? { ...json, ...changes } : json;
}

function specialsFromJson(
  children: Node[],
  json: JsonObject,
  kind: "message" | "presence" | "iq",
  type: string | undefined,
): void {
  for (const special of SPECIALS) {
    const value = json[special.key];
    if (value === undefined || value === null) continue;
    if (special.key === "oob_url" && kind === "message" && oobUrlIsKnown(json)) continue;
    children.push(special.fromJson(value, special.key));
  }
  const { formdata } = json;
  if (formdata !== undefined && formdata !== null) {
    children.push(formFromMap(formdata, "formdata", type === "result" ? "result" : "submit"));
  }
}
