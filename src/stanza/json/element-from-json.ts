import { attributeRecord, Element, type Node } from "../element.ts";
import { expectList, expectObject, expectText, refuse } from "./expect.ts";
import type { ListProp, Prop, Scalar, Shape } from "./shape.ts";
import type { JsonObject, JsonValue } from "./types.ts";

/** @internal What a shape makes of an object of JSON: attributes, and children in the order of the shape. */
export interface Content {
  readonly attrs: Record<string, string>;
  readonly children: Node[];
}

/**
 * @internal Reads the keys that a shape knows; `null` stands for a missing one, and other keys are not looked at.
 *
 * @param path what to put before a key in an error: empty, or ending in a dot.
 * @throws JsonStanzaError when a value is not of the type that its key wants.
 */
export function contentFromJson(json: JsonObject, shape: Shape, ns: string, path: string): Content {
  const content: Content = { attrs: attributeRecord(), children: [] };
  for (const index of known(json, shape)) {
    const prop = shape.props[index] as Prop;
    const value = json[prop.key];
    if (value !== undefined && value !== null) read(content, prop, value, ns, path);
  }
  return content;
}

/** The keys of an object that a shape knows, in its order: there are far fewer than it has. */
function known(json: JsonObject, shape: Shape): number[] {
  const found: number[] = [];
  let last = -1;
  let ordered = true;
  for (const key in json) {
    const index = shape.keys.get(key);
    if (index === undefined) continue;
    if (index < last) ordered = false;
    last = index;
    found.push(index);
  }
  return ordered ? found : found.sort((a, b) => a - b);
}

function read(content: Content, prop: Prop, value: JsonValue, parentNs: string, path: string): void {
  const { attrs, children } = content;
  const at = `${path}${prop.key}`;
  switch (prop.where) {
    case "attribute":
      attrs[prop.name] = scalar(prop.type, value, at);
      return;
    case "text":
      pushText(children, expectText(value, at));
      return;
    case "text-child":
      children.push(textElement(prop.name, prop.ns ?? parentNs, scalar(prop.type, value, at)));
      return;
    case "attribute-child": {
      const own = attributeRecord();
      own[prop.attribute] = expectText(value, at);
      children.push(new Element(prop.name, prop.ns, own, []));
      return;
    }
    case "flag":
      if (typeof value !== "boolean") refuse(at, "true or false", value);
      if (value) children.push(textElement(prop.name, prop.ns ?? parentNs, ""));
      return;
    case "choice":
      if (typeof value !== "string" || !prop.names.includes(value)) {
        refuse(at, `one of ${prop.names.join(", ")}`, value);
      }
      children.push(textElement(value, prop.ns ?? parentNs, ""));
      return;
    case "object":
      children.push(objectElement(prop.name, prop.ns ?? parentNs, prop.shape(), value, at));
      return;
    case "list":
      readList(children, prop, value, parentNs, at);
  }
}

function readList(children: Node[], prop: ListProp, value: JsonValue, parentNs: string, path: string): void {
  const { wrapper } = prop;
  const around = wrapper?.ns ?? parentNs;
  const items = expectList(value, path).map((item, index) => {
    const at = `${path}[${index}]`;
    const ns = prop.ns ?? around;
    return prop.shape === undefined
      ? textElement(prop.name, ns, expectText(item, at))
      : objectElement(prop.name, ns, prop.shape(), item, at);
  });
  if (wrapper === undefined) children.push(...items);
  else children.push(new Element(wrapper.name, around, attributeRecord(), items));
}

function objectElement(name: string, ns: string, shape: Shape, value: JsonValue, path: string): Element {
  const { attrs, children } = contentFromJson(expectObject(value, path), shape, ns, `${path}.`);
  return new Element(name, ns, attrs, children);
}

/** @internal An element with nothing but text. */
export function textElement(name: string, ns: string, text: string): Element {
  return new Element(name, ns, attributeRecord(), text === "" ? [] : [text]);
}

function pushText(children: Node[], text: string): void {
  if (text !== "") children.push(text);
}

function scalar(type: Scalar, value: JsonValue, path: string): string {
  if (type === "string") return expectText(value, path);
  if (type === "boolean") {
    if (typeof value !== "boolean") refuse(path, "true or false", value);
    return value ? "1" : "0";
  }
  // A fraction where a whole number belongs is the sender's own fault, and stands in the XML as well.
  if (typeof value !== "number" || !Number.isFinite(value)) refuse(path, "a number", value);
  return String(value);
}
