import { attributeRecord, Element } from "../element.ts";
import { textElement } from "./element-from-json.ts";
import { expectList, expectObject, expectText } from "./expect.ts";
import { NS_DATA } from "./schema-common.ts";
import { type JsonDraft, type JsonObject, type JsonValue, strangersRecord } from "./types.ts";

/** @internal The short form of a data form: field names and their values. What it leaves out is for the caller to note. */
export function formToMap(form: Element): JsonDraft {
  const map = strangersRecord();
  for (const field of form.childrenNamed("field", NS_DATA)) {
    const name = field.attr("var");
    if (name !== undefined) map[name] = fieldValue(field);
  }
  return map;
}

function fieldValue(field: Element): JsonValue {
  const values = field
    .childrenNamed("value", NS_DATA)
    .filter((value) => value.elements.length === 0)
    .map((value) => value.text);
  switch (field.attr("type")) {
    case "list-single":
    case "list-multi":
    case undefined:
      return values;
    case "text-multi":
      return values.join("\n");
    case "boolean":
      return values[0] === "1" || values[0] === "true";
    default:
      return values[0] ?? null;
  }
}

/**
 * @internal A data form from field names and values. mod_rest writes neither the type of the form nor the values that
 * are `true` or `false`; here they are written.
 */
export function formFromMap(
  value: JsonValue,
  path: string,
  type: "submit" | "result",
  formType?: string,
): Element {
  const map = expectObject(value, path);
  const fields: Element[] = [];
  if (formType !== undefined) fields.push(field("FORM_TYPE", "hidden", [formType]));
  for (const name of Object.keys(map)) {
    const at = `${path}[${JSON.stringify(name)}]`;
    fields.push(readField(expectText(name, at), map, at));
  }
  const attrs = attributeRecord();
  attrs["type"] = type;
  return new Element("x", NS_DATA, attrs, fields);
}

function readField(name: string, map: JsonObject, path: string): Element {
  const value = map[name];
  if (value === null || value === undefined) return field(name, undefined, []);
  if (typeof value === "boolean") return field(name, "boolean", [value ? "1" : "0"]);
  if (typeof value === "string") return field(name, undefined, [expectText(value, path)]);
  const texts = expectList(value, path).map((one, index) => expectText(one, `${path}[${index}]`));
  return field(name, undefined, texts);
}

function field(name: string, type: string | undefined, values: readonly string[]): Element {
  const attrs = attributeRecord();
  attrs["var"] = name;
  if (type !== undefined) attrs["type"] = type;
  return new Element(
    "field",
    NS_DATA,
    attrs,
    values.map((value) => textElement("value", NS_DATA, value)),
  );
}
