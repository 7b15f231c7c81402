import { attributeRecord, Element } from "../element.ts";
import { textElement } from "./element-from-json.ts";
import { expectList, expectObject, expectParts, expectText, optionalText } from "./expect.ts";
import type { LossLog } from "./loss-log.ts";
import { childTextOf, loseAttributes, loseChildren, plainTextOf, putScalar } from "./scalars.ts";
import { NS_DATA } from "./schema-common.ts";
import type { Special } from "./special.ts";
import type { JsonDraft, JsonObject, JsonValue } from "./types.ts";

const lists: readonly (string | undefined)[] = ["list-single", "list-multi"];
const multiples: readonly (string | undefined)[] = ["jid-multi", "list-multi"];

/** @internal XEP-0004: a data form with everything that belongs to its fields. */
export const dataform: Special = {
  key: "dataform",
  name: "x",
  ns: NS_DATA,
  toJson(form, log) {
    const json: JsonDraft = {};
    attributesToJson(json, form, ["type"], log);
    const fields: JsonDraft[] = [];
    for (const child of form.children) {
      const mark = log.mark;
      if (typeof child === "string") log.add("stray-text", "text()");
      else if (child.is("field", NS_DATA)) {
        if (fields.length === 1) log.add("form-fields");
        fields.push(fieldToJson(child, log));
        log.inside(mark, form, child);
      } else loseUnlessFirst(form, child, ["title", "instructions"], log);
    }
    textsToJson(json, form, ["title", "instructions"], log);
    json["fields"] = fields;
    return json;
  },
  fromJson(value, path) {
    const json = expectObject(value, path);
    const at = `${path}.`;
    const children: Element[] = [];
    textsFromJson(children, json, ["title", "instructions"], at);
    const fields = json["fields"];
    if (fields !== undefined && fields !== null) {
      expectList(fields, `${at}fields`).forEach((field, index) => {
        children.push(fieldFromJson(field, `${at}fields[${index}]`));
      });
    }
    return new Element("x", NS_DATA, attributesFromJson(json, ["type"], at), children);
  },
};

function fieldToJson(field: Element, log: LossLog): JsonDraft {
  const json: JsonDraft = {};
  const type = field.attr("type");
  attributesToJson(json, field, ["var", "type", "label"], log);
  const values: string[] = [];
  const options: JsonDraft[] = [];
  for (const child of field.children) {
    if (typeof child === "string") log.add("stray-text", "text()");
    else if (child.is("value", NS_DATA)) {
      const text = plainTextOf(field, child, log);
      if (text !== undefined) values.push(text);
    } else if (child.is("option", NS_DATA)) {
      log.addChild("form-options", field, child);
      options.push(optionToJson(child, log));
    } else loseUnlessFirst(field, child, ["desc", "required"], log);
  }
  textsToJson(json, field, ["desc"], log);
  const required = field.child("required");
  if (required !== undefined) {
    json["required"] = true;
    const mark = log.mark;
    loseAttributes(required, log);
    loseChildren(required, log);
    log.inside(mark, field, required);
  }
  valuesToJson(json, type, field, values, log);
  if (lists.includes(type)) {
    json["options"] = options;
    if (type === "list-single" && values.length === 0) log.add("form-options");
  }
  return json;
}

function valuesToJson(
  json: JsonDraft,
  type: string | undefined,
  field: Element,
  values: readonly string[],
  log: LossLog,
): void {
  if (type === "text-multi") {
    json["value"] = values.join("\n");
    const [line] = values;
    if (values.length !== 1 || line === "" || line?.includes("\n")) log.add("form-lines");
  } else if (multiples.includes(type)) json["value"] = values;
  else {
    const first = field.child("value");
    if (first === undefined) return;
    const value = first.children.every((child) => typeof child === "string") ? first.text : undefined;
    if (value !== undefined) json["value"] = value;
    if (values.length > 1) log.add("form-values");
  }
}

function optionToJson(option: Element, log: LossLog): JsonDraft {
  const json: JsonDraft = {};
  attributesToJson(json, option, ["label"], log);
  textsToJson(json, option, ["value"], log);
  return json;
}

function fieldFromJson(value: JsonValue, path: string): Element {
  const json = expectObject(value, path);
  const at = `${path}.`;
  const children: Element[] = [];
  textsFromJson(children, json, ["desc"], at);
  if (json["required"] === true) children.push(textElement("required", NS_DATA, ""));
  for (const text of valuesFromJson(json, at)) children.push(textElement("value", NS_DATA, text));
  const options = json["options"];
  if (options !== undefined && options !== null) {
    expectList(options, `${at}options`).forEach((option, index) => {
      const inside = `${at}options[${index}]`;
      children.push(optionFromJson(expectObject(option, inside), `${inside}.`));
    });
  }
  return new Element("field", NS_DATA, attributesFromJson(json, ["var", "type", "label"], at), children);
}

function valuesFromJson(json: JsonObject, at: string): readonly string[] {
  const value = json["value"];
  if (value === undefined || value === null) return [];
  if (typeof value !== "string") {
    return expectList(value, `${at}value`).map((one, index) => expectText(one, `${at}value[${index}]`));
  }
  const text = expectText(value, `${at}value`);
  if (json["type"] !== "text-multi") return [text];
  return text === "" ? [] : expectParts(text, "\n", `${at}value`);
}

function optionFromJson(json: JsonObject, at: string): Element {
  const children: Element[] = [];
  textsFromJson(children, json, ["value"], at);
  return new Element("option", NS_DATA, attributesFromJson(json, ["label"], at), children);
}

/** @internal The attributes that JSON knows, and the loss of all others. */
export function attributesToJson(
  json: JsonDraft,
  element: Element,
  names: readonly string[],
  log: LossLog,
): void {
  for (const name in element.attrs) {
    if (names.includes(name)) putScalar(json, name, "string", element.attrs[name] as string, log, `@${name}`);
    else log.add("unknown-attribute", `@${name}`);
  }
}

/** @internal The attributes that JSON has a text for. */
export function attributesFromJson(
  json: JsonObject,
  names: readonly string[],
  at: string,
): Record<string, string> {
  const attrs = attributeRecord();
  for (const name of names) {
    const value = optionalText(json, name, at);
    if (value !== undefined) attrs[name] = value;
  }
  return attrs;
}

function textsToJson(json: JsonDraft, element: Element, names: readonly string[], log: LossLog): void {
  for (const name of names) {
    const text = childTextOf(element, name, log);
    if (text !== undefined) json[name] = text;
  }
}

function textsFromJson(children: Element[], json: JsonObject, names: readonly string[], at: string): void {
  for (const name of names) {
    const text = optionalText(json, name, at);
    if (text !== undefined) children.push(textElement(name, NS_DATA, text));
  }
}

function loseUnlessFirst(parent: Element, child: Element, names: readonly string[], log: LossLog): void {
  if (!names.includes(child.name) || child.ns !== parent.ns) log.addChild("unknown-payload", parent, child);
  else if (parent.child(child.name) !== child) log.addChild("repeated", parent, child);
}
