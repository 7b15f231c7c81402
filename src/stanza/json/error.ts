import { Element } from "../element.ts";
import { NC_NAME } from "../names.ts";
import { NS_CLIENT, NS_STANZAS } from "../namespaces.ts";
import { attributesFromJson, attributesToJson } from "./dataform.ts";
import { textElement } from "./element-from-json.ts";
import { expectObject, optionalText } from "./expect.ts";
import { JsonStanzaError } from "./json-error.ts";
import type { LossLog } from "./loss-log.ts";
import { loseAttributes, loseChildren, textOf } from "./scalars.ts";
import type { JsonDraft, JsonValue } from "./types.ts";

const conditionName = new RegExp(`^${NC_NAME}$`, "u");

/** @internal The `<error/>` of RFC 6120 §8.3; an empty object where there is none. */
export function errorToJson(stanza: Element, log: LossLog): JsonDraft {
  const json: JsonDraft = {};
  const error = stanza.child("error", NS_CLIENT);
  if (error === undefined) return json;
  const outer = log.mark;
  attributesToJson(json, error, ["type", "by"], log);
  for (const child of error.children) {
    const mark = log.mark;
    if (typeof child === "string") {
      log.add("stray-text", "text()");
      continue;
    }
    if (child.ns !== NS_STANZAS) log.add("error-condition");
    else if (child.name === "text" && json["text"] === undefined) {
      loseAttributes(child, log);
      const text = textOf(child, log);
      if (text !== undefined) json["text"] = text;
    } else if (json["condition"] === undefined) {
      loseAttributes(child, log);
      loseChildren(child, log);
      json["condition"] = child.name;
    } else log.add("repeated");
    log.inside(mark, error, child);
  }
  if (json["condition"] === undefined) {
    json["condition"] = "undefined-condition";
    log.add("error-condition");
  }
  log.inside(outer, stanza, error);
  return json;
}

/** @internal The `<error/>`, or nothing where JSON tells of none. */
export function errorFromJson(value: JsonValue, path: string): Element | undefined {
  const json = expectObject(value, path);
  const at = `${path}.`;
  const condition = optionalText(json, "condition", at);
  const text = optionalText(json, "text", at);
  const attrs = attributesFromJson(json, ["type", "by"], at);
  if (condition === undefined && text === undefined && Object.keys(attrs).length === 0) return undefined;
  const name = condition ?? "undefined-condition";
  if (!conditionName.test(name)) {
    throw new JsonStanzaError(`${at}condition`, "it is no name of XML; give a condition of RFC 6120 §8.3.3");
  }
  const children = [textElement(name, NS_STANZAS, "")];
  if (text !== undefined) children.push(textElement("text", NS_STANZAS, text));
  return new Element("error", NS_CLIENT, attrs, children);
}
